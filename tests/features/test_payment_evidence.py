"""Evidence of payments: every measure has its bin, every pair its cell."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from vedette.features.payment_evidence import EDGES, PAIRS, blocks, cell
from vedette.features.payment_history import MEASURES


def rows(**values: float) -> pl.DataFrame:
    return pl.DataFrame(
        {m: [values.get(m, float("nan"))] for m in MEASURES}, schema=dict.fromkeys(MEASURES, pl.Float64)
    )


def test_every_row_has_one_bin_of_each() -> None:
    alone, together = blocks(rows(amount=12.0))
    assert len(alone.slot) == len(EDGES)
    assert len(together.slot) == len(PAIRS)
    assert int(alone.slot.max()) < alone.slots
    assert int(together.slot.max()) < together.slots


@pytest.mark.parametrize("pair", PAIRS)
def test_cells_of_a_pair_are_its_own(pair: tuple[str, str]) -> None:
    names = {cell(s) for s in range(blocks(rows())[1].slots)}
    assert {n[:2] for n in names} == set(PAIRS)
    a, b = pair
    first = {
        int(blocks(rows(**{a: x, b: y}))[1].slot[list(PAIRS).index(pair)]) for x in (-9.0, 1e9) for y in (-9.0, 1e9)
    }
    assert len(first) == 4
    assert {cell(s)[:2] for s in first} == {pair}


def test_values_on_an_edge_belong_above() -> None:
    low, high = (blocks(rows(**{"own.ratio": v}))[0].slot for v in (np.nextafter(3.0, 0), 3.0))
    assert int((low != high).sum()) == 1
