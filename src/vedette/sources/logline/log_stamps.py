r"""Times in lines of text: where they stand and how they are written, a column at once.

A shape is tried on the lines that no shape before it fits, so a log that is written by one program costs one pass. A stamp stands at the
start of its line, or behind one word; seconds since 1970 also behind up to five. Two numbers with slashes before a year
(`05/01/2026`) are month and day, unless that is no date.
"""

from __future__ import annotations

import polars as pl
from polars import col

from vedette.events.dates import Calendar
from vedette.events.times import believed

_CLOCK = r"(?P<clock>[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2})"
_FRACTION = r"(?:[.,:](?P<fraction>[0-9]{1,9}))?"
_ZONE = r"(?: ?(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})\b)?"
_NAME = r"(?P<name>[A-Z][a-z]{2})"
_DAY = r"(?P<day>[0-9]{1,2})"
_HALF = r"(?: (?P<half>[AP]M))?"
_BEFORE = r"\[?"
_AFTER = r"[\]\"]?(?P<rest>(?:[^0-9A-Za-z].*)?)$"
_STAMPS = (
    r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{2})[-/](?P<day>[0-9]{2})[T ,-]" + _CLOCK + _FRACTION + _ZONE,
    r"(?P<year>[0-9]{2})/(?P<month>[0-9]{2})/(?P<day>[0-9]{2}) " + _CLOCK + _FRACTION,
    _NAME + " {1,2}" + _DAY + r"(?:,? (?P<year>[0-9]{4}),?)? " + _CLOCK + _FRACTION + _HALF,
    r"[A-Z][a-z]{2},? " + _NAME + " {1,2}" + _DAY + " " + _CLOCK + _FRACTION + r"(?: [A-Z]{3,4})? (?P<year>[0-9]{4})",
    r"(?:[A-Z][a-z]{2},? )?" + _DAY + "[-/ ]" + _NAME + "[-/ ](?P<year>[0-9]{4})[T: ]" + _CLOCK + _FRACTION + _ZONE,
    r"(?P<month>[0-9]{2})[-.](?P<day>[0-9]{2}) " + _CLOCK + _FRACTION,
    r"(?P<month>[0-9]{1,2})/" + _DAY + "/(?P<year>[0-9]{4}),? " + _CLOCK + _FRACTION + _HALF,
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})[-T _]" + _CLOCK + _FRACTION + _ZONE,
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})[-T _](?P<hms>[0-9]{6})" + _FRACTION + _ZONE,
    r"(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2}) {1,2}(?P<hms>[0-9]{6})",
    r"(?P<letter>[IWEF])(?P<month>[0-9]{2})(?P<day>[0-9]{2}) " + _CLOCK + _FRACTION,
    r"(?P<unix>[0-9]{10})(?:[.,]?(?P<fraction>[0-9]{1,9}))?",
)
_ISO = _STAMPS[0]
_UNIX = _STAMPS[-1]
_WORD = r"(?P<lead>[^ \t]+) +"
_PAIRS = r"(?P<lead>(?:[0-9A-Za-z_.]+=\"?[^ \t]* ){0,3}?(?:time|ts|timestamp|datetime|date|t)=\"?)"
SHAPES = (
    *("^" + _BEFORE + stamp + _AFTER for stamp in _STAMPS),
    *("^" + _WORD + _BEFORE + stamp + _AFTER for stamp in _STAMPS[:5]),
    "^" + _PAIRS + _ISO + _AFTER,
    "^" + _WORD + _UNIX + _AFTER,
    r"^(?P<lead>(?:[^ \t]+ +){2,5})" + _UNIX + _AFTER,
)
_MONTHS = {
    name: f"{number:02}"
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
NOON = 12
STAMPED: dict[str, pl.DataType | type[pl.DataType]] = {
    "row": pl.Int64,
    "time": pl.Datetime("us", "UTC"),
    "lead": pl.String,
    "letter": pl.String,
    "rest": pl.String,
    "assumed": pl.String,
}


def stamped(lines: pl.DataFrame, dates: Calendar) -> pl.DataFrame:
    """Return (n_dated, ``STAMPED``), in order, of (n, row + line): the lines in which a valid time stands, and what is around it."""
    found = [pl.DataFrame(schema=STAMPED)]
    for shape in SHAPES:
        if lines.is_empty():
            break
        fits = lines["line"].str.contains(shape)
        if fits.any():
            rows = _parted(lines.filter(fits), shape, dates)
            found.append(rows.filter(col("time").is_not_null()))
            dated = found[-1]["row"]
            lines = lines.filter(~col("row").is_in(dated.implode())) if len(dated) < fits.sum() else lines.filter(~fits)
    return pl.concat(found).sort("row")


def _parted(lines: pl.DataFrame, shape: str, dates: Calendar) -> pl.DataFrame:
    groups = lines.select("row", col("line").str.extract_groups(shape)).unnest("line")
    have = groups.columns
    time, assumed = _time(have, dates)
    kept = [col(c) if c in have else pl.lit(None, pl.String).alias(c) for c in ("lead", "letter", "rest")]
    return groups.select("row", believed(time).alias("time"), *kept, assumed=assumed).select(*STAMPED)


def _time(have: list[str], dates: Calendar) -> tuple[pl.Expr, pl.Expr]:
    """Return the time in UTC, and what was assumed about it, from the groups of a stamp."""
    micros = (
        (col("fraction") + "000000").str.slice(0, 6).cast(pl.Int64, strict=False) if "fraction" in have else pl.lit(0)
    )
    fraction = pl.duration(microseconds=micros.fill_null(0))
    if "unix" in have:
        seconds = col("unix").cast(pl.Int64, strict=False) * 1_000_000
        return seconds.cast(pl.Datetime("us", "UTC")) + fraction, pl.lit(None, pl.String)
    local = (_date(have, dates) + " " + _clock(have)).str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
    local += fraction
    if "half" in have:
        hour = local.dt.hour()
        afternoon, twelve = col("half") == "PM", hour == NOON
        shift = pl.when(afternoon & ~twelve).then(NOON).when(~afternoon & twelve).then(-NOON)
        local += pl.duration(hours=shift.otherwise(0).fill_null(0))
    bare = dates.note(year="year" not in have, zone=True)
    if "zone" not in have:
        return dates.utc(local), pl.lit(bare)
    zone = col("zone").str.replace(r"^(?:Z|UTC|GMT)$", "+00:00")
    hours, minutes = (zone.str.slice(*at).cast(pl.Int64, strict=False) for at in ((1, 2), (-2, 2)))
    ahead = hours * 60 + minutes
    offset = pl.duration(minutes=pl.when(zone.str.starts_with("-")).then(-ahead).otherwise(ahead).fill_null(0))
    stated = (local - offset).dt.replace_time_zone("UTC")
    return pl.when(zone.is_null()).then(dates.utc(local)).otherwise(stated), pl.when(zone.is_null()).then(pl.lit(bare))


def _clock(have: list[str]) -> pl.Expr:
    if "clock" in have:
        return col("clock")
    digits = col("hms")
    return pl.concat_str(*(digits.str.slice(at, 2) for at in (0, 2, 4)), separator=":")


def _date(have: list[str], dates: Calendar) -> pl.Expr:
    month = (
        col("month").str.zfill(2)
        if "month" in have
        else col("name").replace_strict(_MONTHS, default=None, return_dtype=pl.String)
    )
    day = col("day").str.zfill(2)
    swapped = (month > "12") & (day <= "12")
    date = (
        pl.when(swapped).then(day + "-" + month).otherwise(month + "-" + day) if "month" in have else month + "-" + day
    )
    guessed = dates.year(date + " " + _clock(have))
    if "year" not in have:
        return guessed + "-" + date
    year = pl.when(col("year").str.len_bytes() == 2).then(pl.lit("20") + col("year")).otherwise("year")  # noqa: PLR2004
    return pl.coalesce(year, guessed) + "-" + date
