"""Every law of learned detectors can fail."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from vedette.abc import Contribution, Learned
from vedette.scoring.additive import Block
from vedette.testing.laws import laws_of, learned
from vedette.testing.learned import Toy, rows_of, toy_model, words


@pytest.fixture(autouse=True)
def _toys(monkeypatch: pytest.MonkeyPatch) -> None:
    values = rows_of(words(20, malicious=True) + words(20, malicious=False) + ["x" * 300])
    monkeypatch.setattr(learned, "equipped", lambda cls: cls(toy_model(n=60)))
    monkeypatch.setattr(learned, "rows_for", lambda *_: values)


class Boastful(Toy):
    """Says more than it counts."""

    def contributions(self, rows: pl.DataFrame) -> list[list[Contribution]]:
        return [[Contribution("much", 99.0)] for _ in range(rows.height)]


class Silent(Toy):
    """Has no words."""

    def contributions(self, rows: pl.DataFrame) -> list[list[Contribution]]:
        return [[Contribution(" ", p.nats) for p in parts] for parts in super().contributions(rows)]


class Grown(Toy):
    """Has a larger block than its model, under the old version."""

    @classmethod
    def encode(cls, rows: pl.DataFrame) -> list[Block]:
        block = super().encode(rows)[0]
        return [Block(block.name, 2 * block.slots, block.starts, block.slot)]

    @classmethod
    def encoder_version(cls) -> str:
        return Toy.encoder_version()


class Foreign(Toy):
    """Speaks of a block that it has not."""

    familiar = "letters"

    @classmethod
    def encoder_version(cls) -> str:
        return Toy.encoder_version()


class Undecided(Toy):
    """Has a verdict of its own."""

    def weigh(self, rows: pl.DataFrame, blocks: object) -> pl.DataFrame:
        said = super().weigh(rows, self.encode(rows))
        return said.with_columns(pl.lit("perhaps").alias("verdict"))


@pytest.mark.parametrize("law", learned.LAWS)
def test_the_toy_keeps_every_law(law: Callable[[type[Learned]], None]) -> None:
    law(Toy)


@pytest.mark.parametrize(
    ("law", "breaker"),
    [
        (learned.contributions_add_up, Boastful),
        (learned.contributions_add_up, Silent),
        (learned.fits_its_model, Grown),
        (learned.fits_its_model, Foreign),
        (learned.judges_every_row, Undecided),
    ],
)
def test_every_law_can_be_broken(law: Callable[[type[Learned]], None], breaker: type[Learned]) -> None:
    with pytest.raises(AssertionError):
        law(breaker)


def test_a_learned_detector_has_the_laws_of_detectors_too() -> None:
    names = {law.name for law in laws_of(Toy)}
    assert {"contributions_add_up", "judges_every_row", "says_why", "is_pure"} <= names
