"""Figures of a ranking and of a verdict, each over items with weights."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.abc import MALICIOUS, UNKNOWN
from vedette.scoring.calibration import expected_calibration_error

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def roc(margins: Floats, labels: Bools) -> tuple[Floats, Floats]:
    """Return false-positive and true-positive rates at every distinct margin, from the strictest on; both start at 0.

    Items of one margin are one step, so that ties neither help nor hurt (Fawcett, "An introduction to ROC analysis", 2006).
    """
    order = np.argsort(-margins, kind="stable")
    ranked, hit = margins[order], labels[order]
    last = (
        np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), len(ranked) - 1) if len(ranked) else np.empty(0, np.int64)
    )
    right, wrong = np.cumsum(hit)[last], np.cumsum(~hit)[last]
    return (
        np.append(0.0, wrong / max(int((~labels).sum()), 1)),
        np.append(0.0, right / max(int(labels.sum()), 1)),
    )


def auc(margins: Floats, labels: Bools) -> float:
    """Return the area under the ROC: how often a malicious item is above a benign one; NaN where one of them is absent.

    Example:
        >>> auc(np.array([3.0, 1.0, 2.0]), np.array([True, False, False]))
        1.0
    """
    if labels.all() or not labels.any():
        return float("nan")
    wrong, right = roc(margins, labels)
    return float(np.trapezoid(right, wrong))


def average_precision(margins: Floats, labels: Bools) -> float:
    """Return the area under precision and recall, in steps; NaN where nothing is malicious."""
    recall, precision = precision_recall(margins, labels)
    return float(np.diff(recall, prepend=0.0) @ precision) if labels.any() else float("nan")


def precision_recall(margins: Floats, labels: Bools) -> tuple[Floats, Floats]:
    """Return recall and precision at every distinct margin, from the strictest on."""
    wrong, right = roc(margins, labels)
    hits, false = right[1:] * labels.sum(), wrong[1:] * (~labels).sum()
    return right[1:], hits / np.maximum(hits + false, 1.0)


def recall_at(margins: Floats, labels: Bools, false_positive_rate: float) -> float:
    """Return the recall at the smallest threshold with at most this rate of false positives; NaN where a label is absent."""
    if labels.all() or not labels.any():
        return float("nan")
    return float((margins[labels] >= threshold_at(margins[~labels], false_positive_rate)).mean())


def threshold_at(benign: Floats, false_positive_rate: float) -> float:
    """Return the smallest threshold that at most this share of benign margins reaches."""
    ordered = np.sort(benign)[::-1]
    allowed = int(np.floor(false_positive_rate * len(ordered) + 1e-9))
    return float(np.nextafter(ordered[allowed], np.inf)) if allowed < len(ordered) else float("-inf")


def figures(said: pl.DataFrame, labels: Bools, weights: Floats | None = None) -> dict[str, float]:
    """Return what a table of results tells of some items; NaN where a label is absent.

    Args:
        said: (n,) what ``Learned.judge`` says, by a model that was not trained on them: margin, confidence and verdict.
        labels: (n,) whether malicious.
        weights: (n,) for the calibration error alone: the mix of items that the confidence is for.
    """
    margins, confidence = said["margin"].to_numpy(), said["confidence"].to_numpy()
    called, unknown = ((said["verdict"] == v).to_numpy() for v in (MALICIOUS, UNKNOWN))
    return {
        "items": float(len(margins)),
        "malicious": float(labels.sum()),
        "auc": auc(margins, labels),
        "average_precision": average_precision(margins, labels),
        "recall_at_0.1%": recall_at(margins, labels, 0.001),
        "recall_at_1%": recall_at(margins, labels, 0.01),
        "false_positives": _rate(called, ~labels),
        "recall": _rate(called, labels),
        "calibration_error": expected_calibration_error(confidence, labels, weights=weights),
        "insufficient": float(unknown.mean()) if len(unknown) else 0.0,
    }


def _rate(said: Bools, among: Bools) -> float:
    return float(said[among].mean()) if among.any() else float("nan")


def reliability(confidence: Floats, labels: Bools, weights: Floats, bins: int = 15) -> list[tuple[float, float]]:
    """Return mean confidence and frequency of ``bins`` bins of equal count, ascending: a calibrated model's lie on the diagonal."""
    parts = np.array_split(np.argsort(confidence, kind="stable"), bins)
    return [
        (float(np.average(confidence[p], weights=weights[p])), float(np.average(labels[p], weights=weights[p])))
        for p in parts
        if len(p)
    ]
