"""GitHub's audit log."""

from __future__ import annotations

import io
import json

from vedette.events.schema import EventClass
from vedette.sources.github import GitHub
from vedette.testing.laws.source import read_all, tables

RECORDS = [json.loads(line) for line in GitHub.example().data.splitlines()]


def test_what_a_record_says() -> None:
    frame = tables(read_all(GitHub, io.BytesIO(json.dumps(RECORDS).encode())))[EventClass.API_ACTIVITY]
    first, second, third = frame.to_dicts()
    assert (first["actor.user.name"], first["api.operation"], first["src_endpoint.location.country"]) == (
        "ada",
        "repo.access",
        "BE",
    )
    assert json.loads(first["api.request.data"])["visibility"] == "public"
    assert first["time"].isoformat() == "2026-03-05T08:01:12.123000+00:00"
    assert (second["activity_id"], second["cloud.account.uid"]) == (1, "shop")
    assert third["actor.app_name"] == "OAuth access token"
