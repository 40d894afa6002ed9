"""The registry: what is in use, what is refused, and the way back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vedette.abc import MALICIOUS
from vedette.errors import ModelError
from vedette.learning import registry
from vedette.scoring.artefact import write
from vedette.store import lock
from vedette.testing.learned import Toy, rows_of, toy_model, words

FIRST, SECOND = toy_model(0), toy_model(1)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(registry.VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture
def folder(home: Path) -> Path:
    """A model that is in use."""
    made = registry.add(FIRST)
    registry.use("toy", FIRST.version)
    return made.folder


def test_the_home_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(registry.VARIABLE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert registry.home() == tmp_path / "vedette"
    monkeypatch.setenv(registry.VARIABLE, str(tmp_path / "own"))
    assert registry.home() == tmp_path / "own"


def test_use_and_rollback(home: Path) -> None:
    with pytest.raises(ModelError, match="no model is called 'toy'"):
        registry.load("toy")
    for model in (FIRST, SECOND):
        registry.add(model)
    assert [v.version for v in registry.versions("toy")] == sorted([FIRST.version, SECOND.version])
    assert "toy" in registry.names()
    with pytest.raises(ModelError, match="no model 'toy' ships"):
        registry.load("toy")
    registry.use("toy", FIRST.version)
    registry.use("toy", SECOND.version)
    assert registry.load("toy").version == SECOND.version
    assert registry.rollback("toy").version == FIRST.version
    assert registry.load("toy").version == FIRST.version
    with pytest.raises(ModelError, match="ships"):
        registry.rollback("toy")
    assert registry.in_use("toy").version == FIRST.version, "a step back that leads nowhere is not taken"


def test_a_model_comes_back_as_it_was(folder: Path) -> None:
    rows = rows_of(words(50, malicious=True))
    loaded = registry.equip(Toy)
    assert isinstance(loaded, Toy)
    assert loaded.judge(rows).equals(Toy(FIRST).judge(rows))
    assert loaded.judge(rows)["verdict"].to_list().count(MALICIOUS) > 45


def test_adding_twice_is_once_and_never_overwrites(folder: Path) -> None:
    registry.add(FIRST)
    assert len(registry.versions("toy")) == 1
    with pytest.raises(ModelError, match="here already"):
        registry.add(replace(FIRST, card={"other": 1}))
    assert not list(folder.parent.glob(".new-*"))


def test_a_calibration_stands_beside_and_can_be_taken_back(folder: Path) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    shifted = FIRST.calibration.at_site(np.linspace(-8, 2, 200), "our mails")
    registry.calibrate("toy", shifted)
    assert registry.load("toy").calibration.origin == "our mails"
    assert registry.load("toy").calibration.threshold == pytest.approx(shifted.threshold)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    registry.rollback("toy")
    assert registry.load("toy").calibration.origin == "shipped"


def test_a_calibration_of_another_version_is_not_used_and_that_is_told(folder: Path) -> None:
    registry.calibrate("toy", FIRST.calibration.at_site(np.linspace(-8, 2, 200), "ours"))
    registry.add(SECOND)
    uses = folder.parent / "uses.json"
    uses.write_text(uses.read_text().replace(FIRST.version, SECOND.version))
    found = registry.load("toy")
    assert (found.version, found.calibration.origin) == (SECOND.version, "shipped")
    for word in (f"made for version {FIRST.version}", "not used", "vedette calibrate toy PATH"):
        assert word in found.notice
    registry.calibrate("toy", SECOND.calibration.at_site(np.linspace(-8, 2, 200), "ours, anew"))
    assert (registry.load("toy").calibration.origin, registry.load("toy").notice) == ("ours, anew", "")


def test_a_calibration_of_a_model_that_was_replaced_meanwhile_is_refused(folder: Path) -> None:
    registry.add(SECOND)
    registry.use("toy", SECOND.version)
    with pytest.raises(ModelError, match="was replaced meanwhile"):
        registry.calibrate("toy", FIRST.calibration, made_for=FIRST.version)
    assert registry.load("toy").calibration.origin == "shipped"


MANY_TIMES = """
import sys
from vedette.learning import registry
for _ in range(20):
    registry.use("toy", sys.argv[1])
"""


def test_processes_that_change_what_is_in_use_lose_nothing_of_each_other(folder: Path) -> None:
    registry.add(SECOND)
    versions = (FIRST.version, SECOND.version)
    running = [subprocess.Popen([sys.executable, "-c", MANY_TIMES, v]) for v in versions]  # noqa: S603 - ourselves
    assert [p.wait(60) for p in running] == [0, 0]
    told = [u.version for u in registry.uses("toy")]
    assert len(told) == 1 + 2 * 20
    assert all(told.count(v) >= 20 for v in versions)


def test_a_lock_that_is_held_for_long_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.05)
    with (
        registry._alone("toy"),
        pytest.raises(ModelError, match="another process has been changing the model 'toy'") as caught,
    ):
        registry.use("toy", FIRST.version)
    assert caught.value.where.endswith("lock")
    assert len(registry.uses("toy")) == 1
    registry.use("toy", FIRST.version)
    assert len(registry.uses("toy")) == 2


def test_a_model_that_does_not_fit_its_detector_is_not_put_into_use(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "discover", lambda _: {"toy": Toy})
    other = replace(SECOND, encoder="0" * 12)
    registry.add(other)
    with pytest.raises(ModelError, match="another version of the detector"):
        registry.use("toy", other.version)
    assert registry.load("toy").version == FIRST.version


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _told(path: Path, **changes: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a flipped byte in the weights": (lambda f: _flip(f / "parameters.npz"), "damaged"),
    "a flipped byte in the tables": (lambda f: _flip(f / "calibration.json"), "damaged"),
    "a cut file": (lambda f: (f / "known.npz").write_bytes(b"PK"), "damaged"),
    "a file that is gone": (lambda f: (f / "recipe.json").unlink(), "cannot be read"),
    "no manifest": (lambda f: (f / "model.json").unlink(), "not here"),
    "a manifest that is no JSON": (lambda f: (f / "model.json").write_bytes(b"\xff{"), "cannot be read"),
    "a foreign JSON file": (lambda f: (f / "model.json").write_text('{"a": 1}'), "not that of a Vedette model"),
    "a list": (lambda f: (f / "model.json").write_text("[]"), "not that of a Vedette model"),
    "a deep JSON file": (lambda f: (f / "model.json").write_text("[" * 100_000), "cannot be read"),
    "a newer format": (lambda f: _told(f / "model.json", format=2), "format 2"),
    "another form": (lambda f: _told(f / "model.json", form="forest"), "no such form"),
    "another name": (lambda f: _told(f / "model.json", name="url"), "another model"),
    "another version": (lambda f: _told(f / "model.json", version="0" * 12), "another model"),
    "another encoder": (lambda f: _told(f / "model.json", encoder="0" * 12), "another version of the detector"),
    "a file outside": (
        lambda f: _told(f / "model.json", files={"../../secret": {"sha256": "0"}}),
        "may not be called",
    ),
    "files that are no table": (lambda f: _told(f / "model.json", files=[]), "lacks its files"),
    "files without hashes": (lambda f: _told(f / "model.json", files={"card.json": None}), "damaged"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_does_not_fit_is_an_error_and_never_a_score(folder: Path, damage: str) -> None:
    do, words_of_it = DAMAGE[damage]
    do(folder)
    with pytest.raises(ModelError, match=words_of_it) as raised:
        registry.equip(Toy)
    assert raised.value.where or raised.value.hint, "no word of where, or what to do"


def test_a_damaged_calibration_or_list_is_an_error_with_a_way_out(folder: Path) -> None:
    registry.calibrate("toy", FIRST.calibration.at_site(np.linspace(-8, 2, 200), "ours"))
    (file,) = (folder.parent / "calibrations").iterdir()
    _flip(file)
    with pytest.raises(ModelError, match="calibration is damaged") as caught:
        registry.load("toy")
    assert str(caught.value.hint).startswith("go back: "), "calibrating needs the model that cannot be loaded"
    assert registry.rollback("toy").calibration == ""
    (folder.parent / "uses.json").write_text('{"format": 1, "uses": [{"vers')
    with pytest.raises(ModelError, match="list of models in use is damaged"):
        registry.load("toy")
    registry.use("toy", FIRST.version)
    assert registry.load("toy").version == FIRST.version
    (folder.parent / "uses.json").write_text('{"format": 2, "uses": []}')
    with pytest.raises(ModelError, match="format 2"):
        registry.load("toy")


@pytest.mark.parametrize("name", ["..", "../toy", "a/b", "", ".", "A", "a\0", "a" * 99])
def test_names_lead_nowhere_else(home: Path, name: str) -> None:
    for call in (registry.load, registry.versions, registry.rollback):
        with pytest.raises(ModelError, match="not a model's name"):
            call(name)


@pytest.mark.parametrize("version", ["..", "../../toy/x", "", "calibrations"])
def test_versions_lead_nowhere_else(folder: Path, version: str) -> None:
    with pytest.raises(ModelError, match="is not here"):
        registry.use("toy", version)
    with pytest.raises(ModelError, match="not a version"):
        registry.add(replace(FIRST, version=f"{version}/.."))


def test_a_calibrations_id_leads_nowhere_else(folder: Path) -> None:
    with pytest.raises(ModelError, match="not a calibration's id"):
        registry.open_use("toy", registry.Use(FIRST.version, "../../../etc/passwd"))


def test_a_folder_put_there_by_hand_is_found(home: Path) -> None:
    write(SECOND, home / "models" / "toy" / SECOND.version)
    registry.use("toy", SECOND.version)
    assert registry.load("toy").version == SECOND.version
    assert [v.origin for v in registry.every() if v.name == "toy"] == ["site"]
