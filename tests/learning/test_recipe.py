from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.learning.conftest import RECIPE

from vedette.errors import ContentError
from vedette.learning import recipe
from vedette.learning.recipe import Between, Selection

Write = Callable[[str], Path]
pytestmark = pytest.mark.usefixtures("made_up")


def test_a_recipe_has_the_name_of_its_file_and_sensible_defaults(write: Write) -> None:
    got = recipe.read(write(RECIPE))
    assert (got.name, got.detector, got.malicious, got.folds, got.seed) == ("toy", "toy", ("bad",), 3, 7)
    assert got.detector_class.name == "toy"
    assert (got.weights, got.calibration_by, got.false_positive_rate) == ("corpus", "@group", 0.01)
    assert list(got.plain()["data"]) == [{"set": "made_words", "where": {}, "most": None, "balance": 1.0}]


def test_every_key_of_the_reference_is_read(write: Write) -> None:
    got = recipe.read(
        write("""
detector: toy
malicious: [bad]
data:
  - {set: made_words, most: 50, balance: 2.0, where: {"@label": [bad], "@time": {from: 2020-01-01, until: 2021-01-01}}}
weights: item
blocks: {pieces: {ridge: 0.5, sign: 1}}
folds: 4
calibration_by: "@corpus"
seed: 3
false_positive_rate: 0.001
evasions: [split]
answers: {"corpus:pieces": "made so", "later:duplicates": "few words"}
select: {stable: 0.7, by: "@corpus", least: 2, blocks: [pieces]}
protocols:
  corpora: {leave_out: "@corpus", values: [north]}
  later: {train: [{set: made_words}], test: [{set: later_words}], disjoint: "@group", by: "@label"}
""")
    )
    assert got.data[0].where["@time"] == Between(date(2020, 1, 1), date(2021, 1, 1))
    assert got.answers_to() == {"corpus:pieces": "made so"}
    assert got.answers_to("later") == {"duplicates": "few words"}
    assert got.answers_to("corpora") == {}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("folks: 3", "folks"),
        ("folds: many", "folds"),
        ("folds: 1", "folds"),
        ("seed: [1]", "seed"),
        ("weights: heavy", "weights"),
        ("false_positive_rate: 1.0", "false_positive_rate"),
        ("malicious: []", "malicious"),
        ("detector: nobody", "no learned detector is called 'nobody'; there are: toy"),
        ("data: [{set: nowhere}]", "data[0].set"),
        ("data: [{set: later_words}]", "may not train a model that ships"),
        ("data: [{set: made_words, most: 0}]", "data[0].most"),
        ("data: [{set: made_words, where: {'@label': bad}}]", "data[0].where"),
        ("data: [{set: made_words, where: {'@time': [2020]}}]", "data[0].where"),
        ("data: [{set: made_words, where: {label: [bad]}}]", "data[0].where.label"),
        ("blocks: {words: {}}", "blocks.words"),
        ("blocks: {pieces: {sign: 2}}", "sign"),
        ("select: {blocks: [words]}", "select.blocks.words"),
        ("evasions: [nothing]", "no evasion is called 'nothing'"),
        ("answers: {duplicates: ' '}", "answers.duplicates"),
        ("protocols: {later: {by: '@corpus'}}", "protocols.later"),
        ("protocols: {corpus: {leave_out: '@corpus'}}", "protocols.corpus"),
        ("protocols: {later: {test: [{set: nowhere}]}}", "protocols.later.test[0].set"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_key(line: str, told: str, write: Write) -> None:
    key = line.partition(":")[0]
    kept = re.sub(rf"^{key}:.*\n(?:  .*\n)*", "", RECIPE, flags=re.MULTILINE)
    path = write(f"{kept}{line}\n")
    with pytest.raises(ContentError) as caught:
        recipe.read(path)
    assert told in str(caught.value)
    assert str(path) in caught.value.where


@pytest.mark.parametrize("text", ["", "- a", "detector: [", "detector: \x00"])
def test_what_is_no_recipe_is_told(text: str, write: Write) -> None:
    with pytest.raises(ContentError, match=r"toy\.yaml"):
        recipe.read(write(text))


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ContentError, match="no recipe is called 'nothing'"):
        recipe.load("nothing")
    with pytest.raises(ContentError, match=r"nothing\.yaml"):
        recipe.load("nothing.yaml")


def test_a_selection_takes_values_and_days() -> None:
    rows = pl.DataFrame(
        {
            "@label": ["a", "b", "a", "a"],
            "@time": [datetime(2020, 1, 1, tzinfo=UTC), None, datetime(2021, 1, 1, tzinfo=UTC), None],
        }
    )
    assert rows.filter(Selection("s").filter()).height == 4
    assert rows.filter(Selection("s", {"@label": ("a",)}).filter()).height == 3
    assert rows.filter(Selection("s", {"@time": Between(date(2020, 1, 1), date(2021, 1, 1))}).filter()).height == 1
    assert rows.filter(Selection("s", {"@time": Between(since=date(2020, 6, 1))}).filter()).height == 1


def test_every_key_stands_in_the_reference() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "recipes.md").read_text("utf-8").split("## Leaks")[0]
    told = set(re.findall(r"^\| `([\w.]+)(?:\[\])?` \|", page, re.MULTILINE))
    prefixes = {"blocks": recipe.Held, "select": recipe.Stable, "protocols": recipe.Protocol}
    keys = set(recipe.Recipe.__struct_fields__) - {"name"} | set(recipe.Selection.__struct_fields__)
    keys |= {f"{prefix}.{field}" for prefix, part in prefixes.items() for field in part.__struct_fields__}
    assert told == keys
