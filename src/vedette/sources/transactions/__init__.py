"""Payments: tables of card payments and transfers as CSV, JSON lines or Parquet."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, ClassVar

import msgspec
import polars as pl
from polars import col

from vedette.abc import Example, Origin, Source
from vedette.errors import SourceError
from vedette.events.batch import EventBatch, Rejects
from vedette.events.jsonlines import TOO_LONG, JsonLines
from vedette.events.lines import Block, blocks
from vedette.events.schema import SCHEMAS, TIME, EventClass
from vedette.intel.payment_columns import NEEDED, payments
from vedette.sources.transactions.payment_parquet import MAGIC, tables
from vedette.sources.transactions.payment_table import Header, cells, header
from vedette.sources.transactions.payment_values import amounts, labels, times

ROWS = 1 << 16
_BOM = b"\xef\xbb\xbf"
_LONGEST = 256
"""Characters of an account, a counterparty or an id that are kept."""
_TEXTS = ("uid", "account", "counterparty", "currency", "channel")
_NO_CELLS = "not as many cells as the header has"
_BAD = {
    "time": "no time, or not one that is read here",
    "account": "no account",
    "amount": "no amount, or not a number",
}
_decoder = msgspec.json.Decoder(dict[str, Any])

_EXAMPLE = b"""\
time,card,terminal,amount,currency,channel,is_fraud
2026-03-05T08:00:00Z,card-17,terminal-3,12.50,EUR,chip,0
2026-03-05T08:01:07Z,card-04,terminal-3,7.99,EUR,chip,0
2026-03-05T08:03:42Z,card-17,"shop, online",1249.00,EUR,web,1
2026-03-05T08:09:00Z,card-22,terminal-9,31.05,EUR,chip,
"""


class Transactions(Source):
    """Payments as CSV, JSON lines or Parquet, told by the names of their columns.

    Needed are a time, an account (card, customer) and an amount, and one of counterparty (terminal, merchant, payee), currency or label.
    Common names are recognised, with or without ``tx_``; other names stand in ``[payments] columns`` of vedette.toml. Amounts are read as
    text and kept exactly, in thousandths of the currency's unit. A label (fraud or not) is known at its ``label_time``, or
    ``label_delay_days`` after the payment. Other columns are left. Parquet from a pipe or an archive is copied to a temporary file.
    """

    name = "transactions"
    emits: ClassVar[tuple[EventClass, ...]] = (EventClass.PAYMENT,)

    def __init__(self, origin: Origin | None = None) -> None:
        super().__init__(origin)
        self._site = payments()
        self._rejects = Rejects(self.name)

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "payments.csv", records=4)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        if head.startswith(MAGIC):
            return True  # its columns stand at the end of the file: ``read`` refuses a table without payments
        line = head.removeprefix(_BOM).lstrip().partition(b"\n")[0].strip()
        if line.startswith(b"{"):
            return _names_of(line) is not None
        return header(line.decode("utf-8", "replace"), payments()) is not None and head.strip().count(b"\n") > 0

    @classmethod
    def preamble(cls, data: bytes) -> bytes:
        line = data.removeprefix(_BOM).lstrip().partition(b"\n")[0]
        return b"" if line.startswith(b"{") else line + b"\n"

    @classmethod
    def cut(cls, data: bytes) -> int:
        return -1 if data.startswith(MAGIC) else data.rfind(b"\n") + 1

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        head, again = _peeked(stream)
        cut: SourceError | None = None
        objects = JsonLines(self.name)
        try:
            if head.startswith(MAGIC):
                frames = self._columns(again)
            elif head.removeprefix(_BOM).lstrip().startswith(b"{"):
                frames = self._objects(blocks(again), objects)
            else:
                frames = self._lines(blocks(again))
            for frame in frames:
                yield from self._batches(frame)
        except SourceError as error:
            cut = error
        for rejects in (self._rejects, objects.rejects):
            if rejects:
                yield rejects.batch()
        if cut:
            raise cut

    # -------------------------------------------------------------------------------------------------------- three forms

    def _lines(self, whole: Iterator[Block]) -> Iterator[pl.DataFrame]:
        """Yield texts of CSV: a column per thing held, ``metadata.sequence``, ``_line`` and ``_offset``."""
        known: Header | None = None
        number = 0
        for block in whole:
            if block.overlong:
                self._rejects.add(sequence=number, offset=block.offset, reason=TOO_LONG, raw=block.data)
                number += 1
                continue
            text = block.data.decode("utf-8", "replace")
            lines = [x.rstrip("\r") for x in text.removeprefix("\ufeff").split("\n")]
            if known is None:
                first = next((i for i, x in enumerate(lines) if x.strip()), None)
                if first is None:
                    continue
                known = header(lines[first], self._site)
                if known is None:
                    raise SourceError("the first line does not name the columns of payments")
                lines[: first + 1] = [""] * (first + 1)
            frame = pl.DataFrame({"_line": lines}).with_row_index("_place").filter(col("_line").str.contains(r"\S"))
            numbers = pl.int_range(number, number + frame.height, dtype=pl.Int64, eager=True)
            number += frame.height
            frame = frame.with_columns(numbers.alias("metadata.sequence"), pl.lit(block.offset).alias("_offset"))
            found = cells(frame, known)
            for bad in found.filter(~col("_fits")).partition_by("_fits"):
                self._refuse(bad, _NO_CELLS)
            yield found.filter("_fits")

    def _objects(self, whole: Iterator[Block], objects: JsonLines) -> Iterator[pl.DataFrame]:
        places: dict[str, str] | None = None
        for block in whole:
            for rows, numbers in objects.read(block, _decoder):
                if not rows:
                    continue
                if places is None:
                    names = list(rows[0])
                    places = {what: names[i] for what, i in self._site.places(names).items()}
                held = {w: pl.Series(w, [_text(r.get(n)) for r in rows], dtype=pl.String) for w, n in places.items()}
                yield pl.DataFrame(held).with_columns(
                    pl.Series("metadata.sequence", list(numbers), dtype=pl.Int64),
                    _line=pl.lit("", pl.String),
                    _offset=pl.lit(block.offset),
                )

    def _columns(self, stream: BinaryIO) -> Iterator[pl.DataFrame]:
        for frame in tables(stream, self._site):
            yield frame.with_columns(_line=pl.lit("", pl.String), _offset=pl.lit(0))

    # ------------------------------------------------------------------------------------------------------------- values

    def _batches(self, frame: pl.DataFrame) -> Iterator[EventBatch]:
        """Yield what has a time, an account and an amount, and count the rest as rejects."""
        if not frame.height:
            return
        absent = [w for w in (*_TEXTS, *NEEDED, "label", "label_time") if w not in frame.columns]
        given = frame.with_columns(pl.lit(None, pl.String).alias(w) for w in absent)
        read = given.with_columns(
            _time(given["time"], self),
            _time(given["label_time"], self),
            *(col(t).str.slice(0, _LONGEST).str.strip_chars().replace("", None) for t in _TEXTS),
            (amounts(col("amount")) if given.schema["amount"] == pl.String else _counted(col("amount"))).alias(
                "amount"
            ),
            labels(col("label").cast(pl.String)).alias("label"),
        )
        for what, reason in _BAD.items():
            bad = read.filter(col(what).is_null())
            if bad.height:
                self._refuse(bad, reason)
                read = read.filter(col(what).is_not_null())
        late = pl.when(col("label").is_not_null()).then(col("time") + self._site.label_delay)
        known = pl.coalesce("label_time", late).alias("label_time")
        types = SCHEMAS[EventClass.PAYMENT]
        names = {w: f"vedette.payment.{w}" for w in ("amount", "label", *_TEXTS)}
        events = read.with_columns(known).select(
            "time",
            "metadata.sequence",
            *(col(w).cast(types[path]).alias(path) for w, path in names.items() if w not in absent),
            *([] if "label" in absent else [col("label_time").cast(TIME).alias("vedette.payment.label_time")]),
        )
        for part in events.iter_slices(ROWS):
            yield EventBatch(EventClass.PAYMENT, part)

    def _refuse(self, bad: pl.DataFrame, reason: str) -> None:
        self._rejects.add(
            sequence=bad["metadata.sequence"][0],
            offset=bad["_offset"][0],
            reason=reason,
            raw=str(bad["_line"][0]).encode(),
            count=bad.height,
        )


def _time(given: pl.Series, source: Transactions) -> pl.Series:
    """Return times in UTC, of texts or of times without a zone."""
    if given.dtype == pl.String:
        return times(given, source.origin.zone).alias(given.name)
    naive = given.cast(pl.Datetime("us"))
    zone = str(source.origin.zone)
    return naive.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").cast(TIME).alias(given.name)


def _counted(amount: pl.Expr) -> pl.Expr:
    """Return thousandths of numbers."""
    thousandths = (amount.cast(pl.Float64) * 1000).round()
    return pl.when(thousandths.abs() < 1e18).then(thousandths).cast(pl.Int64, strict=False)  # noqa: PLR2004 - what Int64 holds


def _text(value: object) -> str | None:
    """Return a JSON value as the text it was written as; null for lists and objects."""
    if isinstance(value, str):
        return value
    return None if value is None or isinstance(value, (dict, list)) else str(value)


def _names_of(line: bytes) -> Sequence[str] | None:
    try:
        names = list(_decoder.decode(line))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return names if payments().fits(names) else None


def _peeked(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """Return the first bytes and a stream that begins with them; a real file stays one."""
    if stream.seekable():
        head = stream.read(_PEEK)
        stream.seek(0)
        return head, stream
    head = b""
    while len(head) < _PEEK and (more := stream.read(_PEEK - len(head))):
        head += more
    return head, _Again(head, stream)  # type: ignore[return-value]


_PEEK = 64


class _Again(io.RawIOBase):
    """A stream whose first bytes were read already."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._head:
            n = len(self._head) if size < 0 else size
            out, self._head = self._head[:n], self._head[n:]
            return out
        return self._rest.read(size)
