from __future__ import annotations

import numpy as np

from vedette.learning import twins
from vedette.scoring.additive import Block, facts


def block(items: list[list[int]], name: str = "pieces", slots: int = 4096) -> Block:
    starts = np.concatenate([[0], np.cumsum([len(i) for i in items])]).astype(np.int64)
    return Block(name, slots, starts, np.array([s for i in items for s in i], np.uint32))


def test_the_order_of_pieces_does_not_matter_their_number_does() -> None:
    whole, _ = twins.evidence_hashes([block([[1, 2, 3], [3, 1, 2], [1, 2, 3, 3], [], []])])
    assert whole[0] == whole[1] != whole[2]
    assert whole[3] == whole[4] != whole[0]


def test_the_same_slot_of_another_block_and_another_value_are_other_evidence() -> None:
    one = [facts("a", {"x": np.array([1.0, 0.0, 2.0], np.float32)}), block([[], [0], []], "b")]
    whole, _ = twins.evidence_hashes(one)
    assert len(set(whole.tolist())) == 3


def test_equal_parts_of_sketches_are_the_share_of_common_pieces() -> None:
    rng = np.random.default_rng(0)
    base = rng.choice(4096, 400, replace=False).tolist()
    near = [*base[:388], *range(5000, 5012)]
    half = [*base[:200], *range(6000, 6200)]
    _, sketch = twins.evidence_hashes([block([base, near, half, base[:20]], slots=8192)])
    assert (sketch[0] == sketch[1]).sum() >= 14
    assert (sketch[0] == sketch[2]).sum() <= 12
    assert twins.resembling(sketch, np.array([0, 1, 1, 1])).tolist() == [True, True, False, False]
    assert not twins.resembling(sketch, np.array([0, 0, 1, 1])).any()


def test_shared_are_hashes_on_two_sides() -> None:
    hashes = np.array([7, 7, 8, 8, 9], np.uint64)
    assert twins.shared(hashes, np.array([0, 1, 0, 0, 1])).tolist() == [True, True, False, False, False]


def test_nothing_is_no_trouble() -> None:
    whole, sketch = twins.evidence_hashes([block([])])
    assert len(whole) == 0
    assert not len(twins.resembling(sketch, np.zeros(0, np.int64)))
