"""An event log file to batches."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

from vedette.events.schema import EventClass
from vedette.sources.evtx import Evtx
from vedette.sources.evtx.evtx_writer import Written, evtx

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_events_of_many_providers() -> None:
    events = [
        Written(
            START,
            "Microsoft-Windows-Sysmon",
            3,
            "Sysmon",
            "ws7",
            {"SourceIp": "192.0.2.1", "DestinationIp": "198.51.100.2", "Initiated": "true"},
        ),
        Written(
            START,
            "Microsoft-Windows-Security-Auditing",
            4624,
            "Security",
            "dc1",
            {"TargetUserName": "ada", "LogonType": "3", "IpAddress": "192.0.2.9"},
        ),
        Written(START + timedelta(1), "Shop", 5, "Application", "ws7", {"a": "b"}),
    ]
    got = {b.kind: b.frame for b in Evtx().read(io.BytesIO(evtx(events)))}
    assert got[EventClass.HOST_CONNECTION]["connection_info.direction_id"].to_list() == [2]
    logon = got[EventClass.AUTHENTICATION].row(0, named=True)
    assert (logon["user.name"], logon["is_remote"], logon["metadata.uid"], logon["device.hostname"]) == (
        "ada",
        True,
        "2",
        "dc1",
    )
    assert got[EventClass.EVENT_LOG]["unmapped.a"].to_list() == ["b"]


def test_a_record_without_a_time_is_a_reject() -> None:
    data = evtx([Written(START, "P", 1, "C", "h"), Written(START, "P", 2, "C", "h")])
    broken = data.replace(
        "2026-03-02T08:00:00.0000000Z".encode("utf-16-le"), "2026-99-99T99:00:00.0000000Z".encode("utf-16-le"), 1
    )
    batches = list(Evtx().read(io.BytesIO(broken)))
    assert {b.kind: b.records for b in batches} == {EventClass.EVENT_LOG: 1, EventClass.REJECT: 1}
