"""Times of web logs: `05/Mar/2026:08:01:12 +0100` with months in any of a dozen languages, ISO 8601, seconds or milliseconds since 1970.

A log repeats its stamps, second by second, so Polars' cache of parsed texts does the usual form; only what that leaves is looked at again.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import polars as pl
from polars import col

from vedette.events.schema import TIME
from vedette.events.stamps import stamps
from vedette.events.times import LAST_MICROSECOND, believed

_COMMON = "%d/%b/%Y:%H:%M:%S %z"
_CLOCK = r"(?P<clock>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,:](?P<fraction>[0-9]{1,9}))?"
_ZONE = r"(?: ?(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?$"
_WORDY = r"^(?P<day>[0-9]{1,2})[/ -](?P<month>\p{L}{3,10})\.?[/ -](?P<year>[0-9]{4})[: ]" + _CLOCK + _ZONE
_ISO = r"^(?P<year>[0-9]{4})[-/](?P<month>[0-9]{2})[-/](?P<day>[0-9]{2})[T ]" + _CLOCK + _ZONE
_EPOCH = r"^[0-9]{9,13}(?:\.[0-9]{1,9})?$"
_MILLISECONDS_FROM = 1e11
"""A number of seconds beyond this (the year 5138) is one of milliseconds."""

_MONTHS = {
    name: f"{number:02}"
    for number, names in enumerate(
        (
            "jan january janv janvier ene enero gen gennaio januar sty led",
            "feb february févr fév fev février febrero febbraio februar lut úno",
            "mar march mär mrz märz mars marzo mrt maart bře",
            "apr april avr avril abr abril aprile kwi dub",
            "may mai mayo mag maggio mei maio maj kvě",
            "jun june juin junio giu giugno juni cze čvn",
            "jul july juil juillet julio lug luglio juli lip čvc",
            "aug august août aou ago agosto augustus sie srp",
            "sep sept september septembre septiembre set settembre wrz zář",
            "oct october okt oktober octobre octubre ott ottobre out paź říj",
            "nov november novembre noviembre novembro lis",
            "dec december déc décembre dic diciembre dicembre dez dezember gru pro",
        ),
        start=1,
    )
    for name in names.split()
}


def times(texts: pl.Series, zone: tzinfo) -> pl.DataFrame:
    """Return (n,) ``time`` in UTC, null where there is none, and ``assumed``: the text had no zone, so it was taken to be in ``zone``.

    Example:
        >>> times(pl.Series(["05/Mär/2026:08:01:12 +0100"]), UTC)["time"].to_list()
        [datetime.datetime(2026, 3, 5, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo(key='UTC'))]
    """
    alike = stamps(texts) if zone is UTC and not texts.null_count() else None
    if alike is not None:
        return pl.DataFrame({"time": alike, "assumed": pl.zeros(len(texts), pl.Boolean, eager=True)})
    usual = col("text").str.to_datetime(_COMMON, time_unit="us", strict=False).cast(TIME)
    frame = pl.DataFrame({"text": texts}).with_row_index().with_columns(time=usual, assumed=pl.lit(value=False))
    odd = frame["time"].is_null() & frame["text"].is_not_null()
    if odd.any():
        hard = frame.filter(odd).select("index", "text", **_unusual(zone))
        frame = pl.concat([frame.filter(~odd), hard]).sort("index")
    return frame.select(believed(col("time")).alias("time"), "assumed")


def _unusual(zone: tzinfo) -> dict[str, pl.Expr]:
    """Return the time and whether its zone was assumed, over ``text``, for every other way to write one."""
    text = col("text")
    number = pl.when(text.str.contains(_EPOCH)).then(text.cast(pl.Float64, strict=False))
    seconds = pl.when(number > _MILLISECONDS_FROM).then(number / 1000).otherwise(number)
    micros = (seconds * 1e6).round().cast(pl.Int64)
    epoch = pl.when(micros <= LAST_MICROSECOND).then(micros).cast(TIME)
    iso, wordy = text.str.extract_groups(_ISO), text.str.extract_groups(_WORDY)
    month = wordy.struct["month"].str.to_lowercase().replace_strict(_MONTHS, default=None, return_dtype=pl.String)
    spelled = [_moment(iso, iso.struct["month"], zone), _moment(wordy, month, zone)]
    zones = pl.coalesce(iso.struct["zone"], wordy.struct["zone"])
    return {"time": pl.coalesce(epoch, *spelled), "assumed": number.is_null() & zones.is_null()}


def _moment(groups: pl.Expr, month: pl.Expr, zone: tzinfo) -> pl.Expr:
    """Return the time in UTC that the groups of a stamp write."""
    part = groups.struct
    date = pl.concat_str(part["year"], month, part["day"].str.zfill(2), separator="-")
    local = (date + " " + part["clock"]).str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
    micros = (part["fraction"] + "000000").str.slice(0, 6).cast(pl.Int64, strict=False).fill_null(0)
    local += pl.duration(microseconds=micros)
    digits = part["zone"].str.replace(r"^(?:Z|UTC|GMT)$", "+00:00")
    hours, minutes = (digits.str.slice(*at).cast(pl.Int64, strict=False) for at in ((1, 2), (-2, 2)))
    ahead = hours * 60 + minutes
    offset = pl.duration(minutes=pl.when(digits.str.starts_with("-")).then(-ahead).otherwise(ahead))
    stated = (local - offset).dt.replace_time_zone("UTC")
    return pl.when(digits.is_null()).then(_utc(local, zone)).otherwise(stated)


def _utc(local: pl.Expr, zone: tzinfo) -> pl.Expr:
    if isinstance(zone, ZoneInfo):
        there = local.dt.replace_time_zone(zone.key, ambiguous="earliest", non_existent="null")
        return there.dt.convert_time_zone("UTC")
    offset = datetime.now(UTC).astimezone(zone).utcoffset()
    return (local - pl.lit(offset)).dt.replace_time_zone("UTC")
