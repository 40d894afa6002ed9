"""What a rhythm is worth: the evidence that tells an implant's beacon from the many honest programs that keep time.

Regularity alone is no evidence of malice: clocks, updates, push services and dashboards keep better time than implants do. So the
evidence of the rhythm itself is limited, and what decides is what else is known: whether anybody else goes there (software is installed
on many hosts, an implant's master is asked by few), whether the intervals are spread as if on purpose, whether what is sent is always
the same size, how much of the day it goes on, and whether it is new. The sizes of the likelihood ratios are judgements, chosen on
simulated beacons and on ``rita-test-data`` (docs/reference/beacons.md); none was fitted to the data that the tables report as test.
"""

from __future__ import annotations

import polars as pl

from vedette.abc import Term
from vedette.features.beacon_rhythm import BOUNDS, RATIOS, field
from vedette.features.wording import number
from vedette.model import Severity

RHYTHM = 8.0
"""Nats that the rhythm may count for: nearly what a prior of one in ten thousand costs."""
ALIVE = 2.0
"""Nats of a rhythm below which there is none."""
NONE = -12.0
MANY = 2.0
"""Nats taken off every rhythm: among the pairs of a network there are always some that chance makes look regular."""
JITTER = (1.1, 2.0)
"""Spread of the intervals from which they look jittered on purpose, and what that is worth."""
EXACT = -0.7
"""What it is worth when they are as exact as a timer's: implants without jitter exist, but timers are far more."""
STEADY = 0.5
"""Share of regular intervals from which their spread tells anything."""
HOSTS = 5
"""Hosts below which there is nobody to compare with."""
RARITY, COMPANY = 0.6, 2.0
"""Nats per logarithm of the share of hosts that do not go there, and (against) of the count of those that do."""
COMMON, MOST = 0.3, 6.0
"""Share of the hosts from which a place is common, and the nats against it then."""
KNOWN_DAYS = 5
"""Days of history below which nothing is new."""
SURE, LIKELY = 0.95, 0.75
"""Scores from which a beacon that is known to be rare is grave, and from which any alerts by itself: three to one."""
HEAVY_BYTES = (20_000.0, 100_000.0)
"""Bytes a contact: more than a question for orders; a transfer."""

USUAL = (22, 25, 80, 143, 443, 465, 587, 993, 995, 3478, 5222, 5223, 5228, 8080, 8443, 8883)
"""Ports that honest programs use to reach servers outside."""

_answered, _out, _size = pl.col("answered"), pl.col("bytes_out"), pl.col("size")
_share = field("regular") / field("gaps")
_actors, _windows = pl.col("actors").fill_null(0), pl.col("windows").fill_null(0)


def rhythm(shortest: float = 0.0, longest: float = 86_400.0) -> Term:
    """The regularity of the intervals; without any, nothing else counts.

    Args:
        shortest: seconds below which a period is no concern.
        longest: the same above.
    """
    nats = pl.when(field("period").is_between(shortest, longest)).then(field("nats")).fill_null(0.0)
    chance = _chance()
    text = pl.format(
        "interval {}: {} of {} gaps are from {} to {} long (of random contacts at most {} %)",
        _share.round(2),
        number(field("regular")),
        number(field("gaps")),
        length(field("low")),
        length(field("high")),
        (100 * chance).round(0).cast(pl.Int64),
    )
    evidence = pl.when(nats >= ALIVE).then((nats - MANY).clip(0.0, RHYTHM)).otherwise(NONE)
    return Term(evidence, text.fill_null("no rhythm"), "rhythm")


def jitter() -> Term:
    """Whether the intervals vary as a program's that is told to vary them, or are exact."""
    low, high = field("low"), field("high")
    spread = (high - 1) / low.clip(lower_bound=1.0)  # whole seconds: one more is none
    wide, nats = JITTER
    evidence = pl.when((_share >= STEADY) & (field("nats") >= ALIVE)).then(
        pl.when(spread >= wide).then(nats).otherwise(EXACT)
    )
    varied = pl.format(
        "jitter {} %: the intervals are spread evenly, as on purpose", (100 * (1 - low / high)).round(0).cast(pl.Int64)
    )
    return Term(evidence, pl.when(spread >= wide).then(varied).otherwise(pl.lit("as exact as a timer")), "rhythm")


def beats() -> pl.Expr:
    """Return how often, and in what intervals, in words."""
    period, low, high = (length(field(f)) for f in ("period", "low", "high"))
    return pl.format("{} times, every {} ({} to {})", number(field("beats")), period, low, high)


def duration() -> Term:
    """How much of the day it goes on."""
    return _lasting("hours", "in", 24, ((12, 1.0), (6, 0.7), (3, 0.0), (2, -0.7)))


def persistence() -> Term:
    """On how many days of the week it goes on."""
    return _lasting("days", "on", 7, ((5, 1.0), (3, 0.5), (2, -0.5)))


def _lasting(units: str, on: str, whole: int, steps: tuple[tuple[int, float], ...]) -> Term:
    """Return what it is worth to go on for so many ``units`` of a ``whole``: the nats of the first step that is reached."""
    held, nats = field(units), pl.lit(-1.5)
    for least, worth in reversed(steps):
        nats = pl.when(held >= least).then(worth).otherwise(nats)
    share, count = (held / whole).round(2), held.clip(0, 1e6).round(0).cast(pl.Int64)
    text = pl.format(f"duration {{}}: {on} {{}} of {whole} {units}", share, count)
    return Term(pl.when(held > 0).then(nats), text, "rhythm")


def prevalence(what: str) -> Term:
    """How many other hosts ever went there: software is on many, an implant's master is asked by few.

    Args:
        what: the place in words.
    """
    others = _others(0).clip(lower_bound=0)
    visitors = others + 1
    rare = RARITY * (_actors / visitors).log() - COMPANY * visitors.log()
    common = others >= COMMON * (_actors - 1)
    evidence = pl.when(_actors >= HOSTS).then(pl.when(common).then(-MOST).otherwise(rare.clip(-MOST, 3.0)))
    alone = pl.format("prevalence 1 of {} hosts: no other goes to {}", number(_actors), pl.lit(what))
    shared = pl.format("prevalence {} of {} hosts go to {}", number(visitors), number(_actors), pl.lit(what))
    return Term(evidence, pl.when(others == 0).then(alone).otherwise(shared), "others.place")


def crowd(what: str) -> Term:
    """How many other such contacts there are with its surroundings: those of a large provider are many.

    Args:
        what: the surroundings in words.
    """
    around = _others(1) - _others(0)
    evidence = pl.when(around >= 10).then(-3.0).when(around >= 3).then(-1.5)  # noqa: PLR2004 - steps of a judgement
    return Term(evidence, pl.format("{} other destinations in {}", number(around), pl.lit(what)), "others.place")


def novelty(unit: str = "days", known: int = KNOWN_DAYS) -> Term:
    """Whether it began lately, in a network that is known for longer.

    Args:
        unit: what the windows of the baseline are.
        known: how many of them there must be before anything is new.
    """
    age = pl.col("age").fill_null(0)
    evidence = pl.when(_windows < known).then(0.0).when(age == 0).then(1.0).when(age >= _windows / 2).then(-1.5)
    fresh = pl.format("first seen now, after {} known {}", number(_windows), pl.lit(unit))
    before = pl.format("seen in {} of {} {} before", number(age), number(_windows), pl.lit(unit))
    return Term(evidence, pl.when(age == 0).then(fresh).otherwise(before), "age")


def contacts() -> list[Term]:
    """What the contacts of a pair are like: their sizes, their port, whether anybody answers, whether they are several at all."""
    return [
        _sizes(),
        _volume(),
        _port(),
        Term(
            pl.when(_answered < 0.2).then(0.8),  # noqa: PLR2004 - hardly ever
            pl.lit("nobody answers, and it goes on"),
            "answered",
        ),
        Term(pl.when(pl.col("one_port")).then(-6.0), pl.lit("all from one port: one connection"), "one_port"),
    ]


def severities(rows: pl.DataFrame, scores: pl.Series) -> list[Severity]:
    """How bad it is: grave where it is nearly sure and known to be rare; low where the odds are less than three to one."""
    compared = (pl.col("actors") >= HOSTS) & (_others(0) == 0)
    rare = rows.select(compared.fill_null(value=False)).to_series()
    return [
        Severity.HIGH if r and s >= SURE else Severity.MEDIUM if s >= LIKELY else Severity.LOW
        for r, s in zip(rare, scores, strict=True)  # hits only: few
    ]


def _sizes() -> Term:
    """How alike the sizes are of what is sent."""
    text = pl.format("size {}: that share sends within a tenth of {} bytes", _size.round(2), number(_out))
    return Term((_size - 0.5).clip(-0.5, 0.5), text, "size")


def _volume() -> Term:
    """How much goes to and fro in a contact: orders are short."""
    heavy, transfer = HEAVY_BYTES
    most = pl.max_horizontal(_out, pl.col("bytes_in"))
    nats = pl.when(most >= transfer).then(-2.0).when(most >= heavy).then(-1.0)
    return Term(nats, pl.format("{} bytes a contact: more than orders", number(most)), "bytes_out")


def _port() -> Term:
    """Whether honest programs use the port."""
    usual = pl.col("dst_endpoint.port").is_in(USUAL)
    text = pl.format("port {}", "dst_endpoint.port")
    return Term(
        pl.when(usual).then(-0.3).otherwise(1.3),
        pl.when(usual).then(text + ", a usual one").otherwise(text + ", which few programs use"),
        "dst_endpoint.port",
    )


def length(seconds: pl.Expr) -> pl.Expr:
    """A count of seconds in words: 45 s, 5 min, 2.5 h."""
    whole = seconds.clip(0.0, 1e9)
    hours = pl.format("{} h", (whole / 3600).round(1))
    minutes = pl.format("{} min", (whole / 60).round(1))
    return (
        pl.when(whole >= 7200)  # noqa: PLR2004 - two hours
        .then(hours)
        .when(whole >= 120)  # noqa: PLR2004 - two minutes
        .then(minutes)
        .otherwise(pl.format("{} s", whole.round(0).cast(pl.Int64)))
    )


def _others(place: int) -> pl.Expr:
    return pl.col("others.place").list.get(place, null_on_oob=True)


def _chance() -> pl.Expr:
    """The bound of the narrowest range that was tried and holds the one found."""
    spread = field("high") / field("low").clip(lower_bound=1.0)
    chance = pl.lit(BOUNDS[-1])
    for ratio, most in zip(reversed(RATIOS[:-1]), reversed(BOUNDS[:-1]), strict=True):
        chance = pl.when(spread <= ratio).then(most).otherwise(chance)
    return chance
