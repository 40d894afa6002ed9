"""A protocol's data: everything it reads with one seed, its cases, and whether their splits leak."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from vedette.errors import DataError
from vedette.learning.fit import Design
from vedette.learning.gather import Bools, Lot, Progress, Shelf, gather, joined
from vedette.learning.leaks import Leak, Split, leaks, stop
from vedette.learning.recipe import Between, Protocol, Recipe, Selection
from vedette.learning.split import Places

Case = tuple[str, Places, Places]
"""Its name, the items that train, and the items that are tested."""


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Everything a protocol reads with one seed: what may train, then what only tests."""

    recipe: Recipe
    protocol: Protocol
    shelf: Shelf
    selections: Sequence[Selection]
    lot: Lot
    design: Design
    test_only: Bools

    def cases(self) -> Iterator[Case]:
        """Yield the name, the training items and the test items of each case."""
        column, real = self.protocol.leave_out, ~self.lot.copy
        if column is None:
            yield "test", np.flatnonzero(~self.test_only), self._apart(~self.test_only, self.test_only & real)
            return
        values = self.lot.items.known[column]
        named = self.protocol.values or tuple(
            values.filter(pl.Series(real & ~self.test_only)).drop_nulls().unique().sort()
        )
        for value in named:
            out = (values == value).fill_null(value=False).to_numpy() & ~self.test_only
            if not out.any():
                raise DataError(f"no item has {value!r} as {column}", where=f"recipe {self.recipe.name}")
            train = ~out & ~self.test_only
            yield value, np.flatnonzero(train), self._apart(train, (out | self.test_only) & real)

    def _apart(self, train: Bools, test: Bools) -> Places:
        """Return the test items that have nothing of the ``disjoint`` column in common with training."""
        if self.protocol.disjoint is not None:
            values = self.lot.items.known[self.protocol.disjoint]
            test = (
                test
                & ~values.is_in(values.filter(pl.Series(train)).unique().implode()).fill_null(value=False).to_numpy()
            )
        if not test.any():
            raise DataError("no test item is left", where=f"recipe {self.recipe.name}")
        return np.flatnonzero(test)


def pooled(recipe: Recipe, name: str, seed: int, root: Path | None, progress: Progress) -> Pool:
    """Return everything that a protocol reads."""
    protocol = recipe.protocols[name]
    seeded = msgspec.structs.replace(recipe, seed=recipe.seed + seed)
    shelf = Shelf(recipe.detector_class, recipe.malicious, root)
    train = protocol.train or recipe.data
    lots = [gather(seeded, train, shelf, recipe.evasions, progress)]
    if protocol.test:
        lot = gather(seeded, protocol.test, shelf, (), progress)
        lots.append(replace(lot, source=lot.source + len(train)))
    whole = joined(lots)
    test_only = np.arange(len(whole)) >= len(lots[0])
    return Pool(seeded, protocol, shelf, (*train, *protocol.test), whole, Design.of(whole.items.blocks), test_only)


def answered(pool: Pool, cases: Sequence[Case], name: str, progress: Progress) -> dict[str, str]:
    """Return the answers to the leaks of the splits, or stop."""
    by_time = all(
        any(isinstance(w, Between) for s in part for w in s.where.values())
        for part in (pool.protocol.train, pool.protocol.test)
    )
    found: dict[str, Leak] = {}
    for k, (case, train, test) in enumerate(cases):
        progress(f"looking for leaks: {case}", k, len(cases))
        both = np.concatenate([train, test])
        side = (np.arange(len(both)) >= len(train)).astype(np.int64)
        split = Split(pool.lot.take(both), pool.design.take(both), side, by_time)
        for leak in leaks(pool.recipe.detector_class, split):
            found.setdefault(leak.uid, Leak(leak.uid, f"{case}: {leak.text}"))
    return stop(
        list(found.values()), pool.recipe.answers_to(name), where=f"recipe {pool.recipe.name}", prefix=f"{name}:"
    )
