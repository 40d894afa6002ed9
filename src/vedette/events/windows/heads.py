"""What every Windows event says of itself, from texts to columns: when, which log, which machine, which record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import polars as pl

from vedette.events.json_log import times
from vedette.events.schema import TIME

HEADS = {
    "provider": "metadata.log_provider",
    "code": "metadata.event_code",
    "host": "device.hostname",
    "record": "metadata.uid",
    "channel": "unmapped.Channel",
}
"""Name in a record's head -> column."""

_JSON_DATE = r"^/Date\((\d{10,14})(?:[+-]\d{4})?\)/$"
_NO_ZONE = r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?$"
_LAYOUTS = {
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z$": "%Y-%m-%dT%H:%M:%S%.fZ",
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?$": "%Y-%m-%d %H:%M:%S%.f",
}
ZERO = "1601-01-01"
"""What Windows writes for a time it does not know (its epoch); such a record gets the time of its neighbour, or that of the file."""
_QUARTER = timedelta(minutes=15)
_WIDEST_ZONE = timedelta(hours=15)


def heads(
    texts: Mapping[str, Sequence[object]],
    numbers: Sequence[int],
    *,
    local: bool = False,
    otherwise: datetime | None = None,
) -> tuple[pl.DataFrame, pl.Series]:
    """Return the heads of records, as ``WindowsRows.add`` takes them, and which of the records have a time that can be read.

    Args:
        texts: by name: ``time``; of ``HEADS`` what is known; ``received``: when a collector got it, with a zone.
        numbers: (n,) ``metadata.sequence``.
        local: True where ``time`` has no zone and is not UTC: its zone is then that which brings it nearest to ``received``.
        otherwise: the time of records whose own is Windows' zero, where no record beside them has one.
    """
    columns = {path: _texts(texts[name]) for name, path in HEADS.items() if name in texts}
    frame = pl.DataFrame({"metadata.sequence": pl.Series(numbers, dtype=pl.Int64), **columns})
    time = _texts(texts["time"])
    when = _moments(time, otherwise)
    if local and "received" in texts:
        when = _zoned(time, when, _moments(_texts(texts["received"])))
    frame = frame.with_columns(when.alias("time"))
    known = when.is_not_null()
    return (frame, known) if known.all() else (frame.filter(known), known)


def _texts(values: Sequence[object]) -> pl.Series:
    try:
        return pl.Series(values, dtype=pl.String)
    except TypeError:
        return pl.Series(
            [None if v is None or isinstance(v, (dict, list)) else str(v) for v in values], dtype=pl.String
        )


def _moments(texts: pl.Series, otherwise: datetime | None = None) -> pl.Series:
    """Return times in UTC, null where there is none; Windows' zero gets the time before it, or else after it."""
    found = _uniform(texts)
    if found is None:
        found = times(pl.DataFrame({"t": texts}).select(pl.coalesce(pl.col("t").str.extract(_JSON_DATE), "t"))["t"])
    zero = texts.str.starts_with(ZERO).fill_null(value=False)
    if zero.any():
        frame = pl.DataFrame({"time": found.set(zero, None), "zero": zero})
        near = pl.col("time").forward_fill().backward_fill()
        if otherwise is not None:
            near = near.fill_null(pl.lit(otherwise, dtype=TIME))
        found = frame.select(pl.when("zero").then(near).otherwise("time"))["time"]
    return found


def _uniform(texts: pl.Series) -> pl.Series | None:
    """Return times where all are written as collectors mostly do, quickly; None elsewhere."""
    present = texts.drop_nulls()
    layout = next((f for pattern, f in _LAYOUTS.items() if len(present) and re.match(pattern, present[0])), None)
    if layout is None:
        return None
    found = texts.str.to_datetime(layout, time_unit="us", strict=False).cast(TIME)
    if found.null_count() > texts.null_count():
        return None
    early = (found.dt.year() < 1970).any() or (found.dt.year() > 2199).any()  # noqa: PLR2004 - see events.times
    return None if early else found


def _zoned(texts: pl.Series, local: pl.Series, received: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"text": texts, "local": local, "received": received})
    ahead = pl.col("received") - pl.col("local")
    quarters = (ahead.dt.total_seconds() / _QUARTER.total_seconds()).round().cast(pl.Int64)
    fits = (ahead.abs() < _WIDEST_ZONE) & pl.col("text").str.contains(_NO_ZONE)
    moved = pl.col("local") + quarters * pl.lit(_QUARTER)
    return frame.select(time=pl.when(fits).then(moved).otherwise("local").cast(TIME))["time"]
