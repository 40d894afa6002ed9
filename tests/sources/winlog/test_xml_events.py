"""Events as XML, well made and hostile."""

from __future__ import annotations

import io
import json

import polars as pl
import pytest

from vedette.events.batch import Rejects
from vedette.events.schema import EventClass
from vedette.sources.winlog import WinLog
from vedette.sources.winlog.xml_events import XmlEvents, data_of, event_of, whole_events

EVENT = (
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon' Guid='{0}'/>"
    "<EventID>5</EventID><TimeCreated SystemTime='2026-03-02T08:00:01.2500000Z'/><EventRecordID>9</EventRecordID>"
    "<Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>ws7</Computer></System>"
    "<EventData><Data Name='Image'>C:\\a&amp;b.exe</Data><Data Name='ProcessId'>8</Data></EventData></Event>"
)
LINUX = (
    'Mar  2 08:00:01 web1 sysmon: <Event><System><Provider Name="Linux-Sysmon" Guid="{1}"/><EventID>1</EventID>'
    '<TimeCreated SystemTime="2026-03-02T08:00:01.250000000Z"/><EventRecordID>3</EventRecordID>'
    '<Channel>Linux-Sysmon/Operational</Channel><Computer>web1</Computer></System><EventData><Data Name="Image">/usr/bin/id</Data>'
    '<Data Name="CommandLine">id -u</Data></EventData></Event>'
)


def _read(data: bytes) -> dict[EventClass, pl.DataFrame]:
    assert WinLog.sniff(data[:4096], "")
    return {b.kind: b.frame for b in WinLog().read(io.BytesIO(data))}


@pytest.mark.parametrize(
    "data",
    [
        f"{EVENT}\n{EVENT}\n".encode(),
        f"<?xml version='1.0' encoding='utf-8'?>\n<Events>\n{EVENT}{EVENT}</Events>".encode(),
        f"\ufeff{EVENT}\r\n{EVENT}".encode("utf-16-le"),
    ],
    ids=["wevtutil", "event viewer", "utf-16"],
)
def test_windows(data: bytes) -> None:
    frame = _read(data)[EventClass.PROCESS_ACTIVITY]
    assert frame["metadata.sequence"].to_list() == [0, 1]
    row = frame.row(0, named=True)
    assert (row["process.name"], row["process.pid"], row["metadata.uid"]) == ("a&b.exe", 8, "9")
    assert row["time"].isoformat() == "2026-03-02T08:00:01.250000+00:00"


def test_sysmon_for_linux_in_syslog() -> None:
    got = _read(f"{LINUX}\nMar  2 08:00:02 web1 cron[1]: job\n{LINUX}\n".encode())
    frame = got[EventClass.PROCESS_ACTIVITY]
    assert frame["process.cmd_line"].to_list() == ["id -u", "id -u"]
    assert frame["metadata.sequence"].to_list() == [0, 2]
    assert got[EventClass.REJECT]["count"].to_list() == [1]


def test_sysmon_for_linux_in_azures_syslog_table() -> None:
    row = {"TenantId": "t", "Computer": "web1", "SyslogMessage": LINUX.partition("sysmon: ")[2]}
    other = {**row, "SyslogMessage": "session opened"}
    got = _read("\n".join(map(json.dumps, (row, other, row))).encode())
    assert got[EventClass.PROCESS_ACTIVITY]["process.cmd_line"].to_list() == ["id -u", "id -u"]
    assert got[EventClass.REJECT]["count"].to_list() == [1]


def test_declarations_are_refused_and_their_entities_never_made() -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]>"
    inside = EVENT.replace("<EventData>", f"{bomb}<EventData>")
    assert event_of(inside.encode()) == "a declaration inside of an event"
    got = _read(f"{bomb}{EVENT}\n{inside}".encode())
    assert got[EventClass.PROCESS_ACTIVITY].height == 1
    assert got[EventClass.REJECT]["count"].sum() == 1
    assert event_of(EVENT.replace("&amp;", "&b;").encode()) == "not XML"
    assert data_of(f"{bomb}<EventData/>") == {}


def test_an_endless_event_is_a_reject_and_reading_goes_on() -> None:
    long = EVENT.replace("ws7", "w" * 5_000_000)
    got = _read(f"{EVENT}{long}{EVENT}".encode())
    assert got[EventClass.PROCESS_ACTIVITY].height >= 1
    assert sum(b.height for k, b in got.items() if k) + got[EventClass.REJECT]["count"].sum() == 3


def test_an_event_that_is_cut_off_is_a_reject() -> None:
    rejects = Rejects("winlog")
    found = [e for part in XmlEvents(rejects).read(io.BytesIO(f"{EVENT}{EVENT[:80]}".encode())) for e in part]
    assert len(found) == 1
    assert rejects.batch().frame["count"].to_list() == [1]


def test_user_data_and_unnamed_data() -> None:
    user = "<Event><System/><UserData><LogFileCleared xmlns='x'><SubjectUserName>ada</SubjectUserName></LogFileCleared></UserData></Event>"
    assert event_of(user.encode()) == {"System": {}, "UserData": {"SubjectUserName": "ada"}}
    unnamed = "<Event><EventData><Data>a</Data><Data>b</Data></EventData></Event>"
    assert event_of(unnamed.encode()) == {"EventData": {"Data": "a\nb"}}


def test_whole_events_end_with_their_line_break() -> None:
    one = EVENT.encode()
    assert whole_events(one[:-1]) == 0
    assert whole_events(one + b"\n" + one[:50]) == len(one) + 1
    assert whole_events(one + one[:50]) == len(one)
    assert WinLog.cut(one + b"\n" + one[:50]) == len(one) + 1
    assert WinLog.cut(b'{"a":1}\n{"b"') == 8
