"""What is taken for Windows events, and what not."""

from __future__ import annotations

import io
import json

import pytest

from vedette.events.schema import EventClass
from vedette.sources.winlog import WinLog


@pytest.mark.parametrize(
    "row",
    [
        {"Id": 7, "Source": "shop", "Computer": "x"},
        {"event_id": 1, "message": "hello"},
        {"winlog": "yes"},
        {"System": {"Name": "x"}},
        {"eventName": "ListBuckets", "eventSource": "s3.amazonaws.com", "EventID": "e"},
        {"Operation": "FileAccessed", "Id": "u", "Workload": "SharePoint"},
    ],
)
def test_other_logs_are_not_taken(row: dict[str, object]) -> None:
    assert not WinLog.sniff((json.dumps(row) + "\n").encode(), "Security.json")


def test_its_example() -> None:
    got = {b.kind: b.frame for b in WinLog().read(io.BytesIO(WinLog.example().data))}
    assert set(got) == {
        EventClass.PROCESS_ACTIVITY,
        EventClass.AUTHENTICATION,
        EventClass.WINDOWS_SERVICE_ACTIVITY,
        EventClass.EVENT_LOG,
    }
    failed = got[EventClass.AUTHENTICATION].row(0, named=True)
    assert (failed["status_id"], failed["status_code"], failed["src_endpoint.ip"]) == (2, "0xc000006a", "192.0.2.44")
    cleared = got[EventClass.EVENT_LOG].row(0, named=True)
    assert (cleared["activity_id"], cleared["log_name"], cleared["actor.user.name"]) == (1, "Security", "ada")


def test_a_record_that_is_read_again_may_be_no_text() -> None:
    good = b'{"winlog":{"event_id":1,"provider_name":"p","channel":"c"},"@timestamp":"2026-03-02T08:00:01.25Z"}\n'
    got = {b.kind: b.records for b in WinLog().read(io.BytesIO(good + b'{"other":"\xc8"}\n' + good))}
    assert got == {EventClass.EVENT_LOG: 2, EventClass.REJECT: 1}


@pytest.mark.parametrize(
    "row",
    [
        {"@metadata": {"beat": "winlogbeat"}, "event_data": {"Payload": "x" * 5000}, "event_id": 4103, "log_name": "y"},
        {"EventID": 4103, "ProviderGuid": "{A0C1}", "Payload": "x" * 5000, "Channel": "y"},
        {"SourceModuleType": "im_msvistalog", "Channel": "y", "Payload": "x" * 5000, "EventID": 4103},
    ],
)
def test_a_first_record_longer_than_what_is_seen(row: dict[str, object]) -> None:
    assert WinLog.sniff(json.dumps(row).encode()[:4096], "")
