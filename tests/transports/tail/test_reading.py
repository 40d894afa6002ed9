from __future__ import annotations

import os
from pathlib import Path

import pytest

from vedette.abc import Source
from vedette.plugins import discover
from vedette.sources.zeek import Zeek
from vedette.transports.tail.place import Place
from vedette.transports.tail.reading import LONGEST_BYTES, Reading, Replaced, Taken, Whole, open_file

LATER = 10.0


def reading(path: Path, chosen: str = "") -> Reading:
    fd = open_file(path)
    status = os.fstat(fd)
    return Reading(path, Place(status.st_ino, status.st_dev), chosen, fd, now=0)


def taken(found: Reading, now: float = 0, *, last: bool = False) -> bytes:
    part = found.take(now, last=last)
    return part.data if part else b""


def all_of(found: Reading, now: float = 0) -> list[Taken]:
    parts = []
    while part := found.take(now):
        parts.append(part)
    return parts


def test_whole_lines_alone_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"one\ntwo\nthr")
    found = reading(path)
    assert taken(found) == b"one\ntwo\n"
    assert taken(found, LATER) == b""  # however long it waits
    with path.open("ab") as file:
        file.write(b"ee\nfo")
    assert taken(found, LATER) == b"three\n"
    assert taken(found, LATER, last=True) == b"fo\n"
    assert found.take(LATER, last=True) is None
    assert found.place.offset == path.stat().st_size


def test_a_file_beyond_a_reading_comes_in_parts_that_make_it(tmp_path: Path) -> None:
    path = tmp_path / "big.log"
    lines = b"".join(b"%07d %s\n" % (i, b"x" * (i % 300)) for i in range(20_000))
    path.write_bytes(lines)
    parts = all_of(reading(path))
    assert len(parts) > 2
    assert all(len(p.data) <= LONGEST_BYTES and p.data.endswith(b"\n") and not p.cut for p in parts)
    assert b"".join(p.data for p in parts) == lines


@pytest.mark.parametrize("more", [0, 1, LONGEST_BYTES - 1, LONGEST_BYTES, 3 * LONGEST_BYTES + 17])
def test_a_line_that_is_too_long_is_cut_and_the_next_is_whole(tmp_path: Path, more: int) -> None:
    path = tmp_path / "long.log"
    path.write_bytes(b"before\n" + b"y" * (LONGEST_BYTES + more) + b"\nafter\n")
    found = reading(path)
    parts = all_of(found)
    for _ in range(5):
        parts += all_of(found)  # what is passed over gives nothing for a while
    assert [len(line) for p in parts for line in p.data.splitlines()] == [6, LONGEST_BYTES, 5]
    assert sum(p.cut for p in parts) == 1


def test_what_was_passed_over_stays_so_after_a_stop(tmp_path: Path) -> None:
    path = tmp_path / "long.log"
    path.write_bytes(b"y" * (LONGEST_BYTES + 5))
    found = reading(path)
    assert len(taken(found)) == LONGEST_BYTES + 1
    with path.open("ab") as file:
        file.write(b"yyy\nnext\n")
    again = Reading(path, found.place, "", open_file(path), now=0)
    assert b"".join(p.data for p in all_of(again)) == b"next\n"


def test_a_header_stands_before_every_part(tmp_path: Path) -> None:
    data = Zeek.example().data
    lines = data.splitlines(keepends=True)
    path = tmp_path / "conn.log"
    path.write_bytes(b"".join(lines[:-2]))
    found = reading(path)
    first = found.take(0)
    assert first is not None
    assert first.preamble == b""
    with path.open("ab") as file:
        file.write(lines[-2])
    second = found.take(0)
    assert second is not None
    assert second.data == lines[-2]
    assert second.preamble == b"".join(x for x in lines if x.startswith(b"#") and not x.startswith(b"#close"))
    assert found.place.source == "zeek"


def test_a_file_begun_at_its_end_has_its_header_too(tmp_path: Path) -> None:
    lines = Zeek.example().data.splitlines(keepends=True)
    path = tmp_path / "conn.log"
    path.write_bytes(b"".join(lines[:-2]) + lines[-2][:10])
    found = reading(path)
    found.begin_at_end()
    with path.open("ab") as file:
        file.write(lines[-2][10:])
    part = found.take(0)
    assert part is not None
    assert part.data == lines[-2]
    assert b"#fields\tts\tuid" in part.preamble


def test_the_end_of_a_file_whose_last_line_is_too_long(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"y" * (2 * LONGEST_BYTES))
    found = reading(path)
    found.begin_at_end()
    with path.open("ab") as file:
        file.write(b"yy\nnext\n")
    assert b"".join(p.data for p in all_of(found)) == b"next\n"


@pytest.mark.parametrize("now", [b"", b"tw", b"other\nlines\nthat are more\n"])
def test_a_file_that_was_emptied_or_written_anew_is_replaced(tmp_path: Path, now: bytes) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"one\ntwo\n")
    found = reading(path)
    assert taken(found) == b"one\ntwo\n"
    path.write_bytes(now)
    with pytest.raises(Replaced):
        found.take(0)


def test_the_hole_of_a_writer_that_kept_its_place_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    with path.open("wb") as file:
        file.seek(64 << 20)
        file.write(b"after\n")
    found = reading(path)
    assert b"".join(taken(found) for _ in range(5)) == b"after\n"


def test_bytes_that_are_no_text_pass_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"\xff\xfe\x80 caf\xe9\r\n\n\x1b[31m\n")
    assert taken(reading(path)) == path.read_bytes()


def test_a_closed_file_is_opened_when_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"one\n")
    found = reading(path)
    assert taken(found) == b"one\n"
    status = path.stat()
    found.seen = status.st_size, status.st_mtime_ns
    found.close()
    assert found.take(0) is None
    assert not found.is_open
    with path.open("ab") as file:
        file.write(b"two\n")
    found.seen = 8, 0
    assert taken(found) == b"two\n"
    found.close()
    path.unlink()
    with pytest.raises(Replaced):
        found.take(0, last=True)


def test_a_capture_is_not_read_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(discover(Source)["pcap"].example().data)
    with pytest.raises(Whole):
        reading(path).take(0)


def test_the_source_of_the_settings_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"2026-01-05 08:00:00,123 INFO a\n")
    found = reading(path, "authlog")
    assert taken(found) == path.read_bytes()
    assert found.place.source == ""
