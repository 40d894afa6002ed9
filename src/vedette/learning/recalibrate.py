"""A site's own benign sample in place of the shipped one: what changes, how sure that is, and whether the sample looks clean.

At a level ``a`` the true false-positive rate after calibration on n items is a random number with a Beta(a (n + 1), (1 - a) (n + 1))
distribution: its mean is ``a``, its spread is what n items can tell and no method can take away without assuming the shape of the tail
(order statistics; Vovk, "Conditional validity of inductive conformal predictors", ACML 2012). So the report gives its interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vedette.errors import DataError
from vedette.scoring.calibration import Calibration

Floats = npt.NDArray[np.float64]

FEWEST = 100
"""Items, each with evidence of its own, that a calibration needs."""
_COVERED = 0.9
"""Of the intervals."""
_EDGE = 0.9
"""Outliers are held against the spread from the median to this quantile: what lies above may be what we look for."""
_SURPRISE = 0.25
"""How many outliers a clean sample may be expected to have."""


@dataclass(frozen=True, slots=True)
class Rate:
    """False alarms of 1,000 benign items: what to expect, and the interval that holds it in nine of ten cases."""

    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Recalibration:
    """What a site's sample would change.

    Attributes:
        after: the new calibration.
        items: how many items it was made from.
        before_rate: false alarms on the sample as things are; ``after_rate``: as they would be.
        cleared: items of the sample that are called malicious now and would not be; ``accused``: the other way round.
        outliers: (k,) indices of items far above the others, worst first.
        suspects: (k,) indices of the outliers and of what is called malicious as things are, worst first: after the calibration all of
            them count as benign, so a person has to look at each.
        clean_threshold: the threshold after a calibration without the suspects; NaN where too few items are left.
    """

    before: Calibration
    after: Calibration
    items: int
    before_rate: Rate
    after_rate: Rate
    cleared: int
    accused: int
    outliers: npt.NDArray[np.int64]
    suspects: npt.NDArray[np.int64]
    clean_threshold: float


def recalibrated(now: Calibration, margins: Floats, origin: str) -> Recalibration:
    """Return what the benign ``margins`` (n,) of a site would change.

    Raises:
        DataError: they are too few, or too few differ.
    """
    distinct = len(np.unique(margins))
    if distinct < FEWEST:
        raise DataError(
            f"{len(margins):,} items, {distinct:,} of them different, are too few to calibrate: it needs {FEWEST}",
            hint="collect more benign items of this site",
        )
    after = now.at_site(margins, origin)
    old, new = now.calls(margins), after.calls(margins)
    n, called = len(margins), int(old.sum())
    far = outliers(margins)
    odd = old.copy()
    odd[far] = True
    suspects = np.flatnonzero(odd)
    rest = margins[~odd]
    return Recalibration(
        before=now,
        after=after,
        items=n,
        before_rate=_rate(called + 1 / 2, n - called + 1 / 2, called / n),  # Jeffreys' interval
        after_rate=_rate(now.alpha * (n + 1), (1 - now.alpha) * (n + 1), now.alpha),
        cleared=int((old & ~new).sum()),
        accused=int((new & ~old).sum()),
        outliers=far,
        suspects=suspects[np.argsort(-margins[suspects], kind="stable")].astype(np.int64),
        clean_threshold=now.at_site(rest, origin).threshold if len(np.unique(rest)) >= FEWEST else float("nan"),
    )


def outliers(margins: Floats) -> npt.NDArray[np.int64]:
    """Return the indices of margins far above the others, largest first.

    Far: beyond what a normal tail through the median and the ninth decile would hold; a few per cent of malicious items move neither.
    """
    from scipy.special import ndtri

    middle, edge = np.quantile(margins, [1 / 2, _EDGE])
    bound = middle + (edge - middle) * ndtri(1 - _SURPRISE / len(margins)) / ndtri(_EDGE)
    far = np.flatnonzero(margins > bound)
    return far[np.argsort(-margins[far], kind="stable")].astype(np.int64)


def _rate(a: float, b: float, expected: float) -> Rate:
    from scipy.special import betaincinv

    tail = (1 - _COVERED) / 2
    low, high = (1000 * float(betaincinv(a, b, q)) for q in (tail, 1 - tail))
    return Rate(1000 * expected, low, high)
