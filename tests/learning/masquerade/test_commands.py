from __future__ import annotations

from pathlib import Path

import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root
from vedette.learning.masquerade.commands import FILE, SHA256, read


@pytest.mark.data
def test_five_users_and_as_many_commands_as_the_sets_readme_allows() -> None:
    users = read(data_root())
    assert list(users) == sorted(SHA256)
    assert {name: len(c) for name, c in users.items()} == {
        "USER1": 10806,
        "USER2": 9288,
        "USER3": 10195,
        "USER4": 20687,
        "USER5": 16657,
    }
    assert not any(not c or c != c.strip() for commands in users.values() for c in commands)


def test_what_is_not_here_and_what_is_no_archive_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not here"):
        read(tmp_path)
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no archive")
    with pytest.raises(DataError, match="cannot be read"):
        read(tmp_path)
