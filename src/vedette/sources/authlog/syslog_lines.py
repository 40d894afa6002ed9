"""Syslog lines -> columns: RFC 3164, RFC 5424, ISO 8601 stamps (Debian 12 on), and what `journalctl -o short*` prints.

A stamp without a year gets the latest year that does not put it after the file's last change (a day of grace for skewed clocks), line by
line: so a file that runs over New Year walks back by itself. A file that holds more than a year of such lines cannot be told apart
from one that does not. A stamp without a zone is taken to be in the zone of the input. Both assumptions stand in ``unmapped``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from vedette.events.batch import Rejects
from vedette.events.dates import Calendar
from vedette.events.lines import LINE_LIMIT_BYTES, Block
from vedette.events.times import believed

ROWS = 1 << 16
LINES: dict[str, pl.DataType | type[pl.DataType]] = {
    "metadata.sequence": pl.Int64,
    "time": pl.Datetime("us", "UTC"),
    "host": pl.String,
    "program": pl.String,
    "pid": pl.String,
    "message": pl.String,
    "unmapped": pl.String,
}
"""What a reader of lines gives to ``auth_rows``."""

_MONTHS = {
    name: f"{number:02}"
    for number, names in enumerate(
        (
            "Jan jan janv ene gen",
            "Feb feb févr fév",
            "Mar mar Mär März mars mrt",
            "Apr apr avr abr",
            "May Mai mai may maj mei mag",
            "Jun jun Juni juin giu",
            "Jul jul Juli juil lug",
            "Aug aug août ago",
            "Sep sep Sept sept set",
            "Oct oct Okt okt ott out",
            "Nov nov",
            "Dec dec Dez dez déc dic",
        ),
        start=1,
    )
    for name in names.split()
}
# Groups by name; ASCII classes and no choice after a shared start keep the common shapes in the regex crate's one-pass engine (4x).
_PRI = r"^(?:<[0-9]{1,3}>)?"
_CLOCK = r"(?P<clock>[0-9]{2}:[0-9]{2}:[0-9]{2})"
_FRACTION = r"(?:[.,](?P<fraction>[0-9]{1,9}))?"
_COMMON = r" (?P<host>[!-9;-Z\\^-~]+) (?P<program>[^ :\[\]]+)(?:\[(?P<pid>[0-9]{1,10})\])?:(?P<message>.*)$"
_LOOSE = r" +(?P<rest>.*)$"
_CLASSIC = r"(?P<month>[A-Z][a-z]{2}) (?P<day>[ 0-9][0-9]) " + _CLOCK + _FRACTION
_ODD = r"(?P<month>\p{L}{3,5})\.? {1,2}(?P<day>[0-9]{1,2})(?: (?P<year>[0-9]{4}))? " + _CLOCK + _FRACTION + ":?"
_ISO = r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T" + _CLOCK + _FRACTION + r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
_FULL = (
    r"\p{L}{2,4}\.? (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}) "
    + _CLOCK
    + _FRACTION
    + r"(?: (?P<zone>UTC|[+-][0-9]{2}:?[0-9]{2})|(?: [A-Z]{3,5}))"
)
_UNIX = r"(?P<unix>[0-9]{9,10})\.(?P<fraction>[0-9]{6})"
_RFC5424 = (
    r"^<[0-9]{1,3}>1 (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T" + _CLOCK + _FRACTION + r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})"
    r" (?P<host>[^ ]+) (?P<program>[^ ]+) (?P<pid>[^ ]+) [^ ]+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+)(?P<message>| .*)$"
)
SHAPES = (
    _PRI + _CLASSIC + _COMMON,
    _PRI + _ISO + _COMMON,
    _RFC5424,
    _PRI + _FULL + _COMMON,
    _PRI + _UNIX + _COMMON,
    _PRI + _ODD + _LOOSE,
    _PRI + _ISO + _LOOSE,
    _PRI + _FULL + _LOOSE,
    _PRI + _UNIX + _LOOSE,
)
_TAG = (
    r"^(?:(?P<host>[^ ]*[^ :]) +)?(?P<program>[^ :\[\]]{1,128}?)(?: [0-9][0-9.]*)?(?:\[(?P<pid>[0-9]{1,10})\])?:"
    r"(?P<message>.*)$"
)
_NIL = "-"


def read_lines(whole: Iterable[Block], dates: Calendar, rejects: Rejects) -> Iterator[pl.DataFrame]:
    """Yield frames of ``LINES`` in the order of the blocks; lines of no known shape become rejects."""
    for block in whole:
        if block.overlong:
            _reject(rejects, block, [0], f"line longer than {LINE_LIMIT_BYTES:,} bytes")
            continue
        text = block.data.decode("utf-8", "replace").replace("\r\n", "\n")
        text = text.removeprefix("\ufeff") if block.offset == 0 else text
        lines = pl.Series("line", [text.removesuffix("\n")]).str.split("\n").explode()
        numbered = lines.to_frame().with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
        for part in numbered.iter_slices(ROWS):
            known = parse(part, dates)
            odd = part["row"].filter(~part["row"].is_in(known["row"].implode()))
            if len(odd):
                empty = part.filter(pl.col("row").is_in(odd.implode()) & (pl.col("line").str.strip_chars() == ""))[
                    "row"
                ]
                _reject(rejects, block, empty.to_list(), "empty line")
                _reject(
                    rejects,
                    block,
                    odd.filter(~odd.is_in(empty.implode())).to_list(),
                    "not a syslog line with a valid time",
                )
            yield known.with_columns((pl.col("row") + block.sequence).alias("metadata.sequence")).select(*LINES)


def parse(lines: pl.DataFrame, dates: Calendar) -> pl.DataFrame:
    """Return (n_known, row + LINES without sequence) from (n_rows, row + line); lines of no shape or an impossible time are left out."""
    found = []
    for shape in SHAPES:
        if lines.is_empty():
            break
        fits = lines["line"].str.contains(shape)
        if fits.any():
            found.append(_columns(lines.filter(fits), shape, dates))
            lines = lines.filter(~fits)
    if not found:
        return pl.DataFrame(schema={"row": pl.Int64, **LINES}).drop("metadata.sequence")
    return pl.concat(found).filter(pl.col("time").is_not_null()).sort("row")


def _columns(lines: pl.DataFrame, shape: str, dates: Calendar) -> pl.DataFrame:
    groups = lines.select("row", pl.col("line").str.extract_groups(shape)).unnest("line")
    time, note = _time(groups.columns, dates)
    if "rest" in groups.columns:
        rest = pl.col("rest")
        tagged = rest.str.extract_groups(_TAG)
        groups = groups.with_columns(tagged.alias("tag")).unnest("tag")
        bare = pl.col("message").is_null()
        groups = groups.with_columns(
            pl.when(bare).then(rest.str.extract(r"^([^ ]+)")).otherwise(pl.col("host")).alias("host"),
            pl.when(bare).then(rest.str.replace(r"^[^ ]+", "")).otherwise(pl.col("message")).alias("message"),
        )
    message = pl.col("message").str.strip_prefix(" ")
    if shape == _RFC5424:  # a mark of UTF-8 (RFC 5424, 6.4); rsyslog puts one blank more, that of the old form
        message = message.str.strip_prefix("\ufeff").str.strip_prefix(" ")
    return groups.select(
        "row",
        believed(time).alias("time"),
        *(pl.when(pl.col(c) != _NIL).then(pl.col(c)).alias(c) for c in ("host", "program", "pid")),
        message,
        note.alias("unmapped"),
    )


def _time(groups: list[str], dates: Calendar) -> tuple[pl.Expr, pl.Expr]:
    """Return the time in UTC, and what was assumed about it, from the groups of a stamp."""
    micros = pl.duration(microseconds=(pl.col("fraction") + "000000").str.slice(0, 6).cast(pl.Int64).fill_null(0))
    if "unix" in groups:
        return pl.from_epoch(pl.col("unix").cast(pl.Int64), "s").dt.replace_time_zone("UTC").dt.cast_time_unit(
            "us"
        ) + micros, pl.lit(None, pl.String)
    date = pl.col("date") if "date" in groups else _date(groups, dates)
    local = (date + " " + pl.col("clock")).str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False) + micros
    bare = dates.note(year="date" not in groups, zone=True)
    if "zone" not in groups:
        return dates.utc(local), pl.lit(bare)
    zone = pl.col("zone")
    minutes = zone.str.slice(1, 2).cast(pl.Int64, strict=False) * 60 + zone.str.slice(-2).cast(pl.Int64, strict=False)
    offset = pl.duration(minutes=pl.when(zone.str.starts_with("-")).then(-minutes).otherwise(minutes).fill_null(0))
    stated = (local - offset).dt.replace_time_zone("UTC")
    return (
        pl.when(zone.is_null()).then(dates.utc(local)).otherwise(stated),
        pl.when(zone.is_null()).then(pl.lit(bare)),
    )


def _date(groups: list[str], dates: Calendar) -> pl.Expr:
    month = pl.col("month").replace_strict(_MONTHS, default=None, return_dtype=pl.String)
    day = month + "-" + pl.col("day").str.strip_chars().str.zfill(2)
    year = dates.year(day + " " + pl.col("clock"))
    return (pl.coalesce("year", year) if "year" in groups else year) + "-" + day


def _reject(rejects: Rejects, block: Block, rows: list[int], reason: str) -> None:
    if not rows:
        return
    before = block.data.split(b"\n", rows[0])[: rows[0]]
    offset = block.offset + sum(map(len, before)) + len(before)
    raw = block.data[offset - block.offset :].partition(b"\n")[0]
    rejects.add(sequence=block.sequence + rows[0], offset=offset, reason=reason, raw=raw, count=len(rows))
