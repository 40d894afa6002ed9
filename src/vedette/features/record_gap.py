"""Holes in the record numbers of an event log: what was known of the log before each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from vedette.abc import History, HistoryFeatures
from vedette.events.schema import EventClass
from vedette.events.windows.emitted import EMITTED

_LOG = ("device.hostname", "log_name", "metadata.log_name")
MOST_LOGS = 100_000
"""Logs that are remembered; beyond it, memory starts anew."""
_SAME = {
    "metadata.uid": pl.col("metadata.uid"),
    "device.hostname": pl.col("device.hostname"),
    "log_name": pl.col("unmapped.Channel"),
}


_KNOWN: dict[str, pl.DataType] = {
    **{c: pl.String() for c in _LOG},
    "last": pl.Int64(),
    "at": pl.Datetime("us", "UTC"),
    "before": pl.Int64(),
    "holed": pl.Int64(),
}


class _Known(NamedTuple):
    """What is known of a log: its highest record, when that was, records and holes so far."""

    last: int
    at: object
    seen: int
    holes: int


class RecordGap(HistoryFeatures):
    """A row per hole: record numbers that a log passed over between one event and the next.

    Windows numbers the records of each log one by one. ``missing`` is how many numbers are not there, ``seen`` how many records came one
    after the other or otherwise before, ``holes`` how many holes there were before, ``since`` when the record before the hole was written.
    Only for files and machines whose channel is known; a log that is read twice, or restarts at one, has no hole.
    """

    name = "record_gap"
    needs = EventClass.EVENT_LOG
    requires = ("metadata.uid", "log_name", "device.hostname")
    also = {kind: _SAME for kind in EMITTED if kind is not EventClass.EVENT_LOG}  # noqa: RUF012 - as the contract has it
    keys = ("device.hostname", "log_name")

    def history(self) -> History:
        return GapHistory()


class GapHistory(History):
    """Highest record, records and holes of each log."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], _Known] = {}

    def judge(self, events: pl.DataFrame) -> pl.DataFrame:
        numbered = pl.col("metadata.uid").str.to_integer(strict=False)
        rows = events.select(
            *("time", "metadata.log_name", "metadata.sequence", "device.hostname", "log_name"),
            record=numbered,
        ).filter(pl.col("record") > 0)
        before = self._before(rows)
        rows = rows.join(before, on=_LOG, how="left", nulls_equal=True, maintain_order="left")
        highest = pl.max_horizontal("last", pl.col("record").cum_max().shift(1).over(_LOG))
        rows = rows.with_columns(highest=highest, nth=pl.int_range(pl.len()).over(_LOG))
        missing = pl.col("record") - pl.col("highest") - 1
        rows = rows.with_columns(missing=pl.when(missing > 0).then(missing).otherwise(0))
        hole = (pl.col("missing") > 0).cast(pl.Int64)
        rows = rows.with_columns(
            seen=pl.col("before") + pl.col("nth"),
            holes=pl.col("holed") + hole.cum_sum().over(_LOG) - hole,
            since=pl.coalesce(pl.col("time").shift(1).over(_LOG), "at"),
        )
        self._learn(rows)
        told = (*_LOG, "time", "metadata.sequence", "missing", "seen", "holes", "since")
        return rows.filter(pl.col("missing") > 0).select(told)

    def _before(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return what is known of the logs of these rows, one row each."""
        logs = rows.select(_LOG).unique().rows()
        known = [self._known.get(log) for log in logs]
        data = [(*log, *(k or (None, None, 0, 0))) for log, k in zip(logs, known, strict=True)]
        return pl.DataFrame(data, schema=_KNOWN, orient="row")

    def _learn(self, rows: pl.DataFrame) -> None:
        last = rows.group_by(_LOG).agg(
            pl.max_horizontal(pl.col("record").max(), pl.col("last").max()),
            pl.col("time").last(),
            pl.col("before").first() + pl.len(),
            pl.col("holed").first() + (pl.col("missing") > 0).sum(),
        )
        if len(self._known) + last.height > MOST_LOGS:
            self._known.clear()
        for *log, record, at, seen, holes in last.iter_rows():  # one per log
            self._known[tuple(log)] = _Known(record, at, seen, holes)

    def dump(self) -> dict[str, pl.DataFrame]:
        rows = [(*log, *known) for log, known in self._known.items()]  # one per log, 100,000 at the most
        return {"known": pl.DataFrame(rows, schema=_KNOWN, orient="row")}

    def load(self, frames: Mapping[str, pl.DataFrame]) -> None:
        for *log, record, at, seen, holes in frames["known"].iter_rows():  # one per log
            self._known[tuple(log)] = _Known(record, at, seen, holes)
