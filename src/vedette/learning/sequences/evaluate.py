"""The protocols: trained on normal sequences only; every configuration in the same run, beside the plain look-ups.

Thresholds are set on normal sequences of the training part that a scorer was not fitted to (five folds); the test is asked once for each
configuration. Which configuration is best for a family of attacks is chosen without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from vedette.learning.measures import auc, recall_at
from vedette.learning.sequences.language import Language, unseen
from vedette.learning.sequences.likeness import new_counts, unlike_counts, unlike_set
from vedette.learning.sequences.rarity import Rarity
from vedette.learning.sequences.sequence_sets import adfa_ld, hdfs, openstack
from vedette.learning.sequences.traces import Bools, Floats, Places, Traces

Result = dict[str, float | str | int]
"""A line of a table: set, configuration, seed, figures."""
Told = Callable[[str], None]
Scorer = Callable[[Traces, Traces, int], Floats]
"""From normal sequences, sequences that are asked about and the number of kinds of events to (n,) scores, higher is stranger."""
ORDER = 6
"""Longest n-gram of the language model."""
PLAIN_ORDER = 5
FOLDS = 5
RATE = 0.01


def _language(train: Traces, asked: Traces, vocabulary: int) -> Floats:
    return asked.mean(Language.fit(train, ORDER, vocabulary).surprise(asked))


def _novelty(train: Traces, asked: Traces, _: int) -> Floats:
    return asked.mean(unseen(train, asked, PLAIN_ORDER).astype(np.float64))


def _rare_set(train: Traces, asked: Traces, vocabulary: int) -> Floats:
    return unlike_set(train, asked, vocabulary, weighted=True)


def _event(train: Traces, asked: Traces, _: int) -> Floats:
    return asked.highest((~np.isin(asked.events, train.events)).astype(np.float64))


PLAIN: Mapping[str, Scorer] = {
    "unseen event": _event,
    "unseen 5-grams": _novelty,
    "unseen event or counts": lambda train, asked, v: new_counts(train, asked, v).astype(np.float64),
}
SCORERS: Mapping[str, Scorer] = {
    "language": _language,
    "set": unlike_set,
    "rare set": _rare_set,
    "counts": unlike_counts,
}
COMBINED: Mapping[str, Sequence[str]] = {
    **{name: (name,) for name in SCORERS},
    "sets": ("set", "rare set"),
    "language and sets": ("language", "set", "rare set"),
    "all": ("language", "set", "rare set", "counts"),
}
"""Configurations: whose rarities among normal sequences of about the same length are added up."""


def scored(train: Traces, asked: Traces, vocabulary: int, seed: int) -> dict[str, tuple[Floats, float]]:
    """Return (n,) scores of ``asked`` and the threshold that ``RATE`` of normal sequences pass, by every configuration."""
    fold = np.random.default_rng(seed).permutation(len(train)) % FOLDS
    held = {name: np.empty(len(train)) for name in SCORERS}
    for k in range(FOLDS):
        for name, scorer in SCORERS.items():
            held[name][fold == k] = scorer(train.take(fold != k), train.take(fold == k), vocabulary)
    rarity = {name: Rarity.of(scores, train.sizes) for name, scores in held.items()}
    inner = {name: rarity[name](held[name], train.sizes) for name in SCORERS}
    nats = {name: rarity[name](scorer(train, asked, vocabulary), asked.sizes) for name, scorer in SCORERS.items()}
    found: dict[str, tuple[Floats, float]] = {
        name: (scorer(train, asked, vocabulary), 0.0) for name, scorer in PLAIN.items()
    }
    for name, parts in COMBINED.items():
        usual = np.sum([inner[p] for p in parts], axis=0)
        found[name] = np.sum([nats[p] for p in parts], axis=0), float(np.quantile(usual, 1 - RATE, method="higher"))
    return found


def of_adfa(root: Path, seed: int, told: Told = lambda _: None) -> list[Result]:
    """Train on the training part; ask its validation part and every family of attacks."""
    traces = adfa_ld(root)
    vocabulary = int(traces.events.max()) + 1
    asked = traces.take(traces.part != "train")
    scores = {n: s for n, (s, _) in scored(traces.take(traces.part == "train"), asked, vocabulary, seed).items()}
    told("ADFA-LD: scored")
    attack, families = asked.attack, sorted(set(asked.kind[asked.attack].tolist()))
    choosing = np.random.default_rng(seed).random(len(asked)) < 0.5  # noqa: PLR2004 - half of the normal ones choose
    results: list[Result] = []

    def add(name: str, family: str, found: Floats, rows: Bools) -> None:
        head: Result = {"set": "ADFA-LD", "configuration": name, "seed": seed, "family": family}
        results.append(head | _figures(found[rows], attack[rows], asked.copies[rows]))

    for family in families:
        of_family = asked.kind == family
        for name, found in scores.items():
            add(name, family, found, ~attack | of_family)
        others = {
            name: np.mean([_auc(s, (asked.kind == f) | (~attack & choosing), attack) for f in families if f != family])
            for name, s in scores.items()
        }
        best = max(others, key=lambda name: others[name])
        add("chosen without it", family, scores[best], of_family | (~attack & ~choosing))
    for name, found in scores.items():
        add(name, "all at once", found, np.ones(len(asked), np.bool_))
    return results


def _figures(scores: Floats, attack: Bools, copies: Places) -> Result:
    """Return the figures of a ranking; ``auc_as_recorded`` counts each sequence as often as it was recorded."""
    return {
        "auc": auc(scores, attack),
        "auc_as_recorded": weighted_auc(scores, attack, copies),
        "recall_at_1%": recall_at(scores, attack, RATE),
        "recall_at_10%": recall_at(scores, attack, 10 * RATE),
    }


def _auc(scores: Floats, rows: Bools, attack: Bools) -> float:
    return auc(scores[rows], attack[rows])


def weighted_auc(scores: Floats, attack: Bools, copies: Places) -> float:
    """Return the chance that an attack scores higher than a normal sequence, each drawn as often as it was recorded.

    Example:
        >>> weighted_auc(np.array([1.0, 2.0, 3.0]), np.array([False, True, False]), np.array([3, 1, 1]))
        0.75
    """
    values, where = np.unique(scores, return_inverse=True)
    normal = np.bincount(where, np.where(attack, 0, copies), len(values))
    hostile = np.bincount(where, np.where(attack, copies, 0), len(values))
    below = np.cumsum(normal) - normal / 2
    return float((hostile * below).sum() / max(normal.sum() * hostile.sum(), 1))


def of_hdfs(root: Path, seed: int, told: Told = lambda _: None) -> list[Result]:
    """Train on half of the normal blocks, drawn by the seed; ask the other half and all abnormal ones; as recorded, and each once."""
    traces = hdfs(root)
    told("HDFS: read")
    results: list[Result] = []
    for name, some in (("HDFS as recorded", traces), ("HDFS, each once", traces.distinct())):
        half = np.random.default_rng(seed).random(len(some)) < 0.5  # noqa: PLR2004
        results += _flagged(name, some, ~some.attack & half, seed)
    return results


def of_openstack(root: Path, seed: int, told: Told = lambda _: None) -> list[Result]:
    """Train on the fifty normal machines of the training part; ask all others; as recorded, and each once."""
    traces = openstack(root)
    told("OpenStack: read")
    results: list[Result] = []
    for name, some in (("OpenStack as recorded", traces), ("OpenStack, each once", traces.distinct())):
        results += _flagged(name, some, some.part == "train", seed)
    return results


def _flagged(name: str, traces: Traces, train: Bools, seed: int) -> list[Result]:
    asked = traces.take(~train)
    attack = asked.attack
    results: list[Result] = []
    for configuration, (scores, limit) in scored(traces.take(train), asked, int(traces.events.max()) + 2, seed).items():
        flagged = scores > limit
        hits, false = int((flagged & attack).sum()), int((flagged & ~attack).sum())
        results.append(
            {
                "set": name,
                "configuration": configuration,
                "seed": seed,
                "F1": 2 * hits / max(2 * hits + false + int((~flagged & attack).sum()), 1),
                "recall": hits / max(int(attack.sum()), 1),
                "false_positives": false / max(int((~attack).sum()), 1),
                "normal": int((~attack).sum()),
                "auc": auc(scores, attack),
                "recall_at_1%": recall_at(scores, attack, RATE),
            }
        )
    return results


PROTOCOLS: Mapping[str, Callable[..., list[Result]]] = {
    "adfa": of_adfa,
    "hdfs": of_hdfs,
    "openstack": of_openstack,
}
