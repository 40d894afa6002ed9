"""Gathers what a recipe trains or tests on: selections of data sets, encoded, with copies as an evader would write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.abc import Evasion, Learned
from vedette.errors import DataError
from vedette.learning.data import dataset, load
from vedette.learning.fit import stacked
from vedette.learning.items import Items, encoded
from vedette.learning.recipe import Recipe, Selection
from vedette.learning.split import drawn, folds
from vedette.plugins import discover

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Progress = Callable[[str, int, int], None]
"""Called with what is done now, and how many of how many steps are behind."""


def silent(_words: str, _done: int, _total: int) -> None:
    """Show nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Lot:
    """n items as a recipe wants them.

    Attributes:
        items: what they are.
        factor: (n,) what the weight of each is multiplied by.
        copy: (n,) whether it is a malicious item as rewritten by an evasion: trained on, never calibrated or tested on.
        share: (n,) what an item counts for: 1, or of a copy what it weighs beside an original.
        source: (n,) int64: which of the selections it is of; its row there is ``items.rows["metadata.sequence"]``.
    """

    items: Items
    factor: Floats
    copy: Bools
    share: Floats
    source: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.items)

    def take(self, which: npt.NDArray[np.int64]) -> Lot:
        """Return some of the items."""
        return Lot(self.items.take(which), self.factor[which], self.copy[which], self.share[which], self.source[which])

    def weights(self, how: str) -> Floats:
        """Return (n,) with mean 1: alike for all items, or with ``corpus`` so that every corpus and label weighs the same in all."""
        weight = self.factor * self.share
        if how == "corpus":
            counted = self.items.known.select("@corpus", "@label", share=self.share)
            weight /= counted.select(pl.col("share").sum().over("@corpus", "@label")).to_series().to_numpy()
        weight /= weight.mean()
        return weight


@dataclass(slots=True)
class Shelf:
    """Data sets that were read in this run, and their encoded items: several selections read the same set.

    Attributes:
        root: the folder of the data sets; None: where ``data_root`` finds it.
    """

    detector: type[Learned]
    malicious: Sequence[str]
    root: Path | None = None
    _events: dict[str, pl.DataFrame] = field(default_factory=dict)

    def events(self, selection: Selection, seed: int) -> pl.DataFrame:
        """Return the events of a selection.

        Raises:
            DataError: it is empty, or the data set lacks a column that it names.
        """
        if selection.set not in self._events:
            self._events[selection.set] = load(selection.set, self.root)
        events = self._events[selection.set]
        absent = [c for c in selection.where if c not in events.columns]
        if absent:
            raise DataError(f"the data set {selection.set} has no column {absent[0]}", where=selection.set)
        events = events.filter(selection.filter())
        if selection.most is not None:
            events = events[drawn(events["@group"], selection.most, seed)]
        if not events.height:
            raise DataError(f"no item of {selection.set} is as the recipe wants it", where=str(selection.where))
        return events

    def items(self, selection: Selection, events: pl.DataFrame) -> Items:
        """Return events of a selection as evidence."""
        return encoded(self.detector, dataset(selection.set).kind, events, self.malicious)


def gather(
    recipe: Recipe,
    selections: Sequence[Selection],
    shelf: Shelf,
    evasions: Sequence[str] = (),
    progress: Progress = silent,
) -> Lot:
    """Return the items of some selections, in their order, and after them the rewritten copies of the malicious ones."""
    lots = []
    for k, selection in enumerate(selections):
        progress(f"reading {selection.set}", k, len(selections))
        events = shelf.events(selection, recipe.seed)
        lots.append(_lot(shelf.items(selection, events), selection.balance, k))
        bad = events.filter(pl.col("@label").is_in(recipe.malicious))
        for name, part in _shared_out(bad, selection, evasions, recipe.seed):
            progress(f"rewriting {selection.set} by {name}", k, len(selections))
            for some, ordinary in _lent(name, part, events.filter(~pl.col("@label").is_in(recipe.malicious)), recipe):
                copies = shelf.items(selection, rewritten(name, some, recipe.seed, ordinary))
                lots.append(_lot(copies, selection.balance, k, recipe.copies_weigh))
    return joined(lots)


def rewritten(name: str, events: pl.DataFrame, seed: int, ordinary: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return events as an evasion writes them; ``ordinary``: benign events at hand for one that borrows."""
    cls = discover(Evasion)[name]
    evasion = cls(ordinary) if cls.borrows else cls()  # type: ignore[call-arg]  # as the contract says
    return evasion.rewrite(events, Random(f"{name} {seed}"))  # noqa: S311 - not for secrets


def _lent(
    name: str, events: pl.DataFrame, ordinary: pl.DataFrame, recipe: Recipe
) -> list[tuple[pl.DataFrame, pl.DataFrame | None]]:
    """Return what is rewritten together, and the benign events that an evasion borrows from.

    It borrows inside a fold of groups: else a model from which a benign item was left out had read it, labelled malicious, in a copy.
    """
    if not discover(Evasion)[name].borrows:
        return [(events, None)]
    fold, other = (folds(e["@group"], recipe.folds, recipe.seed) for e in (events, ordinary))
    cut = [(events.filter(pl.Series(fold == k)), ordinary.filter(pl.Series(other == k))) for k in range(recipe.folds)]
    return [(some, lent) for some, lent in cut if some.height and lent.height]


def joined(lots: Sequence[Lot]) -> Lot:
    """Return several lots as one, in their order."""
    items = Items(
        pl.concat([lot.items.known for lot in lots], how="diagonal"),
        pl.concat([lot.items.rows for lot in lots]),
        stacked([lot.items.blocks for lot in lots]),
        np.concatenate([lot.items.malicious for lot in lots]),
    )
    return Lot(
        items, *(np.concatenate([getattr(lot, c) for lot in lots]) for c in ("factor", "copy", "share", "source"))
    )


def _lot(items: Items, balance: float, source: int, copies_weigh: float | None = None) -> Lot:
    n, copy = len(items), copies_weigh is not None
    return Lot(
        items, np.full(n, balance), np.full(n, copy), np.full(n, copies_weigh or 1.0), np.full(n, source, np.int64)
    )


def _shared_out(
    events: pl.DataFrame, selection: Selection, evasions: Sequence[str], seed: int
) -> list[tuple[str, pl.DataFrame]]:
    """Return the malicious events shared out among the evasions of their kind: one copy of each."""
    able = [e for e in evasions if discover(Evasion)[e].kind is dataset(selection.set).kind]
    if not able or not events.height:
        return []
    turn = np.random.default_rng(seed).integers(len(able), size=events.height)
    return [(name, events.filter(pl.Series(turn == k))) for k, name in enumerate(able)]
