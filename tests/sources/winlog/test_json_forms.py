"""Every form of JSON that collectors write, the same event each time."""

from __future__ import annotations

import io
import json
from typing import Any

import polars as pl
import pytest

from vedette.events.schema import EventClass
from vedette.sources.winlog import WinLog
from vedette.sources.winlog.json_forms import nested

SYSMON, CHANNEL = "Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational"
DATA = {"Image": r"C:\a\tool.exe", "ProcessId": "77", "User": r"CORP\ada"}
TIME = "2026-03-02T08:00:01.250Z"
EVENTDATA_XML = "<EventData>" + "".join(f"<Data Name='{k}'>{v}</Data>" for k, v in DATA.items()) + "</EventData>"

FORMS: dict[str, dict[str, Any]] = {
    "winlogbeat": {
        "@timestamp": TIME,
        "event": {"code": "1"},
        "host": {"name": "collector"},
        "winlog": {
            "provider_name": SYSMON,
            "event_id": "1",
            "channel": CHANNEL,
            "computer_name": "ws7",
            "record_id": 5,
            "event_data": DATA,
        },
    },
    "dotted": {
        "@timestamp": TIME,
        "winlog.provider_name": SYSMON,
        "winlog.event_id": 1,
        "winlog.channel": CHANNEL,
        "winlog.computer_name": "ws7",
        "winlog.record_id": "5",
        **{f"winlog.event_data.{k}": v for k, v in DATA.items()},
    },
    "winlogbeat 6": {
        "@timestamp": TIME,
        "source_name": SYSMON,
        "event_id": 1,
        "log_name": CHANNEL,
        "computer_name": "ws7",
        "record_number": "5",
        "event_data": DATA,
    },
    "nxlog": {
        "EventTime": "2026-03-02 10:00:01",
        "@timestamp": "2026-03-02T08:00:04.100Z",
        "SourceModuleType": "im_msvistalog",
        "SeverityValue": 2,
        "Hostname": "ws7",
        "SourceName": SYSMON,
        "EventID": 1,
        "Channel": CHANNEL,
        "RecordNumber": 5,
        **DATA,
    },
    "azure monitor": {
        "TimeGenerated": TIME,
        "Source": SYSMON,
        "EventLog": CHANNEL,
        "EventID": 1,
        "Computer": "ws7",
        "EventRecordId": "5",
        "EventData": f'<DataItem type="System.XmlData" time="x">{EVENTDATA_XML}</DataItem>',
    },
    "powershell": {
        "TimeCreated": "/Date(1772438401250)/",
        "ProviderName": SYSMON,
        "LogName": CHANNEL,
        "Id": 1,
        "MachineName": "ws7",
        "RecordId": 5,
        **DATA,
    },
    "evtx_dump": {
        "Event": {
            "#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
            "System": {
                "Provider": {"#attributes": {"Name": SYSMON}},
                "EventID": {"#attributes": {"Qualifiers": 0}, "#text": 1},
                "Computer": "ws7",
                "Channel": CHANNEL,
                "EventRecordID": 5,
                "TimeCreated": {"#attributes": {"SystemTime": TIME}},
            },
            "EventData": {"ProcessId": 77, "Image": DATA["Image"], "User": DATA["User"]},
        }
    },
}


def _read(*rows: dict[str, Any], pretty: bool = False) -> dict[EventClass, pl.DataFrame]:
    text = json.dumps(list(rows), indent=1) if pretty else "\n".join(map(json.dumps, rows))
    return {b.kind: b.frame for b in WinLog().read(io.BytesIO(text.encode()))}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("pretty", [False, True], ids=["lines", "array"])
def test_every_form_says_the_same(form: str, pretty: bool) -> None:
    head = json.dumps([FORMS[form]], indent=1) if pretty else json.dumps(FORMS[form]) + "\n"
    assert WinLog.sniff(head.encode(), "")
    row = _read(FORMS[form], FORMS[form], pretty=pretty)[EventClass.PROCESS_ACTIVITY].row(0, named=True)
    fraction = "000" if form == "nxlog" else "250"  # NXLog's own time has whole seconds, in the zone of the machine
    assert row["time"].isoformat(timespec="milliseconds") == f"2026-03-02T08:00:01.{fraction}+00:00"
    assert row["metadata.log_provider"] == SYSMON
    assert row["metadata.event_code"] == "1"
    assert row["metadata.uid"] == "5"
    assert row["device.hostname"] == "ws7"
    assert row["unmapped.Channel"] == CHANNEL
    assert (row["process.name"], row["process.pid"], row["process.user.name"]) == ("tool.exe", 77, "ada")
    assert row["unmapped.User"] == r"CORP\ada"


def test_forms_may_mix_and_each_record_is_accounted_for() -> None:
    rows = [
        *FORMS.values(),
        {"winlog": None},
        {"EventID": 1, "Channel": "x", "TimeCreated": "soon"},
        {"Event": "odd"},
        {"winlog": {}},
    ]
    got = _read(*rows)
    assert got[EventClass.PROCESS_ACTIVITY].height == len(FORMS)
    rejects = got[EventClass.REJECT]
    assert rejects["count"].sum() == 4
    assert {d.split(" (")[0] for d in rejects["status_detail"]} == {
        "no Windows event: neither an event id nor a provider",
        "no readable time",
        "a field is not of its type or out of range",
    }


def test_windows_zero_gets_the_time_of_the_record_before() -> None:
    zero = {**FORMS["powershell"], "TimeCreated": "1601-01-01T00:00:00Z"}
    frame = _read(FORMS["powershell"], zero)[EventClass.PROCESS_ACTIVITY]
    assert frame["time"].n_unique() == 1


def test_what_a_collector_adds_is_no_field() -> None:
    frame = _read(FORMS["nxlog"])[EventClass.PROCESS_ACTIVITY]
    assert not [c for c in frame.columns if "SeverityValue" in c or "SourceModule" in c or "EventTime" in c]


def test_nested() -> None:
    assert nested({"winlog.event_data.Image.x": "a", "winlog.channel": "c", "other.key": 1}) == {
        "winlog": {"event_data": {"Image.x": "a"}, "channel": "c"},
        "other.key": 1,
    }
    assert nested({"winlog": 3, "winlog.channel": "c"})["winlog"] == 3
