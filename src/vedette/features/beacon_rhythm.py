"""The rhythm of recurring contacts: how much more regular than anything that comes at random.

A contact is a whole second of the clock. Contacts that follow each other within a breath are one *beat*; breaths of several lengths are
tried. What is looked at are the gaps between beats.

People, and programs that work for them, come at random: now in bursts, now after hours. Any mixture of Poisson processes, however many
and however fast, has gaps with a completely monotone density (Bernstein's theorem; Feller, "An introduction to probability theory" II,
XIII.4). Of such gaps, those between ``a`` and ``r * a`` make up at most ``r**(-1 / (r - 1)) * (1 - 1 / r)``, whatever ``a`` is: 3.5 %
for a range of a tenth, 25 % from single to double, 47 % from single to fourfold. So the evidence of a rhythm is how far the fullest
range of a given width lies above that bound (a scan statistic; Naus 1965), in nats: ``n * KL(share || bound)``, less what the choice
among ranges is worth. A jitter of 60 % leaves the gaps between 40 and 100, or between 40 and 160, hundredths of the interval; missing
beats, nights and a second rhythm take some of the gaps away and leave the rest.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK = 900
"""Seconds of the stretches that are kept, or let go, as a whole."""
BLOCKS = 128
KEPT = 4096
"""Seconds with contacts that are kept of a pair and day: below it, all; above it, whole blocks that lie scattered over the day."""
_SCATTER = 79
"""Odd, near the golden ratio of ``BLOCKS``: consecutive blocks scatter evenly (Knuth, TAOCP 6.4)."""
_SHIFT = 1 << 40

RATIOS = (1.1, 1.25, 1.6, 2.5, 4.0)
"""Widths of the ranges that are tried: the longest gap over the shortest."""
BREATHS = (1, 15, 90, 600)
"""Seconds within which contacts are one beat."""
FEWEST = 6
"""Gaps below which nothing is said."""
SHORTEST = 3
"""Seconds of the shortest gap that counts: whole seconds cannot tell faster ones from steady traffic."""
_ROOM = 1 << 20
"""More seconds than any gap has."""

FIELDS = ("beats", "hours", "days", "gaps", "regular", "low", "high", "period", "spread", "nats")
"""What ``rhythms`` says of each row: see there."""


def bound(ratio: float) -> float:
    """Return the largest share of the gaps of any mixture of Poisson processes that lies between some ``a`` and ``ratio * a``.

    Example:
        >>> round(bound(2.0), 3)
        0.25
    """
    return float(ratio ** (-1 / (ratio - 1)) * (1 - 1 / ratio))


BOUNDS = tuple(map(bound, RATIOS))


def moments(at: pl.Expr) -> pl.Expr:
    """Return the second of each contact as a code by which blocks can be thinned out fairly, Int64."""
    second = at.dt.timestamp("us") // 1_000_000
    return second + second // BLOCK * _SCATTER % BLOCKS * _SHIFT


def merged(codes: pl.Expr) -> pl.Expr:
    """Aggregate lists of codes into one: the ``KEPT`` smallest, so blocks by rank; a union, in any order the same."""
    return codes.list.explode(empty_as_null=False).unique().sort().head(KEPT)


def field(name: str, of: str = "rhythm") -> pl.Expr:
    """Return one of ``FIELDS`` of a column made by ``rhythms``; null where there is no rhythm to speak of."""
    return pl.col(of).list.get(FIELDS.index(name), null_on_oob=True).fill_nan(None)


def rhythms(codes: pl.Series) -> pl.Series:
    """Return per row of merged codes (List(Int64)) its ``FIELDS`` (List(Float64)); an empty list where there are too few contacts.

    ``beats`` (contacts in different seconds), the ``hours`` and ``days`` that have any; how many ``gaps`` were looked at and how many
    of them are ``regular``, from ``low`` to ``high`` seconds, with their median, the ``period``; ``spread``, the ratio from the
    shortest regular gap to the longest; ``nats`` of evidence, at least 0. Where ``regular`` is 0, what depends on it is NaN.
    """
    lengths = codes.list.len().fill_null(0).to_numpy().astype(np.int64)
    often = np.flatnonzero(lengths > FEWEST)
    if not len(often):
        return pl.Series(codes.name, [[] for _ in range(codes.len())], dtype=pl.List(pl.Float64))
    flat = codes.gather(often).explode(empty_as_null=False).to_numpy()
    told = _told(flat, lengths[often])
    rows = pl.DataFrame(told, schema=list(FIELDS)).select(pl.concat_list(FIELDS).alias("rhythm"), row=pl.Series(often))
    every = pl.DataFrame({"row": np.arange(codes.len())}).join(rows, on="row", how="left", maintain_order="left")
    return every["rhythm"].fill_null([]).alias(codes.name)


def _told(flat: Ints, lengths: Ints) -> Floats:
    """Return (rows, ``FIELDS``) of the codes of all rows, one after the other."""
    owner, seconds, broken = _moments(flat, lengths)
    hours, days = (_stretches(owner, seconds, length, len(lengths)) for length in (3600, 86_400))
    best = np.full((len(lengths), 6), np.nan)
    best[:, :2], best[:, 5] = 0.0, 0.0
    for breath in BREATHS:
        whose, gaps = _gaps(owner, seconds, broken, breath, len(lengths))
        if len(gaps):
            found = _densest(whose, gaps, breath, len(lengths))
            better = found[:, 5] > best[:, 5]
            unheard = (best[:, 5] == 0) & (best[:, 0] == 0)
            best = np.where((better | unheard)[:, None], found, best)
    count, regular, low, high, period, nats = best.T
    return np.column_stack([lengths, hours, days, count, regular, low, high, period, high / low, nats])


def _stretches(owner: Ints, seconds: Ints, length: int, rows: int) -> Ints:
    """Return (rows,) how many stretches of the clock have any contact."""
    fresh = np.diff(owner * _ROOM * _ROOM + seconds // length, prepend=-1) != 0
    return np.bincount(owner[fresh], minlength=rows)


def _moments(flat: Ints, lengths: Ints) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Return the seconds behind sorted codes, and whose they are, in that order; and after which the next ones may have been left out."""
    owner = np.repeat(np.arange(len(lengths)), lengths)
    rank, seconds = flat // _SHIFT, flat % _SHIFT
    full = (lengths >= KEPT)[owner]
    if full.any():  # then the last block was cut
        last = rank[np.cumsum(lengths) - 1][owner]
        whole = ~full | (rank < last)
        owner, seconds, full = owner[whole], seconds[whole], full[whole]
    seconds = np.sort(owner * _SHIFT + seconds) % _SHIFT  # sorts by owner and second; the owners are in order already
    broken = full[1:] & (np.diff(seconds // BLOCK) > 1)
    return owner, seconds, broken


def _gaps(owner: Ints, seconds: Ints, broken: NDArray[np.bool_], breath: int, rows: int) -> tuple[Ints, Ints]:
    """Return the gaps between beats and whose they are, ascending in both; none across what was left out, none of rows with too few."""
    starts = np.concatenate([[0], np.flatnonzero((np.diff(seconds) > breath) | (np.diff(owner) != 0)) + 1])
    holes = np.concatenate([[0], np.cumsum(broken)])[starts]
    whose, gaps = owner[starts][1:], np.diff(seconds[starts])
    kept = (np.diff(owner[starts]) == 0) & (np.diff(holes) == 0)
    kept &= (np.bincount(whose[kept], minlength=rows) >= FEWEST)[whose]
    keys = np.sort(whose[kept] * _ROOM + np.minimum(gaps[kept], _ROOM - 1))
    return keys // _ROOM, keys % _ROOM


def _densest(whose: Ints, gaps: Ints, breath: int, rows: int) -> Floats:
    """Return per row the fullest range of its gaps: gaps, those in the range, its shortest, its longest, its median, the evidence.

    A breath is taken off every gap: those of a Poisson process above a breath are Poisson gaps plus it.
    """
    keys, places = whose * _ROOM + gaps, np.arange(len(gaps))
    first = np.flatnonzero(np.diff(whose, prepend=-1))
    held = np.diff(np.append(first, len(gaps)))
    out = np.zeros((rows, 6))
    out[:, 2:5] = np.nan
    out[whose[first], 0] = held
    tried = np.log(held * len(RATIOS) * len(BREATHS))
    least = np.maximum(gaps - breath - 0.5, 0.25)  # a second may be half of one more or less
    for ratio, most in zip(RATIOS, BOUNDS, strict=True):
        until = np.minimum(np.floor(ratio * least - 0.5 + 1e-9).astype(np.int64) + breath, _ROOM - 1)
        inside = np.searchsorted(keys, whose * _ROOM + until, side="right") - places
        inside[gaps < SHORTEST] = 0
        largest = np.maximum.reduceat(inside, first)
        nats = held * _divergence(largest / held, most) - tried
        row = whose[first]
        better = nats > out[row, 5]
        if better.any():
            place = np.minimum.reduceat(np.where(inside == np.repeat(largest, held), places, len(gaps)), first)
            low, k, row = place[better], largest[better], row[better]
            out[row, 1:] = np.column_stack([k, gaps[low], gaps[low + k - 1], gaps[low + k // 2], nats[better]])
    return out


def _divergence(share: Floats, most: float) -> Floats:
    """Kullback-Leibler divergence of Bernoulli shares (n,), in nats; 0 where ``share`` is not above ``most``."""
    rest = 1 - share
    nats = share * np.log(np.maximum(share, 1e-12) / most) + rest * np.log(np.maximum(rest, 1e-12) / (1 - most))
    return np.where(share > most, nats, 0.0)
