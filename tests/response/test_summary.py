from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.incidents.record import findings_batch, incidents_batch
from vedette.response.summary import LINE_LIMIT, NAMED, STORY_LINES, summaries, unlinked
from vedette.testing.events import random_events
from vedette.testing.incidents import some_incident
from vedette.testing.made import finding

TEXTS = {
    "see auth.log and cmd.exe": "see auth.log and cmd.exe",
    "https://bad.com/x?y=z.com": "hxxps://bad[.]com/x?y=z[.]com",
    "HTTP://BAD.COM": "hxxp://BAD[.]COM",
    "ftp://files.example.org": "fxp://files[.]example[.]org",
    "www.a-b.co.uk:8080": "www[.]a-b[.]co[.]uk:8080",
    "eve@bad.com": "eve@bad[.]com",
    "10.0.0.1 and 2.5 times": "10.0.0.1 and 2.5 times",
    "a\x00b\u202ec": "a\\x00b\\u202ec",
}


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_is_left_to_click_on(text: str) -> None:
    assert unlinked(text) == TEXTS[text]


def test_long_texts_are_cut_quickly() -> None:
    for text in ("a." * 500_000, "http://" * 100_000, "-" * 10**6, "a.com " * 10**5):
        assert len(unlinked(text)) <= LINE_LIMIT


def test_an_incident() -> None:
    (got,) = summaries(incidents_batch([some_incident()]))
    assert got.title == "Password guessing by 198.51.100.7"
    assert dict(got.facts) == {
        "Severity": "high",
        "Status": "new",
        "When": "22 November 2026, 12:00:00 to 12:01:00 UTC (1 min)",
        "Who": "198.51.100.7",
        "Against": "10.0.0.5",
        "Confidence": "90 %",
        "Risk": "0.80",
        "ATT&CK": "T1110.001 Password Guessing",
        "Id": "i1",
    }
    assert got.story == ("198.51.100.7 did T1110.001 to 10.0.0.5.",)
    assert got.steps == ("Look for a success after the failures.",)
    assert (got.severity_id, got.is_closed, got.reasons) == (4, False, ())


def test_a_finding_has_reasons_and_a_detector() -> None:
    (got,) = summaries(findings_batch([finding("203.0.113.7", "10.0.0.5", "T1046")]))
    assert got.reasons == ("1,024 ports in 12 s, where 3 is usual",)
    assert dict(got.facts)["Detector"] == "sees_T1046"


def test_all_is_bounded() -> None:
    crowd = " ".join(f"10.0.0.{n}" for n in range(20))
    huge = replace(
        some_incident(),
        title="x" * 9_999,
        story=tuple(f"line {n} " + "y" * 5_000 for n in range(99)),
        next_steps=("z" * 5_000,) * 99,
        targets=finding("10.0.0.1", crowd, "T1046").targets,
        techniques=tuple(f"T{n}" for n in range(1000, 1100)),
    )
    (got,) = summaries(incidents_batch([huge]))
    assert len(got.story) == STORY_LINES
    assert all(len(line) <= LINE_LIMIT for line in (*got.story, *got.steps))
    assert len(got.title) <= 200
    assert dict(got.facts)["Against"].endswith(f"10.0.0.{NAMED - 1} and 12 more")
    assert len(dict(got.facts)["ATT&CK"]) < 500


@pytest.mark.parametrize(
    "rest", ["{oops", "[1]", '{"reasons": 7, "next_steps": {"a": 1}}', '{"reasons": [1, {"text": 2}]}']
)
def test_what_is_no_such_object_says_nothing(rest: str) -> None:
    batch = incidents_batch([some_incident()])
    frame = batch.frame.with_columns(pl.Series("unmapped", [rest]))
    (got,) = summaries(EventBatch(batch.kind, frame))
    assert (got.steps, got.reasons) == ((), ())


def test_an_event_has_a_summary_too() -> None:
    got = summaries(random_events(EventClass.DNS_ACTIVITY, n=20))
    assert len(got) == 20
    assert not any(s.is_closed for s in got)
