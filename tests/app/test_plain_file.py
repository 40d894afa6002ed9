from __future__ import annotations

import mmap
from pathlib import Path

from vedette.app.plain_file import PlainFile


def test_reading_is_counted_once_although_it_goes_back(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(bytes(100_000))
    seen: list[int] = []
    with PlainFile(str(tmp_path / "x"), seen.append) as file:
        file.read(50_000)
        file.seek(0)
        assert len(file.read()) == 100_000
    assert sum(seen) == 100_000


def test_it_ends_where_it_ended_when_it_was_opened(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"old")
    with PlainFile(str(tmp_path / "x"), lambda _: None) as file:
        (tmp_path / "x").write_bytes(b"old and new")
        assert file.read() == b"old"
        assert file.changed() == "grew while it was read: read as it was at the start"
        (tmp_path / "x").write_bytes(b"")
        assert file.changed() == "was cut while it was read"


def test_it_can_be_mapped_and_then_counts_as_whole(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(bytes(100_000))
    with PlainFile(str(tmp_path / "x"), lambda _: None) as file:
        file.read(10)
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            assert len(mapped) == file.given_bytes == 100_000
