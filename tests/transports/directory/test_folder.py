from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from vedette.transports.directory.folder import Folder

NOW = 1_772_700_000.0


class Drop:
    """A folder that files are put into, with a clock of its own."""

    def __init__(self, path: Path, *, begin_at_end: bool = False, recursive: bool = False) -> None:
        self.path, self.now, self.position = path, NOW, ""
        self.recursive, self.begin_at_end = recursive, begin_at_end
        self.folder = self.begun()

    def begun(self) -> Folder:
        return Folder(
            str(self.path), "*.pcap", recursive=self.recursive, position=self.position, begin_at_end=self.begin_at_end
        )

    def write(self, name: str, at: float, data: bytes = b"x") -> Path:
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        with path.open("ab") as file:
            file.write(data)
        os.utime(path, (at, at))
        return path

    def gave(self, how: str = "is_there", seconds: float = 1, quiet: float = 10) -> list[str]:
        self.now += seconds
        self.folder.look(self.now)
        found = []
        for path, position in self.folder.ready(partial(getattr(self.folder, how), quiet_seconds=quiet)):
            found.append(str(path.relative_to(self.path)))
            self.position = position
        return found

    def restart(self) -> None:
        self.folder = self.begun()


def test_files_come_once_in_the_order_they_were_written(tmp_path: Path) -> None:
    drop = Drop(tmp_path)
    drop.write("b.pcap", NOW - 50)
    drop.write("a.pcap", NOW - 20)
    drop.write("c.txt", NOW - 20)
    drop.write(".hidden.pcap", NOW - 20)
    assert drop.gave() == ["b.pcap", "a.pcap"]
    assert drop.gave() == []
    drop.write("c.pcap", NOW)
    assert drop.gave() == ["c.pcap"]


def test_a_file_that_changes_is_not_complete(tmp_path: Path) -> None:
    drop = Drop(tmp_path)
    drop.write("a.pcap", NOW)
    assert [drop.gave("is_quiet", 4) for _ in range(2)] == [[], []]
    drop.write("a.pcap", NOW + 8)
    assert [drop.gave("is_quiet", 4) for _ in range(4)] == [[], [], ["a.pcap"], []]
    drop.write("old.pcap", NOW - 500)
    assert [drop.gave("is_quiet", 1) for _ in range(2)] == [[], ["old.pcap"]]


def test_of_rotated_files_the_newest_is_not_complete(tmp_path: Path) -> None:
    drop = Drop(tmp_path)
    drop.write("1.pcap", NOW)
    assert drop.gave("is_rotated", 100) == []
    drop.write("2.pcap", NOW + 60)
    assert drop.gave("is_rotated") == ["1.pcap"]
    drop.write("3.pcap", NOW + 120)
    assert drop.gave("is_rotated") == ["2.pcap"]


def test_after_a_stop_only_what_was_not_given_comes(tmp_path: Path) -> None:
    drop = Drop(tmp_path)
    drop.write("1.pcap", NOW - 100)
    drop.write("grows.pcap", NOW - 90)
    drop.folder.look(NOW)
    drop.write("2.pcap", NOW - 80)
    drop.write("grows.pcap", NOW - 90)
    assert drop.gave("is_quiet", 0.5, quiet=1000) == []
    drop.write("grows.pcap", NOW - 95)
    assert drop.gave("is_quiet", 100, quiet=100) == ["1.pcap", "2.pcap"]
    drop.restart()
    assert drop.gave() == ["grows.pcap"]
    drop.restart()
    assert drop.gave() == []


def test_a_file_moved_in_with_an_old_date_is_found(tmp_path: Path) -> None:
    drop = Drop(tmp_path / "drop")
    drop.path.mkdir()
    away = tmp_path / "away"
    for number, running in enumerate((True, False)):
        drop.write(f"new{number}.pcap", NOW + number)
        assert drop.gave() == [f"new{number}.pcap"]
        away.write_bytes(b"x")
        os.utime(away, (NOW - 9999, NOW - 9999))
        away.rename(drop.path / f"old{number}.pcap")
        if not running:
            os.utime(drop.path / f"old{number}.pcap", (NOW - 9999, NOW - 9999))
            drop.restart()
        assert drop.gave() == [f"old{number}.pcap"]


def test_begin_at_the_end_passes_over_what_is_there(tmp_path: Path) -> None:
    drop = Drop(tmp_path, begin_at_end=True)
    drop.write("old.pcap", NOW - 50)
    assert drop.gave() == []
    drop.write("new.pcap", NOW - 60)
    assert drop.gave() == ["new.pcap"]
    drop.write("while-away.pcap", NOW + 5)
    drop.restart()
    assert drop.gave() == ["while-away.pcap"]


def test_a_file_that_changes_after_it_was_given_is_told(tmp_path: Path) -> None:
    drop = Drop(tmp_path)
    drop.write("a.pcap", NOW)
    assert drop.gave() == ["a.pcap"]
    drop.write("a.pcap", NOW + 1)
    assert drop.gave() == []
    assert "changed after it was read" in drop.folder.words()[0]
    assert drop.folder.words() == []


def test_folders_inside(tmp_path: Path) -> None:
    drop = Drop(tmp_path, recursive=True)
    drop.write("in/a.pcap", NOW)
    drop.write("b.pcap", NOW - 1)
    drop.write(".git/c.pcap", NOW)
    assert drop.gave() == ["b.pcap", "in/a.pcap"]
    flat = Drop(tmp_path)
    assert flat.gave() == ["b.pcap"]


def test_empty_files_and_those_that_are_not_finished_are_nothing(tmp_path: Path) -> None:
    drop = Drop(tmp_path)
    drop.write("a.pcap", NOW, b"")
    drop.write("b.pcap.tmp", NOW)
    assert drop.gave() == []
    drop.write("c.pcap", NOW + 1)
    assert drop.gave() == ["c.pcap"]
    assert '"waiting":[]' in drop.position


def test_a_folder_that_goes_away_is_told_and_waited_for(tmp_path: Path) -> None:
    drop = Drop(tmp_path / "drop")
    drop.path.mkdir()
    drop.write("a.pcap", NOW)
    assert drop.gave() == ["a.pcap"]
    away = drop.path.rename(tmp_path / "away")
    assert drop.gave() == []
    assert "cannot be read" in drop.folder.words()[0]
    away.rename(drop.path)
    drop.write("b.pcap", NOW + 1)
    assert "b.pcap" in drop.gave()


@pytest.mark.parametrize("position", ["17", "{", '{"newest":[1]}'])
def test_what_is_no_position_is_none(tmp_path: Path, position: str) -> None:
    drop = Drop(tmp_path)
    drop.write("a.pcap", NOW)
    drop.position = position
    drop.restart()
    assert drop.gave() == ["a.pcap"]


def test_links_are_not_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    drop = Drop(tmp_path / "drop", recursive=True)
    drop.write("a.pcap", NOW - 50)
    (drop.path / "b.pcap").symlink_to(tmp_path / "secret")
    (drop.path / "sub").symlink_to(tmp_path)
    assert drop.gave() == ["a.pcap"]
