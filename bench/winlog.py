"""Windows events as JSON -> checked EventBatches, against the usual way: ``orjson.loads`` and a flat dictionary per line, then one table.

The input is what Winlogbeat writes of a workstation with Sysmon: process accesses, registry and modules make three quarters. The peer
flattens as tools like Zircolite do, row by row, and puts all rows into one table, so that every field of every kind of event is a column.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from vedette.app.collector import rare_collections
from vedette.sources.winlog import WinLog

NAME = "Windows events (Winlogbeat) -> checked batches, against orjson, a flat dict per row, polars.from_dicts"
GOAL = ">= 1.5x"
RECORDS = 40_000

Fields = dict[str, str]
Record = dict[str, Any]
_START = datetime(2026, 1, 5, 8, tzinfo=UTC)
_SYSMON, _SECURITY = "Microsoft-Windows-Sysmon", "Microsoft-Windows-Security-Auditing"
_PROGRAMS = [
    rf"C:\Windows\System32\{name}.exe"
    for name in ("svchost", "lsass", "services", "cmd", "wbem\\WmiPrvSE", "taskhostw")
]
_PROGRAMS += [rf"C:\Program Files\Vendor {n}\tool{n}.exe" for n in range(40)]


def _guid(r: random.Random) -> str:
    return f"{{{r.getrandbits(32):08x}-22a3-5f69-9600-{r.getrandbits(48):012x}}}"


def _access(r: random.Random) -> Fields:
    return {
        "RuleName": "-",
        "SourceProcessGUID": _guid(r),
        "SourceProcessId": str(r.randrange(9000)),
        "SourceThreadId": str(r.randrange(9000)),
        "SourceImage": r.choice(_PROGRAMS),
        "TargetProcessGUID": _guid(r),
        "TargetProcessId": str(r.randrange(9000)),
        "TargetImage": r.choice(_PROGRAMS),
        "GrantedAccess": r.choice(("0x1000", "0x1400", "0x1FFFFF", "0x40")),
        "CallTrace": "|".join(rf"C:\Windows\System32\ntdll.dll+{r.randrange(9)}fb24" for _ in range(8)),
    }


def _registry(r: random.Random) -> Fields:
    key = rf"HKLM\System\CurrentControlSet\Services\service{r.randrange(400)}\Parameters"
    return {
        "EventType": "SetValue",
        **_actor(r),
        "TargetObject": rf"{key}\Value{r.randrange(9)}",
        "Details": "DWORD (0x00000001)",
    }


def _actor(r: random.Random) -> Fields:
    return {
        "ProcessGuid": _guid(r),
        "ProcessId": str(r.randrange(9000)),
        "Image": r.choice(_PROGRAMS),
        "User": r"CORP\ada",
    }


def _program(r: random.Random) -> Fields:
    return {
        "FileVersion": "10.0.17763.1 (WinBuild.160101.0800)",
        "Description": "A tool",
        "Product": "Microsoft® Windows® Operating System",
        "Company": "Microsoft Corporation",
        "OriginalFileName": "TOOL.EXE",
        "Hashes": f"SHA1={r.getrandbits(160):040X},MD5={r.getrandbits(128):032X}",
    }


def _module(r: random.Random) -> Fields:
    return {
        **_actor(r),
        **_program(r),
        "ImageLoaded": rf"C:\Windows\System32\lib{r.randrange(900)}.dll",
        "Signed": "true",
    }


def _process(r: random.Random) -> Fields:
    return {
        **_actor(r),
        **_program(r),
        "CommandLine": rf'"C:\Program Files\Vendor\tool.exe" --job {r.randrange(100_000)}',
        "CurrentDirectory": "C:\\Windows\\",
        "LogonGuid": _guid(r),
        "LogonId": f"0x{r.randrange(99_999):x}",
        "IntegrityLevel": "Medium",
        "ParentProcessGuid": _guid(r),
        "ParentProcessId": str(r.randrange(9000)),
        "ParentImage": r.choice(_PROGRAMS),
        "ParentCommandLine": r"C:\Windows\system32\services.exe",
    }


def _logon(r: random.Random) -> Fields:
    return {
        "SubjectUserSid": "S-1-5-18",
        "SubjectUserName": "WS7$",
        "SubjectDomainName": "CORP",
        "SubjectLogonId": "0x3e7",
        "TargetUserName": f"user{r.randrange(300)}",
        "TargetDomainName": "CORP",
        "TargetLogonId": f"0x{r.randrange(99_999):x}",
        "LogonType": r.choice(("2", "3", "5", "10")),
        "LogonProcessName": "Kerberos",
        "AuthenticationPackageName": "Kerberos",
        "WorkstationName": "-",
        "IpAddress": f"192.0.2.{r.randrange(1, 250)}",
        "IpPort": str(r.randrange(1024, 65_535)),
    }


_MIX: tuple[tuple[int, str, int, Callable[[random.Random], Fields]], ...] = (
    (35, _SYSMON, 10, _access),
    (25, _SYSMON, 13, _registry),
    (20, _SYSMON, 7, _module),
    (10, _SYSMON, 1, _process),
    (10, _SECURITY, 4624, _logon),
)
"""Share in percent, provider, event id, fields."""


def made(r: random.Random) -> tuple[str, int, Fields]:
    """Return provider, event id and fields of an event, by the mix."""
    [(_, provider, code, fields)] = r.choices(_MIX, [share for share, *_ in _MIX])
    return provider, code, fields(r)


def make_input(path: Path, records: int = RECORDS) -> None:
    """Write what Winlogbeat would, the same every time."""
    r = random.Random(7)
    kinds = r.choices(_MIX, [share for share, *_ in _MIX], k=records)
    with path.open("wb") as out:
        for i, (_, provider, code, fields) in enumerate(kinds):
            at = (_START + timedelta(milliseconds=20 * i)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
            channel = "Security" if provider == _SECURITY else "Microsoft-Windows-Sysmon/Operational"
            log: Record = {
                "provider_name": provider,
                "event_id": str(code),
                "channel": channel,
                "computer_name": "ws7.corp.example",
            }
            log |= {
                "record_id": i + 1,
                "opcode": "Info",
                "version": 5,
                "process": {"pid": 3500, "thread": {"id": 4100}},
            }
            row: Record = {
                "@timestamp": at,
                "event": {"code": str(code), "kind": "event", "provider": provider},
                "host": {"name": "ws7"},
            }
            row |= {"agent": {"type": "winlogbeat", "version": "8.17.0"}, "log": {"level": "information"}}
            out.write(orjson.dumps(row | {"winlog": log | {"event_data": fields(r)}}) + b"\n")


def ours(path: Path) -> int:
    """Return the rows of our batches; the collector is set as ``vedette scan`` sets it."""
    with rare_collections(), path.open("rb") as stream:
        return sum(len(b) for b in WinLog().read(stream))


def peer(path: Path) -> int:
    """Return the rows of the peer's table; with the collector set as for ours."""
    with rare_collections():
        return _peer(path).height


def _peer(path: Path) -> pl.DataFrame:
    with path.open("rb") as stream:
        return pl.from_dicts([_flat(orjson.loads(line)) for line in stream], infer_schema_length=None)


def _flat(row: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            out |= _flat(value, f"{prefix}{key}.")
        else:
            out[f"{prefix}{key}"] = value
    return out


_SAME = {"process.cmd_line": "CommandLine", "user.name": "TargetUserName", "reg_value.data": "Details"}
"""Our column -> the peer's field, of those copied as they are."""


def equal(path: Path) -> bool:
    """Say whether both hold the same values, record by record, in some of the columns that both take as they are."""
    with path.open("rb") as stream:
        batches = list(WinLog().read(stream))
    theirs = _peer(path).with_row_index("metadata.sequence")
    return all(_alike([b.frame for b in batches], theirs, *pair) for pair in _SAME.items())


def _alike(frames: list[pl.DataFrame], theirs: pl.DataFrame, column: str, field: str) -> bool:
    name = f"winlog.event_data.{field}"
    mine = pl.concat(f.select("metadata.sequence", column) for f in frames if column in f.columns).drop_nulls()
    same = theirs.select(pl.col("metadata.sequence").cast(pl.Int64), pl.col(name).alias(column)).drop_nulls()
    return mine.sort("metadata.sequence").equals(same)
