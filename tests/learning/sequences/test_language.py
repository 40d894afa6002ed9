from __future__ import annotations

import numpy as np
import pytest
from tests.learning.sequences.made import RING, made

from vedette.learning.sequences.language import Language, Table, unseen
from vedette.learning.sequences.traces import Traces


def by_hand(train: list[list[int]], asked: list[int], order: int, vocabulary: int) -> list[float]:
    """The same model with dictionaries, event by event."""
    out = []
    for j in range(len(asked)):
        chance = 1 / vocabulary
        for n in range(1, min(order, j + 1) + 1):
            before = tuple(asked[j - n + 1 : j])
            after = [t[k + n - 1] for t in train for k in range(len(t) - n + 1) if tuple(t[k : k + n - 1]) == before]
            if not after:
                break
            types = len(set(after))
            chance = (after.count(asked[j]) + types * chance) / (len(after) + types)
        out.append(-np.log(chance))
    return out


@pytest.mark.parametrize("order", [1, 2, 4])
def test_columns_give_what_dictionaries_give(order: int) -> None:
    traces = made(20, 5)
    train, asked = traces.take(traces.part == "train"), traces.take(np.array([25, 41, 46]))
    sequences = np.split(train.events, train.starts[1:-1])
    found = Language.fit(train, order, RING + 2).surprise(asked)
    wanted = [
        by_hand([s.tolist() for s in sequences], s.tolist(), order, RING + 2)
        for s in np.split(asked.events, asked.starts[1:-1])
    ]
    assert found == pytest.approx(np.concatenate(wanted))


def test_what_was_never_seen_surprises() -> None:
    traces = made()
    train = traces.take(traces.part == "train")
    mean = {k: traces.take(traces.kind == k) for k in ("normal", "jump", "foreign")}
    nats = {k: float(Language.fit(train, 4, RING + 2).surprise(t).mean()) for k, t in mean.items()}
    assert nats["jump"] > nats["foreign"] > nats["normal"]


def test_unseen_grams() -> None:
    train = Traces.of([[1, 2, 3, 4]], ["normal"], ["train"])
    asked = Traces.of([[1, 2, 3], [2, 3, 1], [3]], ["a"] * 3, ["test"] * 3)
    assert unseen(train, asked, 2).tolist() == [False, False, False, False, False, True, False]
    assert unseen(train, asked, 3).tolist() == [False, False, False, False, False, True, False]


def test_an_empty_table_knows_nothing() -> None:
    empty = Table.of(np.zeros(0, np.uint64))
    assert empty(np.array([1, 2], np.uint64)).tolist() == [0, 0]
