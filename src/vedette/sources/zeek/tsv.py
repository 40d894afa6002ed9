"""Zeek's tab-separated logs, a block at a time: Polars reads what numpy has found to be whole lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.events.batch import EventBatch, Rejects
from vedette.events.lines import LINE_LIMIT_BYTES, Block
from vedette.sources.zeek.escapes import unescape_column, unescape_lists
from vedette.sources.zeek.fields import LAST_SECOND, LOG_NAME, SEQUENCE, TYPES, UNMAPPED, Log
from vedette.sources.zeek.flows import CONN
from vedette.sources.zeek.header import Header
from vedette.sources.zeek.logs import log_of, path_of

MOST_HEADERS = 64
"""Different headers in one block of 4 MiB; what stands under further ones is a reject, so that no input costs more than its size."""

_NO_HEADER = "no readable #fields line above it"
_TOO_MANY_HEADERS = "too many different headers"
_WRONG_WIDTH = "wrong number of fields"
_FIELD_TWICE = "a header with two fields of one name, or one of none"
_NO_TIME = "no readable time (ts)"
_TOO_LONG = f"line longer than {LINE_LIMIT_BYTES:,} bytes"

_READ_AS = {"time": pl.Float64, "interval": pl.Float64, "count": pl.Int64, "port": pl.Int32}
_CONN_FIELDS = (*CONN.fields, "tunnel_parents")
CONN_LINE = re.compile(
    rb"\d+\.\d+\t[^\t]+\t[^\t]+\t\d+\t[^\t]+\t\d+\t(tcp|udp|icmp)(\t[^\t]+){4}\t(S[0-3]|SF|SHR?|REJ|RSTO|RSTR|RSTOS0|RSTRH|OTH)(\t[^\t\r\n]+){9}\r?\n"
)
"""A line of a conn log as Zeek 2 to 7 writes it, for logs that have lost their head."""

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines under one header: whole, none blank.

    Attributes:
        data: the lines, each ended by a newline.
        starts, ends: where each begins and ends (behind its newline) in ``data``.
        sequence: their record numbers; ``offset``: where they start in the stream.
    """

    data: bytes
    starts: Places
    ends: Places
    sequence: Places
    offset: Places

    def only(self, mask: npt.NDArray[np.bool_]) -> _Lines:
        """Return the lines of the mask; neighbours are copied together."""
        if mask.all() and int((self.ends - self.starts).sum()) == len(self.data):
            return self
        starts, ends = self.starts[mask], self.ends[mask]
        breaks = np.flatnonzero(starts[1:] != ends[:-1]) + 1
        firsts, lasts = np.append(0, breaks), np.append(breaks, len(starts)) - 1
        pieces = [self.data[a:b] for a, b in zip(starts[firsts], ends[lasts], strict=True)] if len(starts) else []
        stops = np.cumsum(ends - starts)
        return _Lines(b"".join(pieces), stops - (ends - starts), stops, self.sequence[mask], self.offset[mask])

    def line(self, index: int) -> bytes:
        return self.data[self.starts[index] : self.ends[index]].rstrip(b"\r\n")


class TsvLog:
    """Reads the blocks of one input in order; keeps the header in force, the record count and the rejects."""

    def __init__(self) -> None:
        self.rejects = Rejects("zeek")
        self.records = 0
        self._header = Header()

    def read(self, block: Block) -> Iterator[EventBatch]:
        """Yield a batch per header that governs lines of the block, in order of first appearance."""
        if block.overlong:
            self.rejects.add(sequence=self.records, offset=block.offset, reason=_TOO_LONG, raw=block.data)
            self.records += 1
            return
        data = block.data if block.data.endswith(b"\n") else block.data + b"\n"
        lines, governed_by, headers = self._split(data, block.offset)
        for number, header in enumerate(headers[:MOST_HEADERS]):
            mine = lines.only(governed_by == number)
            if len(mine.sequence):
                yield from self._batches(mine, header)
        self._reject(lines, _TOO_MANY_HEADERS, governed_by >= MOST_HEADERS)

    def _split(self, data: bytes, offset: int) -> tuple[_Lines, npt.NDArray[np.int64], list[Header]]:
        """Return the data lines, for each the number of its header, and the different headers."""
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1
        starts = np.append(0, ends[:-1])
        first = np.frombuffer(data, np.uint8)[starts]
        is_header = first == ord("#")
        is_blank = (first == ord("\n")) | ((first == ord("\r")) & (ends - starts == 2))  # noqa: PLR2004 - CR LF
        headers: dict[Header, int] = {self._header: 0}
        after = [0]
        for place in np.flatnonzero(is_header):  # a handful of lines in any log that Zeek has written
            self._header = self._header.after(data[starts[place] : ends[place] - 1])
            after.append(headers.setdefault(self._header, len(headers)))
        keep = ~is_header & ~is_blank
        sequence = self.records + np.arange(int(keep.sum()))
        self.records += len(sequence)
        governed_by = np.asarray(after)[np.cumsum(is_header)][keep]
        lines = _Lines(data, starts[keep], ends[keep], sequence, offset + starts[keep])
        return lines, governed_by, list(headers)

    def _batches(self, lines: _Lines, header: Header) -> Iterator[EventBatch]:
        header = header if header.fields else _guess(lines.line(0) + b"\n")
        if not header.fields or not header.separator:
            self._reject(lines, _NO_HEADER, np.ones(len(lines.sequence), np.bool_))
            return
        if "ts" not in header.fields:
            self._reject(lines, _NO_TIME, np.ones(len(lines.sequence), np.bool_))
            return
        if len(set(header.fields) | {""}) <= len(header.fields):
            self._reject(lines, _FIELD_TWICE, np.ones(len(lines.sequence), np.bool_))
            return
        widths, wanted = _widths(lines, header.separator), len(header.fields)
        exact, trailing = widths == wanted, (widths == wanted + 1) & _ends_with(lines, header.separator)
        self._reject(lines, _WRONG_WIDTH, ~exact & ~trailing)
        for mask, columns in ((exact, header.fields), (trailing, (*header.fields, ""))):
            if mask.any():
                yield from self._timed(lines.only(mask), header, columns)

    def _timed(self, lines: _Lines, header: Header, columns: tuple[str, ...]) -> Iterator[EventBatch]:
        log = log_of(header.path, frozenset(header.fields))
        frame = typed(lines.data, header, columns, log).with_columns(
            pl.Series(SEQUENCE, lines.sequence, dtype=pl.Int64), pl.lit(header.path or path_of(log)).alias(LOG_NAME)
        )
        timed = frame["ts"].is_not_null().to_numpy()
        self._reject(lines, _NO_TIME, ~timed)
        if timed.any():
            yield log.batch(frame if timed.all() else frame.filter(timed))

    def _reject(self, lines: _Lines, reason: str, bad: npt.NDArray[np.bool_]) -> None:
        if bad.any():
            at = int(bad.argmax())
            self.rejects.add(
                sequence=int(lines.sequence[at]),
                offset=int(lines.offset[at]),
                reason=reason,
                raw=lines.line(at),
                count=int(bad.sum()),
            )


def _widths(lines: _Lines, separator: str) -> Places:
    """Return the number of fields of each line: one more than its separators."""
    data = np.frombuffer(lines.data, np.uint8)
    breaks = data[np.flatnonzero((data == ord(separator)) | (data == ord("\n")))]
    widths: Places = np.diff(np.flatnonzero(breaks == ord("\n")), prepend=-1)
    return widths


def _ends_with(lines: _Lines, separator: str) -> npt.NDArray[np.bool_]:
    data = np.frombuffer(lines.data, np.uint8)
    last = np.maximum(lines.ends - 2, 0)
    last = np.where(data[last] == ord("\r"), np.maximum(last - 1, 0), last)
    mask: npt.NDArray[np.bool_] = data[last] == ord(separator)
    return mask


def _guess(line: bytes) -> Header:
    """Return the header of a log that has lost it: a conn log, or none."""
    return Header(path="conn", fields=_CONN_FIELDS) if CONN_LINE.match(line) else Header()


def typed(data: bytes, header: Header, columns: tuple[str, ...], log: Log) -> pl.DataFrame:
    """Return lines of exactly these columns as the typed frame of a log: its fields, and ``UNMAPPED`` where there are others."""
    raw = pl.read_csv(
        data,
        has_header=False,
        separator=header.separator,
        quote_char=None,
        schema={name: _READ_AS.get(log.fields.get(name, ""), pl.String) for name in columns},
        null_values=[header.unset, header.empty],
        encoding="utf8-lossy",
        ignore_errors=True,  # an unreadable number is null; an unreadable time makes the line a reject
    )
    raw = _parted(raw.drop("", strict=False), header)
    if b"\\" in data:
        raw = raw.with_columns(
            unescape_column(raw[c])
            for c in raw.columns
            if log.fields.get(c, "text") == "text" and raw[c].dtype == pl.String
        )
    mapped = raw.select(_read(name, log.fields[name], header) for name in raw.columns if name in log.fields)
    if b"\\" in data:
        mapped = mapped.with_columns(unescape_lists(c) for c in mapped.iter_columns() if c.dtype == TYPES["texts"])
    return mapped.with_columns(_unmapped(raw.select(c for c in raw.columns if c not in log.fields)))


def _read(name: str, kind: str, header: Header) -> pl.Expr:
    """Return the expression that turns a column as read into its type."""
    column = pl.col(name)
    if kind == "time":
        return (pl.when(column.is_between(0, LAST_SECOND)).then(column) * 1e6).round().cast(pl.Int64).cast(TYPES[kind])
    if kind == "flag":
        return column == "T"
    if kind in {"texts", "intervals"}:
        return column.str.split(header.set_separator).cast(TYPES[kind], strict=False)
    return column


def _parted(raw: pl.DataFrame, header: Header) -> pl.DataFrame:
    """Part columns whose name holds several names behind spaces (labelled logs: ``tunnel_parents   label   detailed-label``)."""
    for name in [c for c in raw.columns if " " in c.strip()]:
        names, gap = name.split(), name.strip().removeprefix(name.split()[0])
        joiner = gap[: len(gap) - len(gap.lstrip(" "))]
        parts = raw[name].str.splitn(joiner, len(names)).struct.rename_fields(names).struct.unnest()
        parts = parts.with_columns(pl.all().replace([header.unset, header.empty], None))
        raw = raw.drop(name).hstack([part for part in parts if part.name not in raw.columns])
    return raw


def _unmapped(rest: pl.DataFrame) -> list[pl.Series]:
    """Return the column ``UNMAPPED``: per row a JSON object of the values that are there; nothing when there are none."""
    full = [c for c in rest.columns if rest[c].null_count() < rest.height]
    if not full:
        return []
    members = (
        pl.when(pl.col(c).is_not_null()).then(
            pl.struct(c).struct.json_encode().str.strip_prefix("{").str.strip_suffix("}")
        )
        for c in full
    )
    joined = pl.concat_str(list(members), separator=",", ignore_nulls=True)
    return [rest.select(pl.when(joined != "").then(pl.format("{{{}}}", joined)).alias(UNMAPPED)).to_series()]
