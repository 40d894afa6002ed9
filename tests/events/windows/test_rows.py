"""Records to batches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.events.windows.rows import SHARED_BELOW, WindowsRows

SYSMON, SECURITY = "Microsoft-Windows-Sysmon", "Microsoft-Windows-Security-Auditing"
Record = tuple[str, str, Mapping[str, object]]


def _batches(*records: Record) -> list[EventBatch]:
    rows = WindowsRows()
    heads = pl.DataFrame(
        {
            "time": [datetime(2026, 3, 4, tzinfo=UTC)] * len(records),
            "metadata.sequence": list(range(len(records))),
            "metadata.log_provider": [r[0] for r in records],
            "metadata.event_code": [r[1] for r in records],
            "unmapped.Channel": ["Log"] * len(records),
        }
    )
    rows.add(heads, [r[2] for r in records])
    return list(rows.batches())


def test_a_batch_per_shape_and_every_record_once() -> None:
    got = _batches(
        (SYSMON, "1", {"Image": r"C:\Windows\a.exe", "User": r"CORP\ada", "RuleName": "-"}),
        (SECURITY, "4624", {"TargetUserName": "ada", "LogonType": "10", "IpAddress": "192.0.2.9"}),
        (SYSMON, "1", {"Image": r"C:\b.exe", "User": "-"}),
        ("Some-Provider", "7", {"A": 1, "B": ["x", "y"], "C": {"d": True}}),
    )
    assert sorted(n for b in got for n in b.frame["metadata.sequence"]) == [0, 1, 2, 3]
    by_kind = {b.kind: b.frame for b in got}
    process = by_kind[EventClass.PROCESS_ACTIVITY]
    assert process["process.name"].to_list() == ["a.exe", "b.exe"]
    assert process["process.user.name"].to_list() == ["ada", None]
    assert process["unmapped.User"].to_list() == [r"CORP\ada", "-"], "what is not copied keeps its own words"
    assert "unmapped.Image" not in process.columns
    logon = by_kind[EventClass.AUTHENTICATION].row(0, named=True)
    assert (logon["user.name"], logon["logon_type_id"], logon["is_remote"], logon["status_id"]) == ("ada", 10, True, 1)
    other = by_kind[EventClass.EVENT_LOG].row(0, named=True)
    assert (other["unmapped.A"], other["unmapped.B"], other["unmapped.C"]) == ("1", "x\ny", '{"d":true}')
    assert (other["log_name"], other["log_provider"]) == ("Log", "Some-Provider")


def test_a_dash_is_null_in_the_path_and_stays_in_the_field() -> None:
    [batch] = _batches((SECURITY, "4624", {"TargetUserName": "ada", "WorkstationName": "-"}))
    assert batch.frame["src_endpoint.hostname"].to_list() == [None]
    assert batch.frame["unmapped.WorkstationName"].to_list() == ["-"]


def test_the_subject_of_4688_stands_in_for_an_absent_target() -> None:
    [batch] = _batches(
        (
            SECURITY,
            "4688",
            {
                "SubjectUserName": "HOST$",
                "TargetUserName": "ada",
                "NewProcessName": "a",
                "SubjectLogonId": "0x3e7",
                "TargetLogonId": "0x5",
            },
        ),
        (
            SECURITY,
            "4688",
            {
                "SubjectUserName": "grace",
                "TargetUserName": "-",
                "NewProcessName": "b",
                "SubjectLogonId": "0x9",
                "TargetLogonId": "0x0",
            },
        ),
    )
    assert batch.frame["process.user.name"].to_list() == ["ada", "grace"]
    assert batch.frame["actor.user.name"].to_list() == ["HOST$", "grace"]
    assert batch.frame["process.session.uid"].to_list() == ["0x5", "0x9"]


def test_objects_of_4663_go_apart() -> None:
    got = _batches(
        (SECURITY, "4663", {"ObjectType": "File", "ObjectName": r"C:\x.txt"}),
        (SECURITY, "4663", {"ObjectType": "Key", "ObjectName": r"\REGISTRY\MACHINE\SAM"}),
        (SECURITY, "4663", {"ObjectType": {"odd": 1}, "ObjectName": "z"}),
    )
    assert {b.kind for b in got} == {EventClass.FILE_ACTIVITY, EventClass.REGISTRY_KEY_ACTIVITY, EventClass.EVENT_LOG}


def test_the_cleared_log_is_not_the_log_that_says_so() -> None:
    [batch] = _batches(("Microsoft-Windows-Eventlog", "104", {"Channel": "Application", "SubjectUserName": "ada"}))
    row = batch.frame.row(0, named=True)
    assert (row["log_name"], row["unmapped.Channel"], row["activity_id"]) == ("Application", "Log", 1)


def test_many_providers_share_a_batch_and_many_fields_one_text() -> None:
    got = _batches(*((f"provider {i}", "x", {f"field {i}": "v"}) for i in range(300)))
    assert len(got) == 1
    assert len(got[0].frame.columns) < 200
    assert got[0].frame["unmapped"].null_count() == 160
    few = [(SYSMON, "4", {"State": "Started"})] * SHARED_BELOW
    assert len(_batches(*few, ("other", "1", {}))) == 2


def test_odd_names_and_codes_are_survived() -> None:
    [batch] = _batches(("p", "٣", {"a\x00b": "1", "n" * 500: "2", "ok": "3"}), ("", "", {}))
    row = batch.frame.row(0, named=True)
    assert row["unmapped.ok"] == "3"
    assert '"1"' in row["unmapped"]
    assert '"2"' in row["unmapped"]
