from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from vedette.abc import MALICIOUS
from vedette.errors import DataError, ModelError
from vedette.learning import train as training
from vedette.learning.install import install
from vedette.learning.recipe import Recipe
from vedette.learning.train import difference, train, work_folder
from vedette.scoring.artefact import read
from vedette.testing.learned import Toy, rows_of, toy_model


def test_a_trained_model_finds_what_it_was_trained_for(toy_recipe: Recipe, tmp_path: Path) -> None:
    made = train(toy_recipe)
    install(made.model, tmp_path / "toy")
    toy = Toy(read(tmp_path / "toy"))
    said = toy.judge(rows_of(["kilumalice.example", "kilumelnor.example", "\u4f60\u597d\u4e16\u754c"]))
    assert said["verdict"].to_list()[0] == MALICIOUS
    assert said["verdict"].to_list()[2] == "insufficient data"
    assert said["margin"][0] > 0 > said["margin"][1]


def test_training_again_gives_the_same_model(toy_recipe: Recipe) -> None:
    one, other = train(toy_recipe), train(toy_recipe)
    assert one.model.version == other.model.version
    assert difference(one.model, other.model, one.lot) == 0.0
    assert difference(one.model, toy_model(), one.lot) > 1e-3


def test_the_work_folder_is_empty_when_all_is_done(toy_recipe: Recipe, tmp_path: Path) -> None:
    train(toy_recipe, work=tmp_path / "work")
    assert not list((tmp_path / "work").iterdir())


def test_an_interrupted_run_goes_on(toy_recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(training, "card", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(toy_recipe, work=tmp_path / "work")
    assert len(list((tmp_path / "work").rglob("fold-*.npz"))) == 3
    assert train(toy_recipe, work=tmp_path / "work").model.version == train(toy_recipe).model.version


def test_an_old_answer_stops_training(toy_recipe: Recipe) -> None:
    with pytest.raises(DataError, match="not found: duplicates"):
        train(msgspec.structs.replace(toy_recipe, answers={"duplicates": "once"}))


def test_progress_is_told(toy_recipe: Recipe) -> None:
    told: list[str] = []
    train(msgspec.structs.replace(toy_recipe, evasions=("split",)), progress=lambda words, *_: told.append(words))
    assert {"reading made_words", "rewriting made_words by split", "looking for leaks", "fitting"} <= set(told)


def test_a_card_says_what_went_in(toy_recipe: Recipe) -> None:
    card = train(toy_recipe).model.card
    assert {d["set"] for d in card["data"]} == {"made_words"}
    assert sum(i["items"] for i in card["items"]) == card["left_out"]["items"]
    assert np.isfinite(list(card["left_out"].values())).all()


def test_the_work_folder_is_in_the_cache_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert work_folder() == tmp_path / "vedette" / "train"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert work_folder().parts[-3:] == (".cache", "vedette", "train")


def test_a_damaged_model_is_not_compared(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("{}")
    with pytest.raises(ModelError):
        read(tmp_path)
