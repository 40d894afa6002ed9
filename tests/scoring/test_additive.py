from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.errors import ModelError
from vedette.scoring.additive import Additive, Block, bins, facts, segment_sums

BLOCK = Block(
    "pieces",
    8,
    np.array([0, 2, 2, 5]),
    np.array([1, 3, 0, 0, 7], np.uint32),
    np.array([1, 2, 1, 1, 0.5], np.float32),
    np.array([1, 1, 2], np.float32),
)
FORM = Additive(
    -0.5, {"pieces": np.arange(8).astype(np.float32) / np.float32(4), "other": np.array([3, 0], np.float32)}
)


def test_a_margin_is_bias_plus_weights_times_values() -> None:
    assert FORM.margin([BLOCK]).tolist() == pytest.approx([-0.5 + 0.25 + 1.5, -0.5, -0.5 + 2 * 0.875])
    assert FORM.nats(BLOCK).tolist() == pytest.approx([0.25, 1.5, 0.0, 0.0, 1.75])
    assert BLOCK.owners().tolist() == [0, 0, 2, 2, 2]
    assert BLOCK.values().tolist() == [1, 2, 2, 2, 1]


def test_parts_add_up_to_the_margin() -> None:
    total = np.bincount(BLOCK.owners(), FORM.nats(BLOCK), minlength=3) + FORM.bias
    np.testing.assert_allclose(total, FORM.margin([BLOCK]), atol=1e-12)


def test_parameters_survive_the_disk_to_the_byte() -> None:
    again = Additive.load(FORM.dump())
    assert again.bias == FORM.bias
    assert all((again.weights[n] == FORM.weights[n]).all() for n in FORM.weights)
    assert again.dump() == FORM.dump()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no archive", b"\x93NUMPY"])
def test_other_bytes_are_no_parameters(data: bytes) -> None:
    with pytest.raises(ModelError):
        Additive.load(data)


@pytest.mark.parametrize(
    "block", [Block("pieces", 9, BLOCK.starts, BLOCK.slot), Block("new", 8, BLOCK.starts, BLOCK.slot)]
)
def test_evidence_of_another_version_is_refused(block: Block) -> None:
    with pytest.raises(ModelError, match="does not fit its detector"):
        FORM.margin([block])


@given(st.lists(st.lists(st.floats(-1e6, 1e6), max_size=4), max_size=8))
def test_sums_of_segments_some_of_them_empty(parts: list[list[float]]) -> None:
    starts = np.cumsum([0, *map(len, parts)]).astype(np.int64)
    values = np.array([v for p in parts for v in p], np.float64)
    assert segment_sums(values, starts).tolist() == pytest.approx([sum(p) for p in parts], abs=1e-6)


def test_facts_that_do_not_hold_take_no_room() -> None:
    got = facts("facts", {"a": np.array([1, 0, 2], np.float32), "b": np.array([0, np.nan, 3], np.float32)})
    assert (got.slots, got.starts.tolist(), got.slot.tolist()) == (2, [0, 1, 1, 3], [0, 0, 1])
    assert got.values().tolist() == [1, 2, 3]


def test_a_measure_is_in_one_bin_and_a_missing_value_in_its_own() -> None:
    got = bins("bins", {"x": np.array([-1, 0, 5, np.nan]), "y": np.array([1.0, 1, 1, 1])}, {"x": [0, 5], "y": [2]})
    assert got.slots == 4 + 3
    assert got.slot.reshape(4, 2).tolist() == [[0, 4], [1, 4], [2, 4], [3, 4]]
