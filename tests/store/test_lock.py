from __future__ import annotations

from pathlib import Path

import pytest

from vedette.errors import BaselineError
from vedette.store import lock
from vedette.store.lock import alone


def test_a_second_one_waits_and_then_says_what_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.05)
    folder = tmp_path / "new"
    with (
        alone(folder, BaselineError, "the baselines"),
        pytest.raises(BaselineError, match="changing the baselines"),
        alone(folder, BaselineError, "the baselines"),
    ):
        pytest.fail("two held the lock")


def test_it_is_given_back_also_by_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), alone(tmp_path, BaselineError, "x"):
        raise ZeroDivisionError
    with alone(tmp_path, BaselineError, "x"):
        pass


def test_a_folder_it_makes_has_the_rights_asked_for(tmp_path: Path) -> None:
    with alone(tmp_path / "mine", BaselineError, "x", mode=0o700):
        assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o700
