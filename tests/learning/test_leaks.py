from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from vedette.errors import DataError
from vedette.learning import gather, recipe
from vedette.learning.fit import Design
from vedette.learning.gather import Lot
from vedette.learning.items import encoded
from vedette.learning.leaks import Leak, Split, leaks, stop
from vedette.learning.train import train
from vedette.testing.learned import Toy, ToyText

VALUE, CORPUS, LABEL = pl.col("osint.value"), pl.col("@corpus"), pl.col("@label")
Made = Callable[..., pl.DataFrame]


class MarkedText(ToyText):
    """The value, and by mistake where it came from."""

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return super().compute(events).with_columns(origin=pl.col("metadata.log_name"))


class Marked(Toy):
    """A detector whose rows name the corpus."""

    needs = MarkedText


def found(events: pl.DataFrame, side: object, *, by_time: bool = False, detector: type[Toy] = Toy) -> dict[str, str]:
    items = encoded(detector, ToyText.needs, events, ["bad"])
    n = len(items)
    lot = Lot(items, np.ones(n), np.zeros(n, np.bool_), np.ones(n), np.zeros(n, np.int64))
    split = Split(lot, Design.of(lot.items.blocks), np.asarray(side, np.int64), by_time)
    return {leak.uid: leak.text for leak in leaks(detector, split)}


def halves(events: pl.DataFrame) -> np.ndarray[Any, Any]:
    """Return a side per group."""
    return (events["@group"].rank("dense") % 2).to_numpy()


@pytest.fixture
def events(made: Made) -> pl.DataFrame:
    return made(60, corpora=("north", "south"))


def test_clean_data_do_not_leak(events: pl.DataFrame) -> None:
    assert not found(events, halves(events))


def test_rows_duplicated_over_the_split_are_told_with_their_number(events: pl.DataFrame) -> None:
    twice = pl.concat([events, events[:10]])
    got = found(twice, np.arange(twice.height) >= events.height)
    assert "20 of" in got["duplicates"]
    assert "number 0 (north, good), 1 (north, good)" in got["duplicates"]
    assert "5 groups with 20 of" in got["groups"]


def test_near_twins_are_told(events: pl.DataFrame) -> None:
    long = events.with_columns(VALUE.list.eval(pl.element() + pl.element().str.reverse() + pl.element()))
    other = long.with_columns(VALUE.list.eval(pl.element() + "!"), pl.format("other-{}", "@group").alias("@group"))
    got = found(pl.concat([long, other]), [0] * long.height + [1] * long.height)
    assert "nearly the same" in got["near-duplicates"]
    assert "duplicates" not in got


def test_a_piece_that_names_the_corpus_is_told_by_block_and_text(events: pl.DataFrame) -> None:
    marked = events.with_columns(pl.concat_list(pl.format("{}-{}", CORPUS, VALUE.list.first())).alias("osint.value"))
    got = found(marked, halves(events))
    assert "pieces of block pieces tell by themselves which corpus" in got["corpus:pieces"]
    assert "pieces/" in got["corpus:pieces"]
    assert "its letters" in got["corpus:pieces"]


def test_a_column_that_names_the_corpus_is_told_by_name(events: pl.DataFrame) -> None:
    marked = events.with_columns(CORPUS.alias("metadata.log_name"))
    got = found(marked, halves(events), detector=Marked)
    assert re.search(r"origin \((north|south) among (good|bad), AUC 1.000\)", got["corpus:rows"])


def test_a_column_that_names_the_label_is_told_by_name(events: pl.DataFrame) -> None:
    marked = events.with_columns(LABEL.alias("metadata.log_name"))
    assert "origin (AUC 1.000)" in found(marked, halves(events), detector=Marked)["separates:rows"]


def test_a_piece_that_gives_the_label_away_is_told(events: pl.DataFrame) -> None:
    marked = events.with_columns(pl.concat_list(pl.format("{}-{}", LABEL, VALUE.list.first())).alias("osint.value"))
    assert "AUC 1.000" in found(marked, halves(events))["separates:pieces"]


def test_one_item_with_two_labels_is_told(events: pl.DataFrame) -> None:
    other = events[:4].with_columns(pl.lit("bad").alias("@label"))
    both = pl.concat([events, other])
    assert "8 of" in found(both, np.zeros(both.height))["two-labels"]


def test_another_mix_of_labels_is_told(events: pl.DataFrame) -> None:
    assert "0% of the items" in found(events, (events["@label"] == "bad").to_numpy())["label-shift"]


def test_training_after_the_first_test_item_is_told_where_the_split_is_by_time(events: pl.DataFrame) -> None:
    south_first = (events["@corpus"] == "north").to_numpy()
    assert "of 2020-01-01" in found(events, south_first, by_time=True)["time"]
    assert "time" not in found(events, ~south_first, by_time=True)
    assert "time" not in found(events, south_first)


LEAK = Leak("duplicates", "3 of 9 items")


def test_a_leak_stops_until_it_is_answered() -> None:
    with pytest.raises(DataError, match=r"duplicates: 3 of 9 items[\s\S]*recipe toy"):
        stop([LEAK], {}, where="recipe toy")
    assert stop([LEAK], {"duplicates": "all of one campaign"}, where="recipe toy") == {
        "duplicates": "all of one campaign"
    }


def test_an_answer_to_nothing_is_an_error() -> None:
    with pytest.raises(DataError, match="not found: duplicates"):
        stop([], {"duplicates": "old"}, where="recipe toy")


def test_an_unanswered_leak_of_a_protocol_is_told_with_its_name() -> None:
    with pytest.raises(DataError, match="later:duplicates"):
        stop([LEAK], {}, where="recipe toy", prefix="later:")


@pytest.mark.parametrize("plant", ["names the corpus", "duplicated over the split"])
def test_a_planted_leak_stops_a_training_run(
    plant: str, events: pl.DataFrame, toy_recipe: recipe.Recipe, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if plant == "names the corpus":
        text = pl.format("{}-{}", CORPUS, VALUE.list.first())
        events, uid = events.with_columns(pl.concat_list(text).alias("osint.value")), "corpus:pieces"
    else:
        other = events[::7].with_columns(pl.format("other {}", "@group").alias("@group"))
        events, uid = pl.concat([events, other]), "duplicates"
    monkeypatch.setattr(gather, "load", lambda *_: events)
    with pytest.raises(DataError, match=uid):
        train(toy_recipe, tmp_path)
