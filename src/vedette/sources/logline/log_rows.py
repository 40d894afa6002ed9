"""Lines of text -> event log rows: what a line does not say is taken from the line before."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from polars import col

from vedette.abc import Origin
from vedette.events.batch import EventBatch, Rejects
from vedette.events.dates import Calendar
from vedette.events.lines import LINE_LIMIT_BYTES, Block
from vedette.events.schema import SCHEMAS, TIME, EventClass
from vedette.sources.logline.log_heads import parted, severity
from vedette.sources.logline.log_stamps import stamped

ROWS = 1 << 16
MESSAGE_LIMIT = 1 << 15
"""Characters of a message that are kept."""
NAME_LIMIT = 255
PRIORITY = r"^<([0-9]{1,3})>(?:1 )?"
"""What stands before a message of syslog: facility * 8 + severity (RFC 5424, 6.2.1)."""
_PRIORITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
_KEPT = ("time", "host", "program", "pid", "assumed")
_LAST = {"time": TIME, **dict.fromkeys(_KEPT[1:], pl.String())}


class LogRows:
    """Turns blocks of lines into batches; keeps what the last line with a time said."""

    def __init__(self, origin: Origin) -> None:
        self._dates = Calendar.of(origin.modified, origin.zone)
        self._written = origin.modified
        self._placed: set[str] = set()
        self._last = pl.DataFrame({c: [None] for c in _LAST}, schema=_LAST)

    def batches(self, block: Block, rejects: Rejects) -> Iterator[EventBatch]:
        """Yield the lines of a block; empty ones, and ones before any known time, become rejects."""
        if block.overlong:
            reason = f"line longer than {LINE_LIMIT_BYTES:,} bytes"
            rejects.add(sequence=block.sequence, offset=block.offset, reason=reason, raw=block.data[:1024])
            return
        text = block.data.decode("utf-8", "replace").replace("\r\n", "\n").removesuffix("\n")
        text = text.removeprefix("\ufeff") if block.offset == 0 else text
        lines = pl.Series("line", [text]).str.split("\n").explode().to_frame().with_row_index("row")
        for part in lines.with_columns(col("row").cast(pl.Int64)).iter_slices(ROWS):
            rows = self._filled(part)
            for reason, odd in (
                ("empty line", col("line").str.strip_chars() == ""),
                ("line without a time, in a file of unknown age", col("time").is_null()),
            ):
                bad = rows.filter(odd)
                rows = rows.filter(~odd)
                if bad.height:
                    self._reject(rejects, block, bad, reason)
            if rows.height:
                yield EventBatch(EventClass.EVENT_LOG, _columns(rows, block.sequence))

    def _filled(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Return (n, row, line, time, ``HEADS``, lead, assumed, continued, undated)."""
        priority = lines["line"].str.extract(PRIORITY).cast(pl.Int32)
        told = priority.is_not_null()
        found = stamped(lines.with_columns(col("line").str.replace(PRIORITY, "")) if told.any() else lines, self._dates)
        heads = parted(found["rest"])
        lettered = heads.with_columns(level=pl.coalesce("level", found["letter"])).with_columns(found["row"])
        known = found.drop("rest", "letter").join(lettered, on="row", maintain_order="left")
        rows = lines.join(known, on="row", how="left", maintain_order="left")
        words = (priority % len(_PRIORITIES)).replace_strict(dict(enumerate(_PRIORITIES)), return_dtype=pl.String)
        alone = (
            rows["time"].is_null() & told & (self._written is not None)
        )  # a message of its own, whatever stood before
        rows = rows.with_columns(
            level=pl.coalesce("level", words),
            message=pl.when(alone).then(col("line").str.replace(PRIORITY, "")).otherwise("message"),
            time=pl.when(alone).then(pl.lit(self._written, TIME)).otherwise("time"),
        )
        rows = rows.with_columns(continued=col("time").is_null())
        before = pl.concat([self._last, rows.select(_KEPT)])
        said = before.select(
            pl.when(col("time").is_not_null()).then(pl.struct(_KEPT)).forward_fill().alias("s")
        ).unnest("s")
        self._last = said.tail(1)
        rows = rows.with_columns(said.slice(1))
        undated = rows["time"].is_null()
        return rows.with_columns(
            message=pl.when("continued").then("line").otherwise("message"),
            time=col("time").fill_null(pl.lit(self._written, TIME)),
            continued=pl.lit(undated).not_() & col("continued"),
            undated=undated | alone,
        )

    def _reject(self, rejects: Rejects, block: Block, bad: pl.DataFrame, reason: str) -> None:
        """Count bad lines; the place is looked for once for each reason, as only the first is kept."""
        first, before, raw = int(bad["row"][0]), 0, b""
        if reason not in self._placed:
            self._placed.add(reason)
            before = sum(len(line) + 1 for line in block.data.split(b"\n", first)[:first])
            raw = block.data[before:].partition(b"\n")[0]
        rejects.add(
            sequence=block.sequence + first, offset=block.offset + before, reason=reason, raw=raw, count=bad.height
        )


def _columns(rows: pl.DataFrame, first: int) -> pl.DataFrame:
    schema = SCHEMAS[EventClass.EVENT_LOG]
    made = {
        "metadata.sequence": col("row") + first,
        "time": col("time"),
        "severity_id": severity(col("level")),
        "message": col("message").str.slice(0, MESSAGE_LIMIT),
        "metadata.log_provider": pl.lit("logline"),
        "device.hostname": col("host").str.slice(0, NAME_LIMIT),
        "actor.process.name": col("program").str.slice(0, NAME_LIMIT),
        "actor.process.pid": col("pid").cast(pl.Int32, strict=False),
        "unmapped": col("assumed"),
    }
    own = {
        "level": col("level"),
        "lead": col("lead").str.strip_chars().str.slice(0, NAME_LIMIT),
        "continued": pl.when("continued").then(pl.lit("1")),
        "undated": pl.when("undated").then(pl.lit("1")),
    }
    said = rows.select(e.alias(f"unmapped.{c}") for c, e in own.items())
    said = said.select(s for s in said if s.null_count() < len(s))
    return rows.select(e.cast(schema[c]).alias(c) for c, e in made.items()).hstack(said)
