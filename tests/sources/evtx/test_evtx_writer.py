"""What we write is read by the parser as we meant it."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from evtx import PyEvtxParser

from vedette.sources.evtx.evtx_writer import Written, evtx

TIME = datetime(2026, 3, 2, 8, 0, 1, 250_000, tzinfo=UTC)


def _events(data: bytes) -> list[dict[str, object]]:
    return [
        json.loads(r["data"])["Event"]
        for r in PyEvtxParser(io.BytesIO(data), validate_checksums=True).records_json()
        if r
    ]


def test_fields_and_system() -> None:
    fields = {"Image": "C:\\ä\\b.exe", "Empty": "", "Odd": '<&">'}
    [event] = _events(evtx([Written(TIME, "Prov", 7, "Chan", "host", fields)], first=90))
    assert event["EventData"] == {"Image": "C:\\ä\\b.exe", "Empty": None, "Odd": '<&">'} or event["EventData"] == fields
    system = event["System"]
    assert isinstance(system, dict)
    assert system["EventRecordID"] == "90"
    assert system["TimeCreated"]["#attributes"]["SystemTime"] == "2026-03-02T08:00:01.2500000Z"


def test_user_data() -> None:
    [event] = _events(evtx([Written(TIME, "P", 1102, "Security", "h", {"SubjectUserName": "ada"}, "LogFileCleared")]))
    assert event["UserData"] == {"LogFileCleared": {"SubjectUserName": "ada"}}


def test_too_much_for_a_chunk_is_refused() -> None:
    with pytest.raises(ValueError, match="more than a chunk"):
        evtx([Written(TIME, "P", 1, "C", "h", {"x": "y" * 40_000})])
