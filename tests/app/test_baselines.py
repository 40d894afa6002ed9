from __future__ import annotations

from pathlib import Path

import pytest

from vedette.app.baselines import opened, shelf_of, stored
from vedette.config import parse
from vedette.errors import BaselineError
from vedette.store.profiles.shelf import LIST


def test_the_shelf_is_that_of_the_site_or_the_one_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEDETTE_HOME", str(tmp_path))
    config = parse("[baselines]\nentities = 5000\n[network.groups]\nlab = ['10.9.0.0/16']\n")
    shelf = shelf_of(config)
    assert (shelf.folder, shelf.limit, list(shelf.groups)) == (tmp_path / "profiles", 5000, ["lab"])
    assert shelf_of(config, tmp_path / "other").folder == tmp_path / "other"
    assert opened(shelf, config) is shelf
    assert not list(tmp_path.iterdir())


def test_what_is_damaged_is_known_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / LIST).write_text("{")
    config = parse("")
    with pytest.raises(BaselineError, match="list of baselines"):
        opened(shelf_of(config, tmp_path), config)


def test_where_nothing_was_learned_nothing_is_stored(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="nothing was learned yet"):
        stored(shelf_of(parse(""), tmp_path))
