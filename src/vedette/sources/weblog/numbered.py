"""Blocks of bytes -> numbered lines in a column. Blank lines are no records; every other line becomes a row or a reject."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from polars import col

from vedette.events.batch import Rejects
from vedette.events.lines import LINE_LIMIT_BYTES, Block

ROWS = 1 << 16
SEQUENCE = "metadata.sequence"
LINE, PLACE = "_line", "_place"
_TOO_LONG = f"line longer than {LINE_LIMIT_BYTES:,} bytes"


class Numbered:
    """Numbers the records of one input and keeps its rejects."""

    def __init__(self, source: str) -> None:
        self.rejects = Rejects(source)
        self._next = 0

    def lines(self, block: Block) -> pl.DataFrame:
        """Return (n_lines, ``PLACE`` + ``LINE``): where each line stands in the block, and its text; no line is blank."""
        if block.overlong:
            self.rejects.add(sequence=self._next, offset=block.offset, reason=_TOO_LONG, raw=block.data)
            self._next += 1
            return pl.DataFrame(schema={PLACE: pl.Int64, LINE: pl.String})
        text = block.data.decode("utf-8", "replace").replace("\r\n", "\n").removesuffix("\n").removesuffix("\r")
        text = text.removeprefix("\ufeff") if block.offset == 0 else text
        lines = pl.Series(LINE, [text]).str.split("\n").explode().to_frame()
        return lines.select(pl.int_range(pl.len(), dtype=pl.Int64).alias(PLACE), LINE).filter(
            col(LINE).str.contains(r"\S")
        )

    def records(self, lines: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Yield lines that are records, with their numbers, in parts of at most ``ROWS``."""
        for part in lines.iter_slices(ROWS):
            first, self._next = self._next, self._next + len(part)
            yield part.with_columns(pl.int_range(first, self._next, dtype=pl.Int64).alias(SEQUENCE))

    def reject(self, block: Block, bad: pl.DataFrame, reason: str) -> None:
        """Count records of the block as bad."""
        if bad.is_empty():
            return
        place, number = bad[PLACE][0], bad[SEQUENCE][0]
        before = block.data.split(b"\n", place)[:place]
        start = sum(map(len, before)) + len(before)
        raw = block.data[start:].partition(b"\n")[0]
        self.rejects.add(sequence=number, offset=block.offset + start, reason=reason, raw=raw, count=len(bad))
