"""RITA's beacon score, written from its published description: the plain baseline that ``tools.beacons`` compares with.

Sources: the scoring comments of RITA's configuration file and the description of the histogram score in its pull request 794
(activecm/rita, GPL-3.0; no code of it was used). Four sub-scores in [0, 1] of equal weight:

* timestamps: Bowley's skewness of the intervals and their median absolute deviation about the median, relative to it;
* sizes: the same of the bytes sent;
* histogram: contacts by hour; the larger of 1 - coefficient of variation, and how many hours fall into two modes;
* duration: the larger of the share of the observed time that is covered, and the longest run of hours over twelve.

A destination that few or many hosts go to raises or lowers the score.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST = 4
"""Different moments of contact below which RITA gives no score."""
_HOURS = 24
_FEWEST_HOURS = 6
_IDEAL_RUN = 12
_FEWEST_BARS = 11
_BUCKET = 0.05
_STEADY = 10.0
_MODIFIER, _RARE, _COMMON = 0.15, 0.02, 0.5


def with_prevalence(beacon: float, share: float) -> float:
    """Return a beacon score as the share of hosts that go there raises or lowers it: by 0.15, up to 2 % and from 50 % on."""
    return beacon + (_MODIFIER if share <= _RARE else -_MODIFIER if share >= _COMMON else 0.0)


def score(moments: Floats, sizes: Floats | None, began: float, ended: float) -> float:
    """Return the beacon score of one pair.

    Args:
        moments: (n,) seconds of its contacts.
        sizes: (n,) bytes sent; None: not known, and not counted.
        began: first second of the data set.
        ended: its last.
    """
    at = np.unique(moments)
    if len(at) < FEWEST:
        return 0.0
    hours = np.bincount(
        ((at - began) / max(ended - began, 1.0) * _HOURS).astype(np.int64).clip(0, _HOURS - 1), minlength=_HOURS
    )
    parts = [_regular(np.diff(at)), _histogram(hours), _duration(at, hours, began, ended)]
    if sizes is not None:
        parts.append(_regular(sizes))
    return sum(parts) / len(parts)


def _regular(values: Floats) -> float:
    """The mean of 1 - |Bowley's skewness| and 1 - MAD / median."""
    q1, median, q3 = (float(q) for q in np.percentile(values, (25, 50, 75)))
    skew = (q1 + q3 - 2 * median) / (q3 - q1) if q3 - q1 >= _STEADY and median not in (q1, q3) else 0.0
    deviation = float(np.median(np.abs(values - median)))
    return (1 - abs(skew) + max(0.0, 1 - deviation / max(median, 1.0))) / 2


def _histogram(hours: NDArray[np.int64]) -> float:
    """How flat the contacts by hour are, in one level or two."""
    mean = float(hours.mean())
    flat = max(0.0, 1 - float(hours.std()) / mean) if mean else 0.0
    bars = hours[hours > 0]
    if len(bars) < _FEWEST_BARS:
        return flat
    bucket = math.ceil(float(bars.max()) * _BUCKET)
    levels = np.sort(np.bincount(bars // bucket))[::-1]
    return max(flat, min(1.0, float(levels[:2].sum()) / max(len(bars) - 1, 1)))


def _duration(at: Floats, hours: NDArray[np.int64], began: float, ended: float) -> float:
    """How much of the time is covered, and how long without an hour's break."""
    if (hours > 0).sum() < _FEWEST_HOURS:
        return 0.0
    run = longest = 0
    for seen in (*(hours > 0), *(hours > 0)):  # 24 hours, round the clock
        run = run + 1 if seen else 0
        longest = max(longest, run)
    return max(float(at[-1] - at[0]) / max(ended - began, 1.0), min(1.0, longest / _IDEAL_RUN))
