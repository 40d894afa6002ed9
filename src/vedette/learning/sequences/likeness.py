"""How unlike all normal sequences one is, by which events are in it and how often: order does not count here."""

from __future__ import annotations

import numpy as np

from vedette.learning.sequences.traces import Bools, Floats, Traces

BLOCK = 4_096
"""Sequences that are compared at a time."""


def unlike_set(train: Traces, asked: Traces, vocabulary: int, *, weighted: bool = False) -> Floats:
    """Return (n,) the distance of Jaccard from the set of events of each sequence to the nearest normal one's.

    Args:
        train: normal sequences.
        asked: what is asked about.
        vocabulary: how many kinds of events there are.
        weighted: an event weighs by its rarity: minus the logarithm of the share of normal sequences that have it.
    """
    usual = np.unique(train.counts(vocabulary) > 0, axis=0)
    share = (train.counts(vocabulary) > 0).sum(0)
    weight = -np.log((share + 0.5) / (len(train) + 1)) if weighted else np.ones(vocabulary)
    kept = usual * weight
    return _nearest(kept, usual.astype(np.float64), (asked.counts(vocabulary) > 0) * weight)


def _nearest(kept: Floats, usual: Floats, asked: Floats) -> Floats:
    found = np.empty(len(asked))
    sizes = kept.sum(1)
    for first in range(0, len(asked), BLOCK):
        some = asked[first : first + BLOCK]
        shared = some @ usual.T
        whole = some.sum(1)[:, None] + sizes[None] - shared
        found[first : first + BLOCK] = (1 - shared / np.maximum(whole, 1e-9)).min(1)
    return found


def unlike_counts(train: Traces, asked: Traces, vocabulary: int) -> Floats:
    """Return (n,) the distance from the counts of each sequence to the nearest normal ones', in logarithms, by the sum over events."""
    usual = np.unique(np.log1p(train.counts(vocabulary)), axis=0)
    counts = np.log1p(asked.counts(vocabulary))
    different, back = np.unique(counts, axis=0, return_inverse=True)
    nearest = [
        float(np.abs(usual - row).sum(1).min()) for row in different
    ]  # a row at a time: the table of pairs is too large
    return np.array(nearest)[back.ravel()]


def new_counts(train: Traces, asked: Traces, vocabulary: int) -> Bools:
    """Return (n,) whether an event of a sequence, or how often each event is in it, was never seen: the plain look-up."""
    seen = {row.tobytes() for row in train.counts(vocabulary)}
    return np.array([row.tobytes() not in seen for row in asked.counts(vocabulary)], np.bool_)
