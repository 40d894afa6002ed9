"""The systemd journal as JSON lines (`journalctl -o json`) -> the same columns as syslog lines.

Fields: systemd.journal-fields(7). A field that is not valid UTF-8 is an array of bytes, a repeated one an array of
values, a large one null.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
import polars as pl

from vedette.events.batch import Rejects
from vedette.events.lines import LINE_LIMIT_BYTES, Block
from vedette.events.times import LAST_MICROSECOND
from vedette.sources.authlog.syslog_lines import LINES

Value = str | list[int | str | list[int]] | None


class Entry(msgspec.Struct, gc=False):
    """The fields of a journal entry that we use."""

    time: str = msgspec.field(name="__REALTIME_TIMESTAMP")
    host: Value = msgspec.field(name="_HOSTNAME", default=None)
    identifier: Value = msgspec.field(name="SYSLOG_IDENTIFIER", default=None)
    command: Value = msgspec.field(name="_COMM", default=None)
    pid: Value = msgspec.field(name="_PID", default=None)
    syslog_pid: Value = msgspec.field(name="SYSLOG_PID", default=None)
    message: Value = msgspec.field(name="MESSAGE", default=None)


def read_journal(whole: Iterable[Block], rejects: Rejects) -> Iterator[pl.DataFrame]:
    """Yield frames of ``LINES`` in the order of the blocks."""
    decode = msgspec.json.Decoder(Entry).decode
    for block in whole:
        rows = []
        offset = block.offset
        lines = block.data.split(b"\n")
        for number, line in enumerate(
            lines[:-1] if not lines[-1] else lines
        ):  # by line: one bad line must not fail the others
            sequence = block.sequence + number
            reason = f"line longer than {LINE_LIMIT_BYTES:,} bytes" if block.overlong else ""
            try:
                rows.append((sequence, *_row(decode(line.lstrip(b"\xef\xbb\xbf\x1e")))) if not reason else None)
            except (msgspec.DecodeError, ValueError):
                reason = "not a journal entry"
            if reason:
                rejects.add(sequence=sequence, offset=offset, reason=reason, raw=line)
            offset += len(line) + 1
        kept = [row for row in rows if row]
        frame = pl.DataFrame(kept, schema=LINES | {"time": pl.Int64}, orient="row")
        yield frame.with_columns(pl.from_epoch("time", "us").dt.replace_time_zone("UTC"))


def _row(entry: Entry) -> tuple[int, str | None, str | None, str | None, str, None]:
    micros = int(entry.time)
    if not 0 <= micros <= LAST_MICROSECOND:
        raise ValueError(entry.time)
    program = _text(entry.identifier) or _text(entry.command)
    pid = _text(entry.syslog_pid) or _text(entry.pid)
    return micros, _text(entry.host), program, pid, _text(entry.message) or "", None


def _text(value: Value) -> str | None:
    """Return a field's text: of a repeated field the first value, of bytes what UTF-8 they hold."""
    if not isinstance(value, list):
        return value
    first = value[0] if value else ""
    if isinstance(first, int):
        return bytes(b for b in value if isinstance(b, int) and 0 <= b < 256).decode("utf-8", "replace")  # noqa: PLR2004 - a byte
    return _text(list(first)) if isinstance(first, list) else first
