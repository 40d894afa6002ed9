"""``vedette train`` and ``vedette evaluate``."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.learning.conftest import RECIPE

from vedette.app.cli import main
from vedette.learning import data, gather, registry
from vedette.scoring.artefact import read

PROTOCOLS = 'protocols:\n  corpora: {leave_out: "@corpus", values: [north]}\n'


@pytest.fixture
def path(made_up: None, write: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(registry.VARIABLE, str(tmp_path / "home"))
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, "2")
    return str(write(RECIPE + PROTOCOLS))


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def run(*arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - JSON, or text
        with pytest.raises(SystemExit) as left:
            main(arguments)
        got = capsys.readouterr()
        assert (left.value.code or 0) == code, got.err
        return json.loads(got.out) if "--json" in arguments else got.out + got.err

    return run


def test_a_model_is_written_and_told(path: str, said: Callable[..., Any], tmp_path: Path) -> None:
    told = " ".join(said("train", path, "--out", str(tmp_path / "toy")).split())
    assert "of them malicious; 0 rewritten copies" in told
    assert "items that the model was not trained on (@group left out): AUC" in told
    assert "written:" in told
    assert read(tmp_path / "toy").name == "toy"
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"


def test_a_card_as_json_stands_alone(path: str, said: Callable[..., Any], tmp_path: Path) -> None:
    got = said("train", path, "--json", "--fresh", "--quiet", "--out", str(tmp_path / "toy"))
    assert got["version"] == read(tmp_path / "toy").version
    assert got["left_out"]["auc"] > 0.9


def test_a_model_is_kept_and_compared_with_the_one_in_use(path: str, said: Callable[..., Any], tmp_path: Path) -> None:
    told = said("train", path)
    version = registry.versions("toy")[-1].version
    assert f"vedette models use toy {version}" in told
    assert f"vedette models use toy {version}" in said("train", path)
    registry.use("toy", version)
    assert "largest difference of score" in said("train", path, "--check")
    other = tmp_path / "toy.yaml"
    other.write_text(RECIPE.replace("seed: 7", "seed: 8").replace("made_words}", "made_words, most: 200}"))
    assert "> 1e-06" in said("train", str(other), "--check", code=1)


def test_a_protocol_is_told_written_and_merged(path: str, said: Callable[..., Any], tmp_path: Path) -> None:
    said("train", path, "--out", str(tmp_path / "toy"))
    arguments = ("--seeds", "1", "--out", str(tmp_path / "out"), "--card", str(tmp_path / "toy"))
    told = said("evaluate", path, *arguments)
    assert "# toy: corpora" in told
    assert {p.name for p in (tmp_path / "out").iterdir()} >= {"corpora.json", "corpora.md", "corpora-roc.svg"}
    assert read(tmp_path / "toy").card["protocols"]["corpora"]["seeds"] == 1
    again = said("evaluate", path, "--protocol", "corpora", "--seeds", "1", "--json", "--fresh")
    assert again["report"]["results"][0]["case"] == "north"


def test_the_model_in_use_is_asked_about_a_set(path: str, said: Callable[..., Any]) -> None:
    said("train", path)
    registry.use("toy", registry.versions("toy")[-1].version)
    got = said("evaluate", path, "--data", "later_words", "--json")
    assert got["overview"]["by"]["later_words"]["east"]["auc"]["worst"] > 0.9


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("train", "nothing"), "no recipe is called 'nothing'"),
        (("evaluate", "PATH", "--protocol", "never"), "no protocol 'never'"),
        (("evaluate", "PATH", "--data", "nowhere"), "no model is called"),
    ],
)
def test_what_does_not_exist_is_told(
    arguments: tuple[str, ...], told: str, path: str, said: Callable[..., Any]
) -> None:
    assert told in said(*(path if a == "PATH" else a for a in arguments), code=3)


def test_a_leak_stops_the_run_with_words(path: str, said: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def doubled(*arguments: Any) -> Any:  # noqa: ANN401 - a frame
        rows = data.load(*arguments)
        return pl.concat([rows, rows.with_columns(pl.format("again {}", "@group").alias("@group"))])

    monkeypatch.setattr(gather, "load", doubled)
    told = said("train", path, code=3)
    assert "duplicates:" in told
    assert "have the same evidence as an item on the other side of the split" in told
