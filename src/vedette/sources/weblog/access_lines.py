"""Lines of the common and combined log formats -> request fields, a block at a time.

Shapes are tried from the strictest to the loosest, each on the lines that are left. In the strict ones a quote inside of a quoted value
is escaped, as Apache and nginx write it; the loose ones are for servers that do not escape, and for lines that were cut off. There the
first thing that looks like a quote and a status ends the request, so that nothing a client sends behind it can forge them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo

import polars as pl
from polars import col

from vedette.events.lines import Block
from vedette.sources.weblog.numbered import LINE, PLACE, SEQUENCE, Numbered
from vedette.sources.weblog.request_line import split_requests, unescaped
from vedette.sources.weblog.unmapped import unmapped
from vedette.sources.weblog.web_times import times

# ASCII classes and no choice after a shared start keep the first two in the regex crate's one-pass engine.
_STAMP = r"\[(?P<stamp>[ -Z\\^-~]+)\] "
_REQUEST = r'"(?P<method>[A-Z]{1,20}) (?P<target>[!#-\[\]-~]+) HTTP/(?P<version>[0-9.]{1,4})" '
_STATUS = r"(?P<code>[0-9]{3}) (?P<sent>[0-9]+|-)"
_COMBINED = r'"(?P<referrer>[ !#-\[\]-~]*)" "(?P<agent>[ !#-\[\]-~]*)"(?P<rest>[ -~]*)'
_PLAIN = r" - (?P<user>[ !#-Z\]-~]+)" + _STAMP + _REQUEST + _STATUS + f"(?: (?:{_COMBINED}|(?P<tail>[!#-~][ -~]*)))?$"
_QUOTED = r'(?:[^"\\]|\\.)'
_WHO = rf"^(?P<who>{_QUOTED}+?)"
_AT = r' \[(?P<stamp>[^\[\]"]{8,64})\]'
_SENT = r"(?: (?P<sent>[0-9]+|-))?"
_ESCAPED = rf'(?: "(?P<referrer>{_QUOTED}*)"(?: "(?P<agent>{_QUOTED}*)")?)?(?P<rest>(?: .*)?)$'
_UNESCAPED = r'(?: "(?P<referrer>.*?)" "(?P<agent>.*)")?(?P<rest>(?: [^"]*)?)$'
SHAPES = (
    r"^(?P<client>[!-Z^-~]+)" + _PLAIN,
    r"^(?P<site>[!-Z^-~]+) (?P<client>[!-Z^-~]+)" + _PLAIN,
    rf'{_WHO}{_AT} "(?P<line>{_QUOTED}*)" (?P<code>[0-9]{{1,12}}|-){_SENT}{_ESCAPED}',
    rf'^(?P<who>.+?){_AT} "(?P<line>.*?)" (?P<code>[0-9]{{3}}|-){_SENT}{_UNESCAPED}',
    rf'{_WHO}{_AT} "(?P<line>{_QUOTED}*)" (?P<code>[^ "]{{1,16}}){_SENT}{_ESCAPED}',
    rf'^(?P<who>.+?){_AT}(?: "(?P<line>.*))?\s*$',
)
STARTS = r'^(?:[^ "]+ +){2,4}[^ "]+ \[[0-9]{1,2}/\p{L}{3,10}\.?/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2}[^\[\]"]{0,16}\] "'
"""How a line of such a log starts, for ``sniff``: three to five words, a time in brackets, a quote."""

_WHOS = (
    r"^(?P<site>\S+) (?P<client>[^ -]\S*) -(?: (?P<user>.+))$",
    r"^(?P<site>\S+) (?P<client>(?:[0-9]{1,3}\.){3}[0-9]{1,3}|\S*:\S*:\S*) (?P<ident>\S+) (?P<user>.+)$",
    r"^(?P<client>\S+)(?: (?P<ident>\S+))?(?: (?P<user>.+))?$",
)
_SECONDS = r'(?:^|[ "=])([0-9]{1,6}\.[0-9]{3})(?:[ "]|$)'
_MILLISECONDS = r"(?:^| )([0-9]{1,9})ms$"
_TEXTS = ("site", "client", "user", "method", "target", "version", "line", "code", "sent", "referrer", "agent")
_REJECTED = "not a line of an access log with a valid time"


def read_lines(whole: Iterable[Block], zone: tzinfo, numbered: Numbered) -> Iterator[pl.DataFrame]:
    """Yield the requests in the order of the blocks; lines of no known shape become rejects."""
    for block in whole:
        for part in numbered.records(numbered.lines(block)):
            rows = parse(part, zone)
            if len(rows) < len(part):
                numbered.reject(block, part.join(rows, on=SEQUENCE, how="anti", maintain_order="left"), _REJECTED)
            yield rows.drop(PLACE)


def parse(lines: pl.DataFrame, zone: tzinfo) -> pl.DataFrame:
    """Return (n_known,) requests from (n_lines, ``PLACE``, ``LINE``, ``SEQUENCE``); lines of no shape or time are left out."""
    found = []
    for shape in SHAPES:
        fits = lines[LINE].str.contains(shape)
        if fits.any():
            found.append(_fields(lines.filter(fits), shape))
            lines = lines.filter(~fits)
        if lines.is_empty():
            break
    if not found:
        return lines.select(PLACE, SEQUENCE, pl.lit(None).alias("time")).clear()
    rows = found[0] if len(found) == 1 else pl.concat(found, how="diagonal").sort(PLACE)
    return _finished(rows, zone)


def _fields(lines: pl.DataFrame, shape: str) -> pl.DataFrame:
    """Return the texts of lines of one shape."""
    groups = lines.select(PLACE, SEQUENCE, col(LINE).str.extract_groups(shape)).unnest(LINE)
    if "who" not in groups.columns:
        return groups
    whos = [col("who").str.extract_groups(w).struct for w in _WHOS]
    is_site = [w["client"].is_not_null() for w in whos]
    named = {
        "site": pl.coalesce(whos[0]["site"], whos[1]["site"]),
        "client": pl.coalesce(w["client"] for w in whos),
        "ident": pl.when(~is_site[0]).then(pl.coalesce(w["ident"] for w in whos[1:])),
        "user": pl.when(is_site[0])
        .then(whos[0]["user"])
        .when(is_site[1])
        .then(whos[1]["user"])
        .otherwise(whos[2]["user"]),
    }
    quoted = [unescaped(c) for c in ("user", "line", "referrer", "agent") if c in (*groups.columns, "user")]
    return split_requests(groups.with_columns(e.alias(n) for n, e in named.items()).with_columns(quoted).drop("who"))


def _finished(rows: pl.DataFrame, zone: tzinfo) -> pl.DataFrame:
    """Add times, durations, and what has no column of its own; leave out rows without a time."""
    rows = rows.hstack(times(rows["stamp"], zone))
    absent = [pl.lit(None, pl.String).alias(c) for c in ("rest", "tail", "ident", "line") if c not in rows.columns]
    rest = pl.coalesce("rest", "tail").str.strip_chars()
    rows = rows.with_columns(absent).with_columns(
        rest=pl.when(rest != "").then(rest), user=col("user").str.strip_chars(' "')
    )
    seconds = rows["rest"].str.extract(_SECONDS).cast(pl.Float64, strict=False) * 1000
    said = {
        "rest": col("rest"),
        "ident": pl.when(col("ident") != "-").then("ident"),
        "zone_assumed": pl.when("assumed").then(pl.lit(str(zone))),
    }
    more = [
        seconds.fill_null(rows["rest"].str.extract(_MILLISECONDS).cast(pl.Float64))
        .cast(pl.String)
        .alias("milliseconds"),
        unmapped(rows, said),
    ]
    texts = [c for c in _TEXTS if c in rows.columns]
    return (
        rows.with_columns(more)
        .select(PLACE, SEQUENCE, "time", *texts, "milliseconds", "unmapped")
        .filter(col("time").is_not_null())
    )
