"""The figures of the page, from outcomes made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tools.evaluate_hosts import (
    Outcome,
    account,
    page_of_attacks,
    page_of_benign,
    page_of_otrf,
    run,
    source_of,
    tactics,
    views,
)
from tools.host_data import Recording

from vedette.sources.evtx import Evtx
from vedette.sources.evtx.evtx_writer import Written, evtx

CLEARED = ("log_cleared_windows", ["T1070.001"], True, False, 0.0)
DUMPED = ("command", ["T1003.001"], True, True, 30.0)


def _outcome(tactic: str = "", technique: str = "", *found: tuple[str, list[str], bool, bool, float]) -> Outcome:
    label = {"tactic": tactic, "technique": technique, "title": "t"}
    return Outcome(
        "a/b.jsonl",
        label,
        10,
        {"EVENT_LOG": 9},
        1,
        list(found),
        [("rule", ["T1003"], "high", 2)],
        [("HIGH", "x | y", ["command"])],
    )


def test_views_tell_who_found_what() -> None:
    got = views(_outcome("", "", CLEARED, DUMPED))
    assert got["any finding"] == {"T1070.001", "T1003.001"}
    assert got["learned"] == {"T1003.001"}
    assert got["without cleared logs"] == {"T1003.001"}
    assert got["sigma, high or critical"] == {"T1003"}
    assert "credential-access" in tactics(["T1003.001"])
    assert tactics(["T0000"]) == set()


def test_a_tactic_counts_where_a_technique_of_it_is_named() -> None:
    text = "\n".join(
        page_of_attacks(
            [_outcome("Credential Access", "", DUMPED), _outcome("Credential Access", "", CLEARED), _outcome("Tools")]
        )
    )
    assert "| Credential Access | 2 | 1 (50%) | 1 (50%) | 1 (50%) | 1 (50%) | 2 (100%) | 2 (100%) |" in text
    assert "3 recordings, 30 events; 2 lie in a folder" in text


def test_incidents_of_ordinary_days_are_counted_and_listed() -> None:
    text = "\n".join(page_of_benign([_outcome()]))
    assert "1 incidents (10000 per 100,000 events)" in text
    assert "x \\| y" in text
    assert account([_outcome()]) == "Of 10 records 9 were read, 1 are unreadable."


def test_a_technique_or_its_parent() -> None:
    text = "\n".join(page_of_otrf([_outcome("", "T1003.006,T0000", DUMPED), _outcome("", "T0000")]))
    assert "| any finding | 0 (0%) | 1 (100%) | 1 (100%) |" in text
    assert "median 30 s, in 1 recordings" in text


def test_a_recording_is_scanned_as_the_product_would() -> None:
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    events = [
        Written(start, "Microsoft-Windows-Sysmon", 5, "Sysmon", "ws7", {"Image": "C:\\a.exe", "ProcessId": "4"}),
        Written(
            start + timedelta(seconds=5),
            "Microsoft-Windows-Eventlog",
            1102,
            "Security",
            "ws7",
            {"SubjectUserName": "ada"},
            "LogFileCleared",
        ),
    ]
    data = evtx(events)
    assert source_of(data, "x.evtx") is Evtx
    outcome = run(Recording("x.evtx", {"tactic": "", "technique": "", "title": ""}, 2, data), {}, None)
    assert sum(outcome.rows.values()) == 2
    assert ("log_cleared_windows", ["T1070.001"], True, False, 5.0) in outcome.found
    assert len(outcome.incidents) == 1
