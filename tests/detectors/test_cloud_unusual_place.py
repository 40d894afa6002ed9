"""New places, against a history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.detectors.made_cloud import START, call, calls

from vedette.detectors.cloud_unusual_place import CloudUnusualPlace
from vedette.testing.rows import hits_of

HOURS = 60
HOME = {
    "http_request__user_agent": "aws-sdk-go/1.44",
    "cloud__region": "eu-west-1",
    "src_endpoint__location__country": "BE",
}


def _made(*last: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [
        {**call("GetObject", who=w, **HOME), "time": START + timedelta(hours=h)}
        for h in range(HOURS)
        for w in ("bot", "web")
    ]
    return rows + [{**m, "time": START + timedelta(hours=HOURS + 1)} for m in last]


CASES: dict[str, tuple[dict[str, str], bool]] = {
    "as always": ({}, False),
    "another country": ({"src_endpoint__location__country": "KP"}, False),
    "another country and program": (
        {"src_endpoint__location__country": "KP", "http_request__user_agent": "python-requests/2"},
        True,
    ),
    "another region and network": ({"cloud__region": "ap-east-1", "src_endpoint__ip": "203.0.113.9"}, False),
    "everything": (
        {
            "src_endpoint__location__country": "KP",
            "http_request__user_agent": "curl/8",
            "cloud__region": "ap-east-1",
            "src_endpoint__ip": "203.0.113.9",
        },
        True,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_change_is_little(name: str) -> None:
    changed, found = CASES[name]
    hits = hits_of(CloudUnusualPlace, calls(_made(call("GetObject", who="bot", **(HOME | changed)))))
    assert bool(hits.height) is found


def test_the_sentence_names_what_changed() -> None:
    changed = HOME | {"src_endpoint__location__country": "KP", "http_request__user_agent": "curl/8"}
    (said,) = hits_of(CloudUnusualPlace, calls(_made(call("GetObject", who="bot", **changed))))["summary"]
    assert said == "bot worked from KP, with curl/0, as it never did."


def test_without_a_history_no_place_is_new() -> None:
    made = [call("GetObject", who=w, src_endpoint__location__country=c) for w in ("a", "b") for c in ("BE", "KP", "US")]
    assert hits_of(CloudUnusualPlace, calls(made)).height == 0
