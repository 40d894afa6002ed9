from __future__ import annotations

import os
from pathlib import Path

import pytest

from vedette.transports.tail.place import HEAD_BYTES, Place, fingerprint, is_of, told, written


def _is(place: Place, path: Path) -> bool:
    fd = os.open(path, os.O_RDONLY)
    try:
        return is_of(place, fd, os.fstat(fd))
    finally:
        os.close(fd)


def _place(path: Path, offset: int) -> Place:
    fd, size = os.open(path, os.O_RDONLY), min(offset, HEAD_BYTES)
    try:
        status = os.fstat(fd)
        return Place(status.st_ino, status.st_dev, offset, size, fingerprint(fd, size))
    finally:
        os.close(fd)


def test_a_position_is_read_as_it_was_written() -> None:
    places = [Place(1, 2, 3, 3, "ab", b"#\xff\n", "zeek", inside=True), Place(4, 5, done=True)]
    assert told(written(places)) == places
    assert told(written([])) == []


@pytest.mark.parametrize("text", ["", "17", "[{}]", "{", '[{"inode":"x"}]', "\x00"])
def test_what_is_no_position_says_nothing(text: str) -> None:
    assert told(text) == []


def test_a_file_is_known_while_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"first\n")
    place = _place(path, 6)
    assert _is(place, path)
    path.write_bytes(b"first\nsecond\n")
    assert _is(place, path)


@pytest.mark.parametrize("now", [b"", b"first", b"other\nthings\n"])
def test_a_file_that_was_cut_or_replaced_is_known(tmp_path: Path, now: bytes) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"first\n")
    place = _place(path, 6)
    path.write_bytes(now)  # the inode stays
    assert not _is(place, path)


def test_a_copy_is_known_once_all_of_the_first_bytes_are(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.log", tmp_path / "a.log.1"
    for size, known in ((HEAD_BYTES - 1, False), (HEAD_BYTES, True)):
        path.write_bytes(b"x" * size)
        copy.write_bytes(b"x" * size + b"more\n")
        assert _is(_place(path, size), copy) is known
