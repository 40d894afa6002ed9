from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from vedette.learning.card import merged
from vedette.learning.card_page import page
from vedette.learning.install import install
from vedette.learning.recipe import Recipe, Stable
from vedette.learning.train import train
from vedette.scoring.artefact import read


def test_a_card_tells_data_figures_and_selection(toy_recipe: Recipe) -> None:
    wanted = msgspec.structs.replace(toy_recipe, select=Stable(1.0, least=30), evasions=("split",))
    card = train(wanted).model.card
    assert card["data"] == [
        {"set": "made_words", "title": "Made-up words", "licence": "ours", "origin": "vedette.testing.learned"}
    ]
    assert card["copies"] > 100
    assert card["evasions"] == ["split"]
    assert "Blind spots:" in card["about"]
    assert 0.9 < card["left_out"]["auc"] <= 1.0
    assert card["left_out"]["insufficient"] <= 0.01
    chosen = card["selection"]["blocks"]["pieces"]
    assert chosen["kept"] == sum(p["kept"] for p in chosen["pieces"])
    assert chosen["dropped"] > 0
    assert {"slot", "kept", "agreement", "items"} == set(chosen["pieces"][0])
    assert set(card["made_with"]) == {"vedette", "numpy", "scipy", "polars"}


def test_results_of_protocols_are_merged_and_the_model_stays(toy_recipe: Recipe, tmp_path: Path) -> None:
    install(train(toy_recipe).model, tmp_path / "toy")
    before = read(tmp_path / "toy")
    merged(tmp_path / "toy", {"one": {"a": 1}})
    merged(tmp_path / "toy", {"one": {"a": 2}, "two": {}})
    after = read(tmp_path / "toy")
    assert after.card["protocols"] == {"one": {"a": 2}, "two": {}}
    assert after.version == before.version
    assert after.calibration.dump() == before.calibration.dump()


def test_a_fresh_card_makes_a_page(toy_recipe: Recipe, write: Callable[[str], Path]) -> None:
    model = train(msgspec.structs.replace(toy_recipe, select=Stable(0.5, least=2))).model
    got = page("toy", model.version, model.card)
    assert got.startswith("## `toy` { #toy }\n")
    assert "**Selection**" in got
    assert "Leaks" not in got
