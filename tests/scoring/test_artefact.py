from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vedette.errors import ModelError
from vedette.scoring.artefact import MANIFEST, manifest, read, version_of, write
from vedette.testing.learned import toy_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(replace(toy_model(n=40), card={"about": "caf\u00e9"}, recipe={"seed": 7}), tmp_path / "toy")
    return tmp_path / "toy"


def test_a_model_survives_the_disk(folder: Path) -> None:
    one, again = toy_model(n=40), read(folder)
    assert (again.name, again.version, again.encoder) == (one.name, one.version, one.encoder)
    assert again.version == version_of(again.form)
    assert again.form.dump() == one.form.dump()
    assert again.calibration.dump() == one.calibration.dump()
    assert (again.known == one.known).all()
    assert (again.card, again.recipe, again.data) == ({"about": "caf\u00e9"}, {"seed": 7}, one.data)


def test_the_same_model_is_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write(read(folder), tmp_path / "again")
    for path in folder.iterdir():
        if path.name != "known.npz":  # a zip remembers when it was made
            assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_nothing_runs_when_a_model_is_read(folder: Path) -> None:
    assert {p.suffix for p in folder.iterdir()} == {".json", ".npz"}
    assert not any(b"pickle" in p.read_bytes() for p in folder.iterdir())


@pytest.mark.parametrize("name", ["parameters.npz", "calibration.json", "known.npz", "card.json", "recipe.json"])
@pytest.mark.parametrize("harm", [lambda d: d[:-1] + bytes([d[-1] ^ 1]), lambda d: d[:5], lambda _: b""])
def test_a_damaged_file_is_an_error(name: str, harm: Callable[[bytes], bytes], folder: Path) -> None:
    (folder / name).write_bytes(harm((folder / name).read_bytes()))
    with pytest.raises(ModelError, match="damaged or was changed"):
        read(folder)


def test_an_absent_file_is_an_error(folder: Path) -> None:
    (folder / "parameters.npz").unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        read(folder)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": 99}, "format 99"),
        ({"kind": "something"}, "not that of a Vedette model"),
        ({"form": "forest"}, "no such form"),
        ({"version": 3}, "lacks its files"),
        ({"files": {}}, "lacks a part"),
        ({"files": {"../x": {"sha256": ""}}}, "may not be called"),
        ({"files": {".x": {"sha256": ""}}}, "may not be called"),
    ],
)
def test_a_foreign_manifest_is_an_error(change: dict[str, Any], told: str, folder: Path) -> None:
    path = folder / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(ModelError, match=told):
        read(folder)


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"[" * 100_000])
def test_a_manifest_that_is_none_is_an_error(data: bytes, folder: Path) -> None:
    (folder / MANIFEST).write_bytes(data)
    with pytest.raises(ModelError):
        manifest(folder)


def test_no_model_is_an_error_and_none_is_overwritten(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model here"):
        read(tmp_path)
    with pytest.raises(ModelError, match="not empty"):
        write(toy_model(n=40), folder)


def test_a_model_that_is_read_again_shares_its_tables_and_nothing_can_change_them(folder: Path, tmp_path: Path) -> None:
    one, again = read(folder), read(folder)
    assert again.form is one.form
    assert again.calibration is one.calibration
    with pytest.raises(ValueError, match="read-only"):
        one.form.weights["pieces"][0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        one.calibration.benign[0] = 1.0
    assert isinstance(one.card, dict)
    one.card["about"] = "changed"
    assert read(folder).card == {"about": "caf\u00e9"}
    write(toy_model(1, n=40), tmp_path / "other")
    for path in (tmp_path / "other").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    assert read(folder).version == toy_model(1, n=40).version != one.version, "what was read before hides a change"
    (folder / "known.npz").write_bytes(b"PK")
    with pytest.raises(ModelError, match="damaged or was changed"):
        read(folder)
