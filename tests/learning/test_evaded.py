from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import polars as pl
import pytest
from tests.learning.conftest import Split

from vedette.learning import evaded as measuring
from vedette.learning.evaded import evaded
from vedette.learning.gather import Lot, silent
from vedette.learning.protocol import Pool, pooled
from vedette.learning.recipe import Protocol, Recipe
from vedette.testing.learned import Toy, toy_model


@pytest.fixture
def pool(toy_recipe: Recipe) -> Pool:
    protocol = {"corpora": Protocol(leave_out="@corpus")}
    return pooled(msgspec.structs.replace(toy_recipe, protocols=protocol), "corpora", 0, None, silent)


def told(pool: Pool, lot: Lot, known_share: float = 0.0) -> dict[str, dict[str, float]]:
    model = toy_model()
    toy = Toy(replace(model, calibration=replace(model.calibration, known_share=known_share)))
    return evaded(pool, toy, lot, toy.judge(lot.items.rows))


def test_an_evasion_that_hides_the_word_costs_recall(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    def hidden(_self: Split, events: pl.DataFrame, _rng: object) -> pl.DataFrame:
        return events.with_columns(pl.lit(["badokilu.example"], pl.List(pl.String)).alias("osint.value"))

    assert told(pool, pool.lot)["split"]["recall_after"] > 0.9
    monkeypatch.setattr(Split, "rewrite", hidden)
    got = told(pool, pool.lot)["split"]
    assert got["recall_before"] > 0.9
    assert got["recall_after"] == 0.0
    assert got["score_drop"] > 0.5


def test_what_the_detector_does_not_know_is_counted(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    def foreign(_self: Split, events: pl.DataFrame, _rng: object) -> pl.DataFrame:
        return events.with_columns(pl.lit(["\u4f60\u597d\u4e16\u754c" * 3], pl.List(pl.String)).alias("osint.value"))

    monkeypatch.setattr(Split, "rewrite", foreign)
    assert told(pool, pool.lot, known_share=0.9)["split"]["insufficient"] == 1.0


def test_only_its_own_detector_and_class_are_attacked(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Split, "detectors", ("other",))
    assert told(pool, pool.lot) == {}


def test_a_test_without_benign_items_has_no_threshold(pool: Pool) -> None:
    assert told(pool, pool.lot.take(np.flatnonzero(pool.lot.items.malicious))) == {}


def test_so_many_items_are_rewritten_and_no_more(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "REWRITTEN", 10)
    assert told(pool, pool.lot)["split"]["items"] == 10


def test_what_borrows_is_lent_the_benign_items_of_the_test(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []

    def made(_self: Split, ordinary: pl.DataFrame | None = None) -> None:
        assert ordinary is not None
        seen.extend(ordinary["osint.value"].to_list())

    monkeypatch.setattr(Split, "borrows", True)
    monkeypatch.setattr(Split, "__init__", made)
    some = pool.lot.take(np.arange(0, len(pool.lot), 3))
    assert told(pool, some)["split"]["items"] == some.items.malicious.sum()
    assert len(seen) == (~some.items.malicious).sum()
