from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest

from vedette.response import sealed
from vedette.response.sealed import Sealed, SealError


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "bad"
    path.parent.mkdir()
    path.write_bytes(b"MZ")
    path.chmod(0o751)
    return path


def seal(tmp_path: Path) -> Sealed:
    return Sealed(str(tmp_path / "sealed"))


def test_sealed_and_given_back_as_it_was(bad: Path, tmp_path: Path) -> None:
    kept = seal(tmp_path)
    assert kept.holds(str(bad)) is False
    assert not (tmp_path / "sealed").exists()
    assert kept.put(str(bad)) == hashlib.sha256(b"MZ").hexdigest()
    assert not bad.exists()
    (inside,) = [p for p in (tmp_path / "sealed").iterdir() if not p.suffix]
    assert stat.S_IMODE(inside.stat().st_mode) == 0
    assert stat.S_IMODE((tmp_path / "sealed").stat().st_mode) == 0o700
    assert kept.holds(str(bad))
    assert kept.give_back(str(bad)) is True
    assert (bad.read_bytes(), stat.S_IMODE(bad.stat().st_mode)) == (b"MZ", 0o751)
    assert kept.give_back(str(bad)) is False
    assert list((tmp_path / "sealed").iterdir()) == []


def test_another_file_of_the_same_name_is_not_moved(bad: Path, tmp_path: Path) -> None:
    with pytest.raises(SealError, match="not the file that was seen"):
        seal(tmp_path).put(str(bad), "00" * 32)
    assert bad.exists()
    seal(tmp_path).put(str(bad), hashlib.sha256(b"MZ").hexdigest().upper())


def test_no_link_is_followed_anywhere(bad: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(bad)
    (tmp_path / "folder").symlink_to(bad.parent)
    for path in (tmp_path / "link", tmp_path / "folder" / "bad"):
        with pytest.raises(SealError):
            seal(tmp_path).put(str(path))
    assert bad.read_bytes() == b"MZ"


def test_what_is_no_plain_file_is_not_moved(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder", "absent"):
        with pytest.raises(SealError):
            seal(tmp_path).put(str(tmp_path / name))


def test_a_file_that_is_exchanged_meanwhile_is_not_moved(
    bad: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = sealed._hashed

    def slow(file: int, seen: os.stat_result) -> str:
        digest = hashed(file, seen)
        bad.unlink()
        bad.write_bytes(b"something precious")
        return digest

    monkeypatch.setattr(sealed, "_hashed", slow)
    with pytest.raises(SealError, match="meanwhile"):
        seal(tmp_path).put(str(bad))
    assert bad.read_bytes() == b"something precious"
    assert not seal(tmp_path).holds(str(bad))


def test_what_comes_back_never_takes_anothers_place(bad: Path, tmp_path: Path) -> None:
    kept = seal(tmp_path)
    kept.put(str(bad))
    bad.write_bytes(b"new")
    with pytest.raises(SealError, match="something else is called bad"):
        kept.give_back(str(bad))
    assert (bad.read_bytes(), kept.holds(str(bad))) == (b"new", True)
    with pytest.raises(SealError, match="sealed already"):
        kept.put(str(bad))


def test_too_large_and_without_a_note(bad: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = seal(tmp_path)
    kept.put(str(bad))
    next((tmp_path / "sealed").glob("*.json")).write_text("{")
    assert kept.give_back(str(bad))
    assert stat.S_IMODE(bad.stat().st_mode) == 0o600
    monkeypatch.setattr(sealed, "MOST_BYTES", 1)
    with pytest.raises(SealError, match="larger than"):
        kept.put(str(bad))
