"""What a margin is worth: p-value against benign items, calibrated confidence, and whether the item is like anything in training.

* The p-value is conformal, ``(benign calibration margins >= m) / (1 + n)`` at each of them and drawn as straight lines between (Vovk,
  Gammerman, Shafer, "Algorithmic learning in a random world", 2005): the false-positive rate at a level is that level in the mean over
  samples of any size, not only where ``level * (1 + n)`` is a whole number.
* The confidence is isotonic regression of the label on the margin (Zadrozny, Elkan, KDD 2002), drawn as straight lines between the
  middles of its steps.
* Both are made from items of groups that the model had not been trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from vedette.errors import ModelError

Floats = npt.NDArray[np.float64]

_FEWEST = 5
"""Benign margins from which a tail may be drawn."""
_FARTHEST, _SMALLEST = 600.0, 1e-12
_DOUBT = 2.0
"""Standard errors by which the tail is drawn longer than it looks: from 200 items it is known to a third at best."""
BENIGN_KEPT = 4096
"""Benign margins that a calibration keeps: the upper tail whole, the rest as quantiles."""


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """The table of one model at one site.

    Attributes:
        benign: (k,) ascending benign margins; ``above``: (k,) how many benign calibration items are at or above each.
        count: how many benign items it was made from.
        knots: (j,) ascending margins; ``confidence``: (j,) non-decreasing, in [0, 1].
        alpha: the p-value from which on an item is called malicious: the false-positive rate that was chosen on validation groups.
        known_share: an item with a smaller share of known pieces is unlike training.
        origin: ``shipped``, or what the site named its own sample.
    """

    benign: Floats
    above: npt.NDArray[np.int64]
    count: int
    knots: Floats
    confidence: Floats
    alpha: float
    known_share: float = 0.0
    origin: str = "shipped"

    def p_values(self, margins: Floats) -> Floats:
        """Return (n,): how often a benign item has such a margin or a larger one; in (0, 1].

        At the k-th largest of n benign margins it is ``k / (n + 1)``, in between on a straight line. Beyond the largest the tail goes on
        as an exponential: a new benign item lies there with probability ``1 / (n + 1)``, and if tails are exponential (memoryless), its
        excess is distributed as the others' over any margin.
        """
        if not len(self.benign):
            return np.ones(len(margins))
        p: Floats = np.interp(margins, self.benign, self.above / (1.0 + self.count), left=1.0)
        beyond = np.asarray(margins, np.float64) - self.benign[-1]
        far = 1.0 if self.tail <= 0.0 else np.exp(-np.clip(beyond / max(self.tail, _SMALLEST), 0.0, _FARTHEST))
        return np.where(beyond > 0.0, far / (1.0 + self.count), p)

    @property
    def tail(self) -> float:
        """Mean excess of benign margins over the one that a twentieth of them exceeds, drawn long; 0 where they are too few to say."""
        most = min(max(self.count // 20, _FEWEST), BENIGN_KEPT // 4)
        if self.count < 20 * _FEWEST or not len(self.benign):
            return 0.0
        start = int(np.searchsorted(-self.above, -most))  # the lowest margin that at most so many reach
        start = min(start, len(self.benign) - 1)
        times = -np.diff(self.above[start:], append=0)
        mean = float(times @ (self.benign[start:] - self.benign[start]) / times.sum())
        return mean * (1.0 + _DOUBT / float(np.sqrt(times.sum())))

    def confidences(self, margins: Floats) -> Floats:
        """Return (n,): the probability that the item is malicious, at the mix of the calibration items."""
        return np.interp(margins, self.knots, self.confidence)

    def calls(self, margins: Floats) -> npt.NDArray[np.bool_]:
        """Return (n,): whether an item is called malicious: rare among benign ones, and more likely malicious than not."""
        return self.called(self.p_values(margins), self.confidences(margins))

    def called(self, p_values: Floats, confidences: Floats) -> npt.NDArray[np.bool_]:
        """Return (n,) what ``calls`` does, of items whose p-values and confidences are known."""
        return (p_values <= self.alpha) & (confidences >= 1 / 2)

    @property
    def threshold(self) -> float:
        """The smallest margin whose p-value is at most ``alpha``; infinite where there are too few benign items to say."""
        if not len(self.benign):
            return float("inf")
        p = self.above / (1.0 + self.count)
        if self.alpha >= p[-1]:
            return float(np.interp(self.alpha, p[::-1], self.benign[::-1]))
        if self.alpha * (1.0 + self.count) >= 1.0:
            return float(np.nextafter(self.benign[-1], np.inf))
        far = -np.log(self.alpha * (1.0 + self.count)) if self.alpha > 0.0 else np.inf
        return float(self.benign[-1] + self.tail * far) if self.tail > 0.0 else float("inf")

    def at_site(self, margins: Floats, origin: str) -> Calibration:
        """Return the calibration with the site's own benign ``margins`` in place of the shipped; confidence moves with the threshold."""
        benign, above = benign_table(margins)
        moved = replace(self, benign=benign, above=above, count=len(margins), origin=origin)
        shift = moved.threshold - self.threshold
        return replace(moved, knots=self.knots + (shift if np.isfinite(shift) else 0.0))

    def dump(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "benign": self.benign.tolist(),
            "above": self.above.tolist(),
            "count": self.count,
            "knots": self.knots.tolist(),
            "confidence": self.confidence.tolist(),
            "alpha": self.alpha,
            "known_share": self.known_share,
            "origin": self.origin,
        }

    @classmethod
    def load(cls, data: dict[str, Any]) -> Calibration:
        """Read what ``dump`` returned.

        Raises:
            ModelError: it is something else, or does not rise where it must.
        """
        try:
            made = cls(
                benign=np.asarray(data["benign"], np.float64),
                above=np.asarray(data["above"], np.int64),
                count=int(data["count"]),
                knots=np.asarray(data["knots"], np.float64),
                confidence=np.asarray(data["confidence"], np.float64),
                alpha=float(data["alpha"]),
                known_share=float(data["known_share"]),
                origin=str(data["origin"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"not a calibration: {error}") from error
        rising = all(np.all(np.diff(x) >= 0) for x in (made.benign, made.knots, made.confidence, -made.above))
        if not (rising and len(made.benign) == len(made.above) and len(made.knots) == len(made.confidence) > 0):
            raise ModelError("not a calibration: its tables do not rise, or differ in length")
        return made


def benign_table(margins: Floats) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return ascending benign margins and how many items are at or above each; at most ``BENIGN_KEPT``, the upper half of them the tail."""
    ordered = np.sort(np.asarray(margins, np.float64))
    n, half = len(ordered), BENIGN_KEPT // 2
    keep = np.arange(n)
    if n > BENIGN_KEPT:
        keep = np.unique(np.concatenate([np.linspace(0, n - half - 1, half).astype(np.int64), keep[n - half :]]))
    values = np.unique(ordered[keep])
    return values, (n - np.searchsorted(ordered, values, side="left")).astype(np.int64)


def isotonic(margins: Floats, labels: npt.NDArray[np.bool_], weights: Floats | None = None) -> tuple[Floats, Floats]:
    """Return knots and confidences: isotonic regression by pooling adjacent violators, each pool at its mean margin.

    A pool that is all one label is drawn in by Laplace's rule, so that nothing is ever certain.
    """
    order = np.argsort(margins, kind="stable")
    x, y = margins[order].astype(np.float64), labels[order].astype(np.float64)
    w = np.ones(len(x)) if weights is None else weights[order].astype(np.float64)
    pools: list[list[float]] = []  # weight, weighted label, weighted margin; a loop over items: training only
    for xi, yi, wi in zip(x, y, w, strict=True):
        pools.append([wi, wi * yi, wi * xi])
        while len(pools) > 1 and pools[-2][1] * pools[-1][0] >= pools[-1][1] * pools[-2][0]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    total = np.array(pools)
    knots, rate = total[:, 2] / total[:, 0], (total[:, 1] + 1 / 2) / (total[:, 0] + 1)
    return knots, np.maximum.accumulate(rate)


def expected_calibration_error(
    confidence: Floats, labels: npt.NDArray[np.bool_], bins: int = 15, weights: Floats | None = None
) -> float:
    """Return the mean distance of confidence and frequency over ``bins`` bins of equal count (Naeini et al., AAAI 2015).

    With ``weights`` (n,) an item counts so much, inside its bin and in the mean of bins.
    """
    if not len(confidence):
        return 0.0
    order = np.argsort(confidence, kind="stable")
    weight = np.ones(len(confidence)) if weights is None else weights
    gap = weight * (confidence - labels)
    parts: Sequence[npt.NDArray[np.int64]] = np.array_split(order, min(bins, len(order)))
    return float(sum(abs(gap[p].sum()) for p in parts) / weight.sum())
