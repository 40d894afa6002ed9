"""What a supervised model looks at in a payment: each measure's bin, and pairs of bins that mean more together than apart.

The edges are round numbers chosen by what the measures mean (one payment, three times the usual, a week), not by any data set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from vedette.scoring.additive import Block, Floats, bins

_FEW = (1, 2, 3, 5, 8)
_SOME = (1, 2, 3, 5, 8, 12, 20, 40)
_MANY = (1, 3, 8, 20, 40, 70, 100, 150, 300)
_SHARES = (0.01, 0.1, 0.25, 0.5, 0.75, 0.99)
_RATIOS = (0.1, 0.3, 0.6, 1.0, 1.4, 1.8, 2.2, 2.6, 3.0, 3.5, 4.0, 5.0, 7.0, 10.0, 20.0)
_DAYS = (0.02, 0.2, 1, 2, 4, 7, 10, 14, 18, 21, 24, 28, 35, 45)
_SPREADS = (-3.0, -1.5, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)
EDGES: Mapping[str, Sequence[float]] = {
    "amount": (1, 5, 10, 20, 35, 50, 75, 100, 130, 160, 190, 220, 260, 300, 400, 600, 1e3, 2e3, 5e3, 1e4, 1e5),
    "night": (0.5,),
    "weekend": (0.5,),
    "own.age": (1, 7, 30, 59),
    "own.since": _DAYS,
    "own.month.mean": (5, 10, 20, 35, 50, 75, 100, 150, 300, 1e3),
    "own.ratio": _RATIOS,
    "own.spread": (0.3, 0.5, 0.7, 0.9, 1.2, 1.6),
    "own.deviation": _SPREADS,
    "own.week.ratio": (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0),
    "own.frauds": _FEW,
    "own.hour.count": _FEW,
    "own.day.count": _FEW,
    "own.week.count": _SOME,
    "own.month.count": _MANY,
    "own.high.week": _FEW,
    "own.high.month": _FEW,
    "own.fresh.week": _SOME,
    "own.night.share": _SHARES,
    "pair.count": _FEW,
    "place.hour.count": _FEW,
    "place.day.count": _SOME,
    "place.week.count": _MANY,
    "place.month.count": _MANY,
    "place.deviation": _SPREADS,
    "place.fresh.share": _SHARES,
    "place.high.week": _FEW,
    "place.others": _MANY,
    **{f"place.{span}.known": _SOME for span in ("day", "week", "month", "kept")},
    **{f"place.{span}.frauds": _FEW for span in ("day", "week", "month", "kept")},
    "place.since_fraud": _DAYS,
    "place.latest_share": _SHARES,
    "place.run": _FEW,
    "place.run.days": _DAYS,
}
"""Per measure the lower bounds of its bins but for the first; the last bin is for what is not known."""
PAIRS: Mapping[tuple[str, str], tuple[Sequence[float], Sequence[float]]] = {
    ("own.ratio", "own.high.week"): ((1.5, 2.0, 2.5, 3.0, 4.0, 6.0), (1, 2, 3)),
    ("own.ratio", "own.month.count"): ((2.0, 2.5, 3.0, 4.0, 6.0), (3, 10, 30, 80)),
    ("own.ratio", "own.month.mean"): ((2.0, 2.5, 3.0, 4.0, 6.0), (10, 25, 50, 100)),
    ("amount", "own.month.mean"): ((35, 75, 130, 190, 220, 300), (10, 25, 50, 75, 100)),
    ("place.run", "place.run.days"): ((1, 2, 3, 5), (3, 7, 14, 18, 21, 24, 28)),
    ("place.run", "place.since_fraud"): ((1, 2, 3, 5), (1, 2, 4, 7, 14)),
    ("place.latest_share", "place.since_fraud"): ((0.1, 0.3, 0.5, 0.7, 0.9), (1, 2, 4, 7, 14)),
    ("place.week.frauds", "place.week.known"): ((1, 2, 3, 5), (1, 2, 3, 5, 8, 12)),
}
"""Pairs of measures with the edges of each."""


def blocks(rows: pl.DataFrame) -> list[Block]:
    """Return the evidence of (n,) rows with ``MEASURES``: block ``alone``, and block ``together``."""
    values: dict[str, Floats] = {m: rows[m].cast(pl.Float64).to_numpy().astype(np.float64) for m in EDGES}
    return [bins("alone", values, EDGES), _together(values)]


def _together(values: Mapping[str, Floats]) -> Block:
    slots, at = [], 0
    for (a, b), (of_a, of_b) in PAIRS.items():
        slots.append(at + _bin(values[a], of_a) * (len(of_b) + 2) + _bin(values[b], of_b))
        at += (len(of_a) + 2) * (len(of_b) + 2)
    n = len(slots[0])
    slot = np.stack(slots, axis=1).ravel().astype(np.uint32)
    return Block("together", at, np.arange(n + 1, dtype=np.int64) * len(PAIRS), slot)


def _bin(values: Floats, edges: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the bin of each value; the last is for NaN."""
    return np.where(
        np.isnan(values), len(edges) + 1, np.searchsorted(np.asarray(edges, np.float64), values, side="right")
    )


def cell(slot: int) -> tuple[str, str, int, int]:
    """Return which pair of measures a slot of ``together`` is of, and which bin of each."""
    at = 0
    for (a, b), (of_a, of_b) in PAIRS.items():
        wide = len(of_b) + 2
        size = (len(of_a) + 2) * wide
        if slot < at + size:
            return a, b, (slot - at) // wide, (slot - at) % wide
        at += size
    raise IndexError(slot)
