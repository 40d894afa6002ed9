"""Texts of payments into values: exact amounts in thousandths, times, labels."""

from __future__ import annotations

from datetime import tzinfo

import polars as pl
from polars import col

from vedette.events.schema import TIME
from vedette.events.times import LAST_MICROSECOND, believed

_AMOUNT = r"^(?P<minus>[-\x{2212}(])?\+?(?P<whole>[0-9]{1,15})?(?:\.(?P<part>[0-9]*))?\)?(?P<after>-)?$"
_ORNAMENT = r"(?i)[\s'_$€£¥]|^[a-z]{3}|[a-z]{3}$"
_THOUSANDS = r"^[-+\x{2212}(]?[0-9]{1,3}(?:,[0-9]{3})+\)?-?$"
_DIGITS = 3
_CLOCK = r"(?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?P<part>[.,][0-9]{1,9})?"
_ZONE = r"(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?"
_STAMP = rf"^(?P<date>[0-9]{{4}}[-/]?[0-9]{{2}}[-/]?[0-9]{{2}})(?:[T ]{_CLOCK} ?{_ZONE})?$"
_DOTTED = r"^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})"
_EPOCH = r"^[0-9]{9,16}(?:\.[0-9]{1,9})?$"
_MILLISECONDS_FROM, _MICROSECONDS_FROM = 1e11, 1e14
_YES = ("1", "1.0", "true", "t", "yes", "y", "fraud", "fraudulent")
_NO = ("0", "0.0", "false", "f", "no", "n", "genuine", "legit", "legitimate", "ok")


def amounts(texts: pl.Expr) -> pl.Expr:
    """Return thousandths of the currency's unit (Int64), null where there is no amount; exact, never through a float.

    A comma is a decimal comma unless a point follows it, or groups of exactly three digits do; what lies beyond thousandths is rounded.

    Example:
        >>> pl.select(amounts(pl.Series(["12.50", "1.234,56 €", "1,234", "-0.0005", "n/a"]))).to_series().to_list()
        [12500, 1234560, 1234000, -1, None]
    """
    bare = texts.str.replace_all(_ORNAMENT, "")
    comma_last = bare.str.contains(r",[^.]*$") & ~bare.str.contains(_THOUSANDS)
    plain = (
        pl.when(comma_last)
        .then(bare.str.replace_all(".", "", literal=True).str.replace(",", "."))
        .otherwise(bare.str.replace_all(",", "", literal=True))
    )
    parts = plain.str.extract_groups(_AMOUNT).struct
    whole, part = parts.field("whole"), parts.field("part").fill_null("")
    there = whole.is_not_null() | (part.str.len_bytes() > 0)
    thousandths = (part + "000").str.slice(0, _DIGITS).cast(pl.Int64, strict=False)
    more = part.str.contains(r"^[0-9]{3}[5-9]").cast(pl.Int64)
    total = whole.fill_null("0").cast(pl.Int64, strict=False) * 10**_DIGITS + thousandths + more
    minus = parts.field("minus").is_not_null() | parts.field("after").is_not_null()
    return pl.when(there).then(pl.when(minus).then(-total).otherwise(total))


def times(texts: pl.Series, zone: tzinfo) -> pl.Series:
    """Return (n,) times in UTC, null where there is none: ISO 8601, day.month.year, or seconds, ms or us since 1970.

    Example:
        >>> from datetime import UTC
        >>> [str(t) for t in times(pl.Series(["2024-01-15 00:05:01.5", "1705277100", "31.1.2024 10:00", "soon"]), UTC)]
        ['2024-01-15 00:05:01.500000+00:00', '2024-01-15 00:05:00+00:00', '2024-01-31 10:00:00+00:00', 'None']
    """
    text = col("text").str.strip_chars()
    dotted = text.str.extract_groups(_DOTTED).struct
    turned = pl.format("{}-{}-{}", dotted.field("3"), dotted.field("2").str.zfill(2), dotted.field("1").str.zfill(2))
    has_dots = text.str.contains(_DOTTED)
    iso = pl.when(has_dots).then(turned + text.str.replace(_DOTTED, "")).otherwise(text)
    parts = texts.alias("text").to_frame().with_columns(text=iso)
    parts = parts.with_columns(col("text").str.extract_groups(_STAMP).alias("parts")).unnest("parts")
    clock = col("clock").fill_null("00:00")
    clock = pl.when(clock.str.len_bytes() == len("00:00")).then(clock + ":00").otherwise(clock)
    date = col("date").str.replace_all("[-/]", "")
    local = (date + clock).str.to_datetime("%Y%m%d%H:%M:%S", time_unit="us", strict=False)
    micros = (col("part").str.slice(1).fill_null("") + "000000").str.slice(0, 6).cast(pl.Int64, strict=False)
    local = local + pl.duration(microseconds=micros.fill_null(0))
    offset = col("zone").str.replace(":", "")
    minutes = offset.str.slice(1, 2).cast(pl.Int64, strict=False) * 60 + offset.str.slice(3, 2).cast(
        pl.Int64, strict=False
    )
    signed = pl.when(offset.str.starts_with("-")).then(-minutes).otherwise(minutes)
    shifted = (local - pl.duration(minutes=signed.fill_null(0))).dt.replace_time_zone("UTC")
    naive = local.dt.replace_time_zone(str(zone), ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")
    number = pl.when(col("text").str.contains(_EPOCH)).then("text").cast(pl.Float64, strict=False)
    scale = pl.when(number >= _MICROSECONDS_FROM).then(1.0).when(number >= _MILLISECONDS_FROM).then(1e3).otherwise(1e6)
    micro = number * scale
    epoch = pl.when(micro <= LAST_MICROSECOND).then(micro).cast(pl.Int64).cast(pl.Datetime("us")).cast(TIME)
    said = pl.when(col("zone").is_not_null()).then(shifted.cast(TIME)).otherwise(naive.cast(TIME))
    return parts.select(time=believed(pl.coalesce(said, epoch)))["time"]


def labels(texts: pl.Expr) -> pl.Expr:
    """Return 1 (fraud), 0 (genuine) or null (nobody said), Int32.

    Example:
        >>> pl.select(labels(pl.Series(["1", "False", "", "perhaps"]))).to_series().to_list()
        [1, 0, None, None]
    """
    word = texts.str.strip_chars().str.to_lowercase()
    return pl.when(word.is_in(_YES)).then(1).when(word.is_in(_NO)).then(0).cast(pl.Int32)
