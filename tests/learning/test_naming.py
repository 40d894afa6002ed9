from __future__ import annotations

import numpy as np
import polars as pl

from vedette.abc import Contribution
from vedette.learning.items import Items
from vedette.learning.naming import named
from vedette.testing.learned import Toy, rows_of


def items(values: list[str]) -> Items:
    rows = rows_of(values)
    none = np.zeros(len(values), np.bool_)
    return Items(pl.DataFrame({"@label": ["good"] * len(values)}), rows, Toy.encode(rows), none)


class Unwritten(Toy):
    """Has no words yet."""

    def contributions(self, rows: pl.DataFrame) -> list[list[Contribution]]:
        raise NotImplementedError


def test_a_slot_is_named_in_the_words_of_its_detector() -> None:
    some = items(["abc.example"])
    slot = int(some.blocks[0].slot[0])
    assert named(Toy, some, [("pieces", slot)]) == [f"pieces/{slot} (its letters)"]


def test_a_slot_that_no_item_has_is_named_by_its_number() -> None:
    some = items(["abc"])
    free = next(k for k in range(1024) if k not in some.blocks[0].slot)
    assert named(Toy, some, [("pieces", free)]) == [f"pieces/{free}"]


def test_a_detector_that_is_being_written_has_numbers() -> None:
    some = items(["abc"])
    slot = int(some.blocks[0].slot[0])
    assert named(Unwritten, some, [("pieces", slot)]) == [f"pieces/{slot}"]
