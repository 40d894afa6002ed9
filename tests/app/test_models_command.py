"""``vedette models``: list, show, diff, use, rollback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vedette.abc import Detector
from vedette.app import score
from vedette.app.cli import main
from vedette.learning import registry
from vedette.testing.learned import Toy, toy_model, words

FIRST, SECOND = toy_model(0, 60), toy_model(1)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(registry.VARIABLE, str(tmp_path / "home"))
    for model in (FIRST, SECOND):
        registry.add(model)
    registry.use("toy", FIRST.version)
    return tmp_path


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def run(*arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - JSON, or text
        with pytest.raises(SystemExit) as left:
            main(("models", *arguments))
        assert left.value.code == code
        out = capsys.readouterr()
        return json.loads(out.out) if "--json" in arguments and not code else out.out + out.err

    return run


def test_list(said: Callable[..., Any]) -> None:
    toys = {r["version"]: r for r in said("list", "--json") if r["name"] == "toy"}
    assert toys[FIRST.version]["in_use"]
    assert not toys[SECOND.version]["in_use"]
    assert toys[FIRST.version]["trained_on"] == ["made_up"]
    assert toys[FIRST.version]["size_bytes"] > 1000
    assert FIRST.version in said("list")


def test_list_names_what_is_damaged_and_goes_on(said: Callable[..., Any]) -> None:
    (registry.version_named("toy", SECOND.version).folder / "card.json").write_text("{}")
    toys = {r["version"]: r["problem"] for r in said("list", "--json") if r["name"] == "toy"}
    assert toys[FIRST.version] == ""
    assert "damaged" in toys[SECOND.version]


def test_show(said: Callable[..., Any]) -> None:
    told = said("show", "toy", "--json")
    assert told["version"] == FIRST.version
    assert told["calibration"]["benign_items"] == 60
    assert said("show", "toy", SECOND.version, "--json")["version"] == SECOND.version
    assert "false_positive_rate: 0.01" in said("show", "toy")


def test_use_and_rollback(said: Callable[..., Any]) -> None:
    assert said("use", "toy", SECOND.version, "--json")["now"] == SECOND.version
    assert registry.load("toy").version == SECOND.version
    assert "rollback" in said("rollback", "toy")
    assert registry.load("toy").version == FIRST.version
    assert "is not here" in said("use", "toy", "none", code=3)
    assert "not a model's name" in said("use", "../x", "none", code=3)


def test_diff(said: Callable[..., Any], home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = said("diff", "toy", FIRST.version, SECOND.version, "--json")
    assert told["data"]["changed"] == ["made_up"]
    assert told["calibration"]["benign_items"] == [60, 400]
    assert told["changed_weights"]["pieces"] > 100
    assert "changed" not in told

    def known(kind: type) -> dict[str, type]:
        return {"toy": Toy} if kind is Detector else {}

    monkeypatch.setattr(score, "discover", known)
    path = home / "list.txt"
    path.write_text("\n".join(words(300, malicious=True, seed=3)))
    both = said("diff", "toy", FIRST.version, SECOND.version, "--on", str(path), "--json")
    assert both["items"] == 300
    assert both["changed"] == len(both["changes"]) > 0
    assert {c["before"] for c in both["changes"]} | {c["now"] for c in both["changes"]} > {"malicious"}
    assert "changed:" in said("diff", "toy", FIRST.version, SECOND.version, "--on", str(path))
    same = said("diff", "toy", FIRST.version, FIRST.version, "--on", str(path), "--json")
    assert same["changed"] == 0
    assert same["changed_weights"]["pieces"] == 0
