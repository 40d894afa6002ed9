"""Times that lists carry: ISO 8601 with `-` or `/`, with or without a zone, dates, and seconds or milliseconds since 1970."""

from __future__ import annotations

from datetime import tzinfo

import polars as pl
from polars import col

from vedette.events.schema import TIME
from vedette.events.times import LAST_MICROSECOND, believed

_CLOCK = r"(?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,][0-9]+)?"
_ZONE = r"(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?"
_STAMP = rf"^(?P<date>[0-9]{{4}}[-/][0-9]{{2}}[-/][0-9]{{2}})(?:[T ]{_CLOCK} ?{_ZONE})?$"
_EPOCH = r"^[0-9]{9,13}(?:\.[0-9]{1,9})?$"
_MILLISECONDS_FROM = 1e11


def times(texts: pl.Series, zone: tzinfo) -> pl.Series:
    """Return (n,) times in UTC, null where there is none; one without a zone is in ``zone``.

    Example:
        >>> from datetime import UTC
        >>> [str(t) for t in times(pl.Series(["2024/01/15 00:05", "1705277100", "soon"]), UTC)]
        ['2024-01-15 00:05:00+00:00', '2024-01-15 00:05:00+00:00', 'None']
    """
    parts = texts.alias("text").to_frame().with_columns(col("text").str.strip_chars())
    parts = parts.with_columns(col("text").str.extract_groups(_STAMP).alias("parts")).unnest("parts")
    clock = pl.coalesce("clock", pl.lit("00:00"))
    clock = pl.when(clock.str.len_bytes() == len("00:00")).then(clock + ":00").otherwise(clock)
    local = (col("date").str.replace_all("/", "-") + " " + clock).str.to_datetime(
        "%Y-%m-%d %H:%M:%S", time_unit="us", strict=False
    )
    offset = col("zone").str.replace(":", "")
    minutes = offset.str.slice(1, 2).cast(pl.Int64, strict=False) * 60 + offset.str.slice(3, 2).cast(
        pl.Int64, strict=False
    )
    signed = pl.when(offset.str.starts_with("-")).then(-minutes).otherwise(minutes)
    shifted = (local - pl.duration(minutes=signed.fill_null(0))).dt.replace_time_zone("UTC")
    naive = local.dt.replace_time_zone(str(zone), ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")
    number = pl.when(col("text").str.contains(_EPOCH)).then("text").cast(pl.Float64, strict=False)
    micro = pl.when(number >= _MILLISECONDS_FROM).then(number * 1e3).otherwise(number * 1e6)
    epoch = pl.when(micro <= LAST_MICROSECOND).then(micro).cast(pl.Int64).cast(pl.Datetime("us")).cast(TIME)
    said = pl.when(col("zone").is_not_null()).then(shifted.cast(TIME)).otherwise(naive.cast(TIME))
    return parts.select(time=believed(pl.coalesce(said, epoch)))["time"]
