from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from vedette.errors import StoreError
from vedette.model import EntityKind
from vedette.store.state import between
from vedette.store.state.connect import file_url
from vedette.store.state.state import State
from vedette.store.state.stored import FindingFilter
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident
from vedette.testing.made import finding


def _made(tmp_path: Path) -> str:
    """Make a store and a backup of it, after which more is found, and somebody is erased."""
    url = file_url(tmp_path / "s.db")
    state = State.open(url)
    one = finding("10.0.0.1", "10.0.0.2", "T1110", uid="f1")
    state.commit(Work(5, [one], incidents=[replace(some_incident("i1"), findings=(one,))]))
    state.backup(tmp_path / "b.zip")
    two, three = (finding("10.0.0.3", "10.0.0.4", "T1046", uid=f"f{n}") for n in (2, 3))
    state.commit(Work(9, [two, three], incidents=[replace(some_incident("i2"), findings=(two, three))]))
    state.verdict("i1", "benign", "ann", "")
    state.erase(EntityKind.ADDRESS, "10.0.0.1")
    state.close()
    return url


def test_what_was_found_between_is_counted_and_who_was_erased_is_erased_again(tmp_path: Path) -> None:
    url = _made(tmp_path)
    made = between.restore(tmp_path / "b.zip", url, force=True)
    assert made.before is not None
    assert (made.findings, made.incidents, made.before.verdicts, made.now.verdicts) == (2, 1, 1, 0)
    assert (made.before.position, made.now.position) == (9, 5)
    assert made.before.at is not None
    assert made.now.at is not None
    assert made.now.at <= made.before.at
    assert made.erased > 0
    state = State.open(url)
    assert "10.0.0.1" not in repr(state.findings(FindingFilter()))
    state.close()
    again = between.restore(tmp_path / "b.zip", url, force=True)
    assert (again.findings, again.incidents, again.erased) == (0, 0, made.erased), "the list outlives a restore"


def test_into_nothing_there_is_nothing_to_compare(tmp_path: Path) -> None:
    _made(tmp_path)
    made = between.restore(tmp_path / "b.zip", file_url(tmp_path / "new.db"))
    assert (made.before, made.findings, made.incidents, made.erased) == (None, 0, 0, 0)


def test_a_store_that_cannot_be_read_gives_way(tmp_path: Path) -> None:
    _made(tmp_path)
    (tmp_path / "broken.db").write_bytes(b"no database" * 500)
    made = between.restore(tmp_path / "b.zip", file_url(tmp_path / "broken.db"), force=True)
    assert made.before is None
    assert made.moved


def test_without_force_nothing_changes(tmp_path: Path) -> None:
    url = _made(tmp_path)
    with pytest.raises(StoreError):
        between.restore(tmp_path / "b.zip", url)
    state = State.open(url)
    assert state.position() == 9
    state.close()
