"""``vedette calibrate``: shown first, applied when wanted, undone by rollback."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from vedette.abc import Detector
from vedette.app import score
from vedette.app.cli import main
from vedette.learning import registry
from vedette.scoring.artefact import version_of
from vedette.testing.learned import Toy, toy_model, words


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(registry.VARIABLE, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def known(kind: type) -> dict[str, type]:
        return {"toy": Toy} if kind is Detector else {}

    monkeypatch.setattr(score, "discover", known)
    registry.use("toy", registry.add(toy_model()).version)
    (tmp_path / "good.txt").write_text(
        "\n".join(sorted({f"{w[:-8]}-alma.example" for w in words(900, malicious=False, seed=8)}))
    )
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert isinstance(left.value.code, int)
    return left.value.code


def test_nothing_changes_until_it_is_applied(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("calibrate", "toy", "good.txt") == 0
    out = capsys.readouterr().out
    for word in ("false alarms in 1,000 items", "Nothing was changed", "nine times of ten"):
        assert word in out
    assert registry.load("toy").calibration.origin == "shipped"
    assert run("calibrate", "toy", "good.txt", "--apply") == 0
    assert "models rollback toy" in capsys.readouterr().out
    assert registry.load("toy").calibration.origin.startswith("this site: ")
    assert run("models", "rollback", "toy") == 0
    assert registry.load("toy").calibration.origin == "shipped"


def test_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("calibrate", "toy", "good.txt", "--json", "--apply") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["items"] >= 300
    assert told["applied"]
    assert told["after"]["false_alarms_per_1000"]["expected"] == 10
    assert told["before"]["threshold"] != told["after"]["threshold"]


def test_a_contaminated_sample_is_warned_of(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = Path("good.txt").read_text().splitlines()
    Path("mixed.txt").write_text("\n".join([*good, "maliceb.example", "malicec.example"]))
    assert run("calibrate", "toy", "mixed.txt", "--json") == 0
    assert {"maliceb.example", "malicec.example"} <= set(json.loads(capsys.readouterr().out)["not_benign_by_its_looks"])
    assert run("calibrate", "toy", "mixed.txt") == 0
    got = capsys.readouterr()
    assert "do not look benign" in got.err
    assert "threshold would be" in got.err
    assert "maliceb.example" in got.out
    assert "mixed.txt#" in got.out
    assert "its letters" in got.out


def test_each_suspect_is_pointed_at_with_its_reasons(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = Path("good.txt").read_text().splitlines()
    Path("mixed.txt").write_text("\n".join([*good[:300], "maliceb.example", *good[300:], "malicec.example"]))
    assert run("calibrate", "toy", "mixed.txt", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    found = {s["item"]: s for s in told["suspects"]}
    assert {"maliceb.example", "malicec.example"} <= found.keys()
    one = found["maliceb.example"]
    assert one["place"].endswith("mixed.txt#300")
    assert one["called"]
    assert one["confidence"] > 0.5
    assert one["p_value"] <= len(found) / told["items"]
    assert one["why"] == ["its letters"]
    assert told["threshold_without_suspects"] < told["after"]["threshold"]
    assert [s["margin"] for s in told["suspects"]] == sorted((s["margin"] for s in told["suspects"]), reverse=True)


def test_too_few_items_and_no_such_detector(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("few.txt").write_text("\n".join(words(20, malicious=False)))
    assert run("calibrate", "toy", "few.txt") == 3
    assert "too few to calibrate" in capsys.readouterr().err
    assert run("calibrate", "brute_force", "few.txt") == 2
    assert run("calibrate", "toy", "absent.txt") == 3


def test_adapting_makes_a_model_of_the_site_that_can_be_taken_back(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = registry.load("toy")
    assert run("calibrate", "toy", "good.txt", "--adapt", "--apply") != 0
    assert "no anchors" in capsys.readouterr().err
    bad = Toy.encode(pl.DataFrame({"text": words(200, malicious=True)}))
    weights = {k: v * 1.0001 for k, v in shipped.form.weights.items()}
    form = replace(shipped.form, weights=weights)
    able = replace(shipped, form=form, version=version_of(form), anchors=tuple(bad))
    registry.use("toy", registry.add(able).version)
    assert run("calibrate", "toy", "good.txt", "--adapt", "--apply", "--json") == 0
    assert json.loads(capsys.readouterr().out)["applied"]
    made = registry.load("toy")
    assert made.version != able.version
    assert made.calibration.origin.startswith("this site: ")
    assert run("models", "rollback", "toy") == 0
    assert registry.load("toy").version == able.version
