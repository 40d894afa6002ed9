from __future__ import annotations

import numpy as np
import pytest

from vedette.learning.fit import Constraint, Design, design, fit, stacked, taken
from vedette.scoring.additive import Block, facts

RNG = np.random.default_rng(5)
N = 300
A, B = RNG.random(N) < 0.5, RNG.random(N) < 0.5
LABELS = RNG.random(N) < np.where(A, 0.9, 0.2) * np.where(B, 0.5, 1.0)


def blocks() -> list[Block]:
    return [
        facts("one", {"a": A.astype(np.float32)}),
        facts("two", {"b": B.astype(np.float32), "never": np.zeros(N, np.float32)}),
    ]


def test_weights_say_which_way_each_piece_speaks() -> None:
    got = fit(blocks(), LABELS)
    assert got.weights["one"][0] > 1
    assert got.weights["two"][0] < -0.3
    assert got.weights["two"][1] == 0
    assert (got.margin(blocks())[LABELS]).mean() > got.margin(blocks())[~LABELS].mean()


@pytest.mark.parametrize(("sign", "low", "high"), [(1, 0.0, 9.0), (-1, -9.0, 0.0)])
def test_a_bound_holds_every_weight_of_its_block(sign: int, low: float, high: float) -> None:
    got = fit(blocks(), LABELS, constraints={"one": Constraint(1.0, sign), "two": Constraint(1.0, sign)})
    for table in got.weights.values():
        assert low <= table.min() <= table.max() <= high


def test_a_ridge_draws_weights_in_and_items_weigh() -> None:
    free, held = (fit(blocks(), LABELS, constraints={"one": Constraint(r)}) for r in (0.1, 1000.0))
    assert abs(held.weights["one"][0]) < abs(free.weights["one"][0]) / 5
    heavy = fit(blocks(), LABELS, weights=np.where(LABELS, 10.0, 1.0))
    assert heavy.bias > free.bias


def test_the_same_items_give_the_same_bytes_and_are_left_alone() -> None:
    some = [Block("x", 4, np.array([0, 3, 4], np.int64), np.array([2, 2, 1, 1], np.uint32))]
    labels = np.array([True, False])
    assert fit(some, labels).dump() == fit(some, labels).dump()
    assert some[0].starts.tolist() == [0, 3, 4]
    matrix, used = design(some)
    assert matrix.toarray().tolist() == [[1.0, 2.0], [1.0, 0.0]]
    assert used[0].tolist() == [1, 2]


def test_a_design_of_some_items_and_columns() -> None:
    whole = Design.of(blocks())
    assert whole.columns() == [("one", 0), ("two", 0)]
    part = whole.take(np.arange(50))
    kept = part.keep(np.array([False, True])).solve(LABELS[:50])
    assert not kept.weights["one"].any()
    assert kept.weights["two"][0]
    model = whole.solve(LABELS)
    np.testing.assert_allclose(part.margins(model), model.margin(blocks())[:50], atol=1e-6)
    assert whole.spread({"two": 3.0}, 1.0).tolist() == [1.0, 3.0]


def test_items_are_taken_and_stacked() -> None:
    block = Block(
        "x",
        9,
        np.array([0, 2, 2, 3]),
        np.array([4, 5, 6], np.uint32),
        np.array([1, 2, 3], np.float32),
        np.array([1, 1, 2], np.float32),
    )
    some = taken(block, np.array([2, 0]))
    assert (some.starts.tolist(), some.slot.tolist(), some.values().tolist()) == ([0, 1, 3], [6, 4, 5], [6, 1, 2])
    (both,) = stacked([[block], [some]])
    assert both.starts.tolist() == [0, 2, 2, 3, 4, 6]
    assert both.values().tolist() == [1, 2, 6, 6, 1, 2]
    plain = Block("x", 9, np.array([0, 1]), np.array([1], np.uint32))
    assert stacked([[plain], [plain]])[0].value is None
