from __future__ import annotations

import io
from datetime import UTC, datetime

import orjson

from vedette.events.schema import EventClass
from vedette.sources.authlog import AuthLog
from vedette.testing.laws.source import tables

ENTRY = {
    "__CURSOR": "s=1",
    "__REALTIME_TIMESTAMP": "1772697672250000",
    "_HOSTNAME": "mail",
    "SYSLOG_IDENTIFIER": "sshd",
    "_COMM": "sshd",
    "_PID": "801",
    "MESSAGE": "Failed password for root from 192.0.2.1 port 5 ssh2",
}


def read(*entries: object) -> dict[EventClass, list[dict[str, object]]]:
    data = b"\n".join(e if isinstance(e, bytes) else orjson.dumps(e) for e in entries)
    return {kind: frame.to_dicts() for kind, frame in tables(AuthLog().read(io.BytesIO(data))).items()}


def test_an_entry_is_a_line_with_a_full_time() -> None:
    (row,) = read(ENTRY)[EventClass.AUTHENTICATION]
    assert row["time"] == datetime(2026, 3, 5, 8, 1, 12, 250_000, tzinfo=UTC)
    assert (row["device.hostname"], row["actor.process.pid"], row["user.name"]) == ("mail", 801, "root")
    assert (row["metadata.product.name"], row["unmapped"]) == ("journald", None)


def test_a_message_may_be_bytes_repeated_or_too_large() -> None:
    failed = ENTRY["MESSAGE"].encode()
    got = read(
        {**ENTRY, "MESSAGE": [*failed]}, {**ENTRY, "MESSAGE": [ENTRY["MESSAGE"], "x"]}, {**ENTRY, "MESSAGE": None}
    )
    assert [r["user.name"] for r in got[EventClass.AUTHENTICATION]] == ["root", "root"]
    assert [r["message"] for r in got[EventClass.EVENT_LOG]] == [""]


def test_bytes_that_are_no_text_stay_readable() -> None:
    (row,) = read({**ENTRY, "MESSAGE": [255, 104, 105, 999, -1]})[EventClass.EVENT_LOG]
    assert row["message"] == "\ufffdhi"


def test_the_command_names_the_program_where_nothing_else_does() -> None:
    entry = {k: v for k, v in ENTRY.items() if k != "SYSLOG_IDENTIFIER"}
    assert read(entry)[EventClass.AUTHENTICATION][0]["service.name"] == "sshd"


def test_bad_entries_are_rejects_with_their_place() -> None:
    good = orjson.dumps(ENTRY)
    got = read(good, b"{oops", {"MESSAGE": "no time"}, {**ENTRY, "__REALTIME_TIMESTAMP": "9" * 30}, good)
    (reject,) = got[EventClass.REJECT]
    assert (reject["count"], reject["metadata.sequence"]) == (3, 1)
    assert reject["status_detail"] == f"not a journal entry (first at byte {len(good) + 1})"
    assert [r["metadata.sequence"] for r in got[EventClass.AUTHENTICATION]] == [0, 4]
