"""The leak report: signs that a model could do well for a wrong reason. Training stops until the recipe answers each.

Looked for, on the evidence that the model sees:

* ``duplicates``: items with the same evidence on both sides of the split;
* ``near-duplicates``: with nearly the same evidence;
* ``two-labels``: the same evidence called malicious and benign;
* ``separates:BLOCK``: one piece, or one column of the rows, that tells the labels apart by itself;
* ``corpus:BLOCK``: one that tells, among items of one label, which corpus they are of;
* ``label-shift``: another share of malicious items on one side than on the other;
* ``groups``: a group on both sides; ``time``: training items seen after the first test item, where the split is by time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl

from vedette.abc import Learned
from vedette.errors import DataError
from vedette.learning.fit import Design
from vedette.learning.gather import Bools, Floats, Lot
from vedette.learning.naming import named
from vedette.learning.shortcuts import FEW, column_areas, piece_areas
from vedette.learning.split import Places
from vedette.learning.twins import evidence_hashes, resembling, shared

SEPARATES = 0.95
"""From this area under the ROC on, one column alone tells too much."""
REPEATED, RESEMBLING, CONTRADICTED = 0.005, 0.05, 0.005
"""The share of items of a side with a twin, a near twin, or a twin of the other label elsewhere, from which on it is told."""
SHIFT = 0.3
"""The difference of the malicious share from which on it is told."""
SHOWN = 5
"""Examples in a finding."""


@dataclass(frozen=True, slots=True)
class Leak:
    """One finding: an id that stays the same from run to run, and words that say where."""

    uid: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """n items and the side of each.

    Attributes:
        lot: the items; rewritten copies are passed over.
        design: their evidence.
        side: (n,) int64: the fold, or 0 for train and 1 for test.
        by_time: the sides were cut by time.
    """

    lot: Lot
    design: Design
    side: Places
    by_time: bool = False


def leaks(detector: type[Learned], split: Split) -> list[Leak]:
    """Return what was found, gravest first."""
    real = np.flatnonzero(~split.lot.copy)
    if len(real) < len(split.lot):
        split = Split(split.lot.take(real), split.design.take(real), split.side[real], split.by_time)
    found = [
        *_twins(split),
        *_groups(split),
        *_time(split),
        *_separating(detector, split),
        *_corpora(detector, split),
        *_shift(split),
    ]
    return [leak for leak in found if leak is not None]


def stop(found: Sequence[Leak], answers: Mapping[str, str], where: str, prefix: str = "") -> dict[str, str]:
    """Return the answers of what was found, or stop.

    Args:
        found: the leaks of one split.
        answers: the recipe's, to this split: ``Recipe.answers_to``.
        where: the recipe.
        prefix: stands before an id in the recipe: the protocol's name and a colon.

    Raises:
        DataError: a leak has no answer, or an answer no leak.
    """
    unanswered = [f"  {prefix}{leak.uid}: {leak.text}" for leak in found if leak.uid not in answers]
    if unanswered:
        raise DataError(
            "the data leaks, so figures and model would be better than the detector:\n" + "\n".join(unanswered),
            where=where,
            hint="mend the data or the features, or say under answers why it is none: docs/reference/recipes.md",
        )
    idle = [prefix + uid for uid in answers if uid not in {leak.uid for leak in found}]
    if idle:
        raise DataError(f"answers to leaks that were not found: {', '.join(idle)}", where=where, hint="take them out")
    return dict(answers)


# ------------------------------------------------------------------------------------------------------------------ twins


def _twins(split: Split) -> Iterator[Leak]:
    whole, sketch = evidence_hashes(split.lot.items.blocks)
    labels = split.lot.items.malicious
    across = shared(whole, split.side)
    if across.mean() > REPEATED:
        yield Leak(
            "duplicates", f"{_count(across, split)} have the same evidence as an item on the other side of the split"
        )
    both = shared(whole, labels.astype(np.int64))
    if both.mean() > CONTRADICTED:
        yield Leak("two-labels", f"{_count(both, split)} have the same evidence as an item of the other label")
    near = resembling(sketch, split.side) & ~across
    if near.mean() > RESEMBLING:
        yield Leak(
            "near-duplicates", f"{_count(near, split)} have nearly the same evidence as an item on the other side"
        )


# ----------------------------------------------------------------------------------------------------------------- splits


def _groups(split: Split) -> Iterator[Leak]:
    groups = split.lot.items.known["@group"]
    across = shared(groups.fill_null("").rank("dense").cast(pl.UInt64).to_numpy(), split.side)
    if across.any():
        many = groups.filter(pl.Series(across)).n_unique()
        yield Leak("groups", f"{many:,} groups with {_count(across, split)} stand on both sides of the split")


def _time(split: Split) -> Iterator[Leak]:
    if not split.by_time:
        return
    times = split.lot.items.known["@time"].dt.timestamp("us")
    first = times.filter(pl.Series(split.side == 1)).min()
    if isinstance(first, int):
        late = (times >= first).fill_null(value=False).to_numpy() & (split.side == 0)
        if late.any():
            day = datetime.fromtimestamp(first / 1e6, UTC).date()
            yield Leak("time", f"{_count(late, split)} train and were seen after the first test item, of {day}")


def _shift(split: Split) -> Iterator[Leak]:
    sides = [int(k) for k in np.unique(split.side)]
    share = {k: float(split.lot.items.malicious[split.side == k].mean()) for k in sides}
    least, most = min(share, key=lambda k: share[k]), max(share, key=lambda k: share[k])
    if share[most] - share[least] > SHIFT:
        yield Leak(
            "label-shift",
            f"{share[least]:.0%} of the items are malicious on one side of the split ({least}), {share[most]:.0%} on another ({most})",
        )


# ---------------------------------------------------------------------------------------------------------------- columns


def _separating(detector: type[Learned], split: Split) -> Iterator[Leak]:
    items = split.lot.items
    areas = piece_areas(split.design, items.malicious)
    yield from _told(detector, split, areas, "separates", "tell malicious from benign by themselves")
    found = [(c, a) for c, a in column_areas(items.rows, items.malicious) if a >= SEPARATES]
    if found:
        words = ", ".join(f"{c} (AUC {a:.3f})" for c, a in found[:SHOWN])
        yield Leak("separates:rows", f"columns tell malicious from benign by themselves: {words}")


def _corpora(detector: type[Learned], split: Split) -> Iterator[Leak]:
    items = split.lot.items
    best, columns = np.zeros(split.design.matrix.shape[1]), dict[str, tuple[float, str]]()
    for label in items.known["@label"].unique().sort().to_list():
        among = (items.known["@label"] == label).to_numpy()
        corpora = items.known["@corpus"].filter(pl.Series(among)).value_counts(sort=True)
        big = corpora.filter(pl.col("count") >= FEW)["@corpus"].to_list()
        if len(big) < 2:  # noqa: PLR2004 - one corpus cannot be told from itself
            continue
        rows, design = items.rows.filter(pl.Series(among)), split.design.take(np.flatnonzero(among))
        for corpus in sorted(big):
            inside = (items.known["@corpus"].filter(pl.Series(among)) == corpus).to_numpy()
            best = np.maximum(best, piece_areas(design, inside))
            for c, a in column_areas(rows, inside):
                columns[c] = max(columns.get(c, (0.0, "")), (a, f"{corpus} among {label}"))
    yield from _told(detector, split, best, "corpus", "tell by themselves which corpus an item of one label is of")
    found = [(c, a, w) for c, (a, w) in columns.items() if a >= SEPARATES]
    if found:
        words = ", ".join(f"{c} ({w}, AUC {a:.3f})" for c, a, w in found[:SHOWN])
        yield Leak("corpus:rows", f"columns tell by themselves which corpus an item of one label is of: {words}")


def _told(detector: type[Learned], split: Split, areas: Floats, kind: str, words: str) -> Iterator[Leak]:
    slots = split.design.columns()
    hot = [int(k) for k in np.argsort(-areas, kind="stable") if areas[k] >= SEPARATES]
    for block in dict.fromkeys(slots[k][0] for k in hot):
        own = [k for k in hot if slots[k][0] == block]
        names = named(detector, split.lot.items, [slots[k] for k in own[:SHOWN]])
        told = ", ".join(f"{n} AUC {areas[k]:.3f}" for n, k in zip(names, own, strict=False))
        yield Leak(f"{kind}:{block}", f"{len(own):,} pieces of block {block} {words}: {told}")


def _count(which: Bools, split: Split) -> str:
    """Return how many items, and a few of them by number: never their content."""
    known = split.lot.items.known.with_row_index("row").filter(pl.Series(which)).head(SHOWN)
    some = ", ".join(f"{r['row']} ({r['@corpus']}, {r['@label']})" for r in known.to_dicts())
    return f"{int(which.sum()):,} of {len(which):,} items (such as number {some})"
