from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from vedette.response.rotated import Rotated


def test_lines_are_added_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    file = Rotated(tmp_path / "new" / "out.jsonl", 1_000, 2)
    file.add(b"one\n")
    file.add(b"two\nthree\n")
    file.close()
    assert file.path.read_bytes() == b"one\ntwo\nthree\n"
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_a_full_file_is_set_aside(tmp_path: Path) -> None:
    file = Rotated(tmp_path / "out", 10, 2)
    for number in range(7):
        file.add(b"line %d\n" % number)
    file.close()
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        "out": b"line 6\n",
        "out.1": b"line 5\n",
        "out.2": b"line 4\n",
    }


def test_nothing_is_kept_where_nothing_is_wanted(tmp_path: Path) -> None:
    file = Rotated(tmp_path / "out", 10, 0)
    file.add(b"line 1\n")
    file.add(b"line 2\n")
    file.close()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert file.path.read_bytes() == b"line 2\n"


@pytest.mark.parametrize("rest", [b"half", b"x" * 200_000])
def test_what_a_crash_left_behind_is_taken_off(tmp_path: Path, rest: bytes) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"whole\n" + rest)
    file = Rotated(path, 10**6, 1)
    file.add(b"next\n")
    file.close()
    assert path.read_bytes() == b"whole\nnext\n"


def test_a_file_that_somebody_moved_is_made_anew(tmp_path: Path) -> None:
    file = Rotated(tmp_path / "out", 10**6, 1)
    file.add(b"one\n")
    file.path.rename(tmp_path / "moved")
    file.add(b"two\n")
    file.path.unlink()
    file.add(b"three\n")
    file.close()
    assert file.path.read_bytes() == b"three\n"
    assert (tmp_path / "moved").read_bytes() == b"one\n"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"")
    (tmp_path / "out").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match="symbolic"):
        Rotated(tmp_path / "out", 10, 1).add(b"x\n")
    assert (tmp_path / "victim").read_bytes() == b""


def test_after_a_failure_nothing_of_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Rotated(tmp_path / "out", 10**6, 1)
    file.add(b"one\n")
    real = os.fsync

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        file.add(b"two\n")
    monkeypatch.setattr(os, "fsync", real)
    file.add(b"two\n")
    file.close()
    assert file.path.read_bytes() == b"one\ntwo\n"
