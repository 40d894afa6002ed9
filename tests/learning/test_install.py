from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from vedette.errors import ModelError
from vedette.learning.install import install
from vedette.scoring.artefact import read
from vedette.testing.learned import toy_model


def test_a_model_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    for seed in (1, 2):
        model = toy_model(seed, n=30)
        install(model, tmp_path / "models" / "toy")
        assert read(tmp_path / "models" / "toy").version == model.version
    assert [p.name for p in (tmp_path / "models").iterdir()] == ["toy"]


@pytest.mark.parametrize("name", ["model.json", "notes.txt"])
def test_nothing_else_is_overwritten(name: str, tmp_path: Path) -> None:
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / name).write_text("mine")
    with pytest.raises(ModelError):
        install(toy_model(n=30), tmp_path / "toy")
    assert (tmp_path / "toy" / name).read_text() == "mine"


def test_another_model_is_not_overwritten(tmp_path: Path) -> None:
    install(toy_model(n=30), tmp_path / "toy")
    with pytest.raises(ModelError, match="another model"):
        install(replace(toy_model(n=30), name="other"), tmp_path / "toy")


def test_what_cannot_be_written_whole_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = toy_model(1, n=30)
    install(old, tmp_path / "toy")

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        install(toy_model(2, n=30), tmp_path / "toy")
    monkeypatch.undo()
    assert read(tmp_path / "toy").version == old.version
    assert [p.name for p in tmp_path.iterdir()] == ["toy"]
