"""What an upload is worth as evidence: how far it lies above what is normal, and how few others send there.

Amounts are compared as logarithms, which are about normal but for a longer tail (Paxson 1994): what an honest host sends follows Student's
t with three degrees of freedom around what is expected of it, what a thief sends may be any amount between a megabyte and tens of
gigabytes. The sizes of the other likelihood ratios are judgements, chosen on simulated companies whose seeds the soak does not use.
"""

from __future__ import annotations

import math

import polars as pl

from vedette.abc import Term
from vedette.features.wording import number

REACH = 10.0
"""Nats between the smallest and the largest amount that a thief may send."""
BELOW = -4.0
"""Nats against it where no more was sent than is normal."""
MUCH_BYTES = 1e8
"""Bytes in an hour that speak neither for nor against it."""
LITTLE, VAST = -5.0, 2.0
"""What the amount counts for at the most, either way."""
HOSTS = 5
"""Hosts that send anything, below which there is nobody to compare with."""
RARITY, COMPANY = 0.6, 2.0
"""Nats per logarithm of the share of hosts that do not send there, and (against) of the count of those that do."""
COMMON, MOST = 0.3, 6.0
"""Share of the hosts from which a place is common, and the nats against it then."""
ONE_WAY, BOTH_WAYS = 0.9, 0.6
"""Producer/consumer ratios: of a file that leaves, and of a call with a picture of one side."""

_UNITS = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
_DENSITY, _FREEDOM = 2 / (math.pi * math.sqrt(3)), 3.0
"""Student's t with three degrees of freedom at its middle."""
_actors = pl.col("actors").fill_null(0)


def surprise(deviation: pl.Expr, spread: pl.Expr) -> pl.Expr:
    """Return the log-likelihood ratio of a thief's amount against an honest one's.

    Args:
        deviation: how many spreads it lies above what is expected.
        spread: in nats.
    """
    ratio = (spread / (_DENSITY * REACH)).log() + (_FREEDOM + 1) / 2 * (1 + deviation.pow(2) / _FREEDOM).log()
    return pl.when(deviation <= 0).then(BELOW).otherwise(ratio.clip(lower_bound=BELOW))


def amount(bytes_: pl.Expr, much: float = MUCH_BYTES) -> pl.Expr:
    """Return what the sheer amount counts for: little hurts little, and is everyday's; ``much`` counts for nothing."""
    return (bytes_.clip(lower_bound=1) / much).log().clip(LITTLE, VAST)


def rarity(others: pl.Expr) -> Term:
    """How many other hosts ever sent to the network: an office's cloud is everybody's, a thief's server is nobody's."""
    visitors = others.clip(lower_bound=0) + 1
    rare = (RARITY * (_actors / visitors).log() - COMPANY * visitors.log()).clip(-MOST, 3.0)
    common = others >= COMMON * (_actors - 1)
    alone = pl.format("none of the {} other hosts that send anything ever sent there", number(_actors - 1))
    shared = pl.format("{} of {} other hosts send there too", number(others), number(_actors - 1))
    return Term(
        pl.when(_actors >= HOSTS).then(pl.when(common).then(-MOST).otherwise(rare)),
        pl.when(others <= 0).then(alone).otherwise(shared),
        "others",
    )


def senders(others: pl.Expr) -> pl.Expr:
    """Return how many others send there, in words."""
    few = others.fill_null(0).clip(lower_bound=0)
    several = pl.format("{} other hosts send", number(few))
    return pl.when(few == 0).then(pl.lit("no other host sends")).otherwise(several)


def one_sided() -> Term:
    """Whether it all goes one way, as a file does, or much comes back, as in a call."""
    sent, got = pl.col("sent").cast(pl.Float64), pl.col("got").cast(pl.Float64)
    ratio = (sent - got) / (sent + got)
    text = pl.format("producer/consumer ratio {} (1: all goes out)", ratio.round(2))
    evidence = pl.when(ratio >= ONE_WAY).then(0.5).when(ratio < BOTH_WAYS).then(-2.0)
    return Term(evidence, text, "sent")


def size(bytes_: pl.Expr) -> pl.Expr:
    """An amount of bytes as people write it: 4.2 GB.

    Example:
        >>> pl.select(size(pl.lit(4_234_000_000))).item()
        '4.2 GB'
    """
    held = bytes_.cast(pl.Float64)
    text = pl.format("{} bytes", number(held))
    for unit, name in reversed(_UNITS):
        scaled = held / unit
        short = pl.when(scaled >= 10).then(number(scaled)).otherwise(scaled.round(1).cast(pl.String))  # noqa: PLR2004 - two digits
        text = pl.when(held >= unit).then(pl.format("{} {}", short, pl.lit(name))).otherwise(text)
    return text


def usual(f: str, level: str = "normal") -> pl.Expr:
    """What is normal of a number, a spread to either side: 3.1 MB to 40 MB."""
    mean, spread = pl.col(f"{level}.{f}.mean"), pl.col(f"{level}.{f}.spread")
    low, high = (size(x.clip(0.0, 60.0).exp() - 1) for x in (mean - spread, mean + spread))
    return pl.format("{} to {}", low, high)
