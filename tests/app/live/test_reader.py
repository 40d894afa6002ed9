from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vedette.abc import Chunk, Source
from vedette.app.limits import Limits
from vedette.app.live.reader import LiveReader
from vedette.config import Config
from vedette.plugins import discover

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
LINES = [
    f"Jan  5 12:00:0{n} bastion sshd[{n}]: Failed password for root from 203.0.113.66 port {n} ssh2\n" for n in range(6)
]


def _reader() -> LiveReader:
    return LiveReader(Config(), Limits())


def _numbers(reader: LiveReader, chunk: Chunk) -> list[int]:
    return [n for _, batch in reader.read(chunk, NOON) for n in batch.frame["metadata.sequence"].to_list()]


def test_records_are_numbered_on_from_chunk_to_chunk_also_after_a_restart() -> None:
    reader = _reader()
    assert _numbers(reader, Chunk("a", "".join(LINES[:2]).encode())) == [0, 1]
    again = _reader()
    again.load(reader.dump())
    assert _numbers(again, Chunk("a", "".join(LINES[2:]).encode())) == [2, 3, 4, 5]
    assert _numbers(again, Chunk("b", LINES[0].encode())) == [0]


def test_a_chunk_that_no_first_bytes_tell_is_read_as_the_input_was_before() -> None:
    reader = _reader()
    _numbers(reader, Chunk("a", LINES[0].encode()))
    assert reader.dump()["a"] == ("authlog", 1)
    _numbers(reader, Chunk("a", b"no such thing\n"))
    assert reader.dump()["a"][0] == "authlog"


def test_a_source_that_breaks_ends_its_chunk_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = _reader()

    def breaks(self: Source, stream: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(discover(Source)["authlog"], "read", breaks)
        assert _numbers(reader, Chunk("a", LINES[0].encode())) == []
    assert "broke" in reader.troubles["a"]
    assert _numbers(reader, Chunk("a", LINES[0].encode())) == [0]
    assert (reader.troubles, reader.rejects) == ({}, 1)


def test_a_file_is_read_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "auth.log"
    path.write_text("".join(LINES))
    reader = _reader()
    assert _numbers(reader, Chunk("drop", path=path)) == list(range(6))
    assert _numbers(reader, Chunk("drop", path=tmp_path / "gone.log")) == []
    assert "gone.log" in reader.troubles["drop"]


def test_what_was_put_in_the_place_of_a_file_is_not_read(tmp_path: Path) -> None:
    """A link to a secret file, a pipe that would never end, a folder; and no name is a pattern."""
    (tmp_path / "secret").write_text("".join(LINES))
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "link.log").symlink_to(tmp_path / "secret")
    os.mkfifo(drop / "pipe.log")
    (drop / "folder.log").mkdir()
    (drop / "folder.log" / "a.log").write_text("".join(LINES))
    (drop / "plain.log").write_text("".join(LINES))
    reader = _reader()
    for name in ("link.log", "pipe.log", "folder.log", "*.log", "**"):
        assert _numbers(reader, Chunk(str(drop), path=drop / name)) == [], name
        assert "cannot be read" in reader.troubles[str(drop)]
    assert _numbers(reader, Chunk(str(drop), path=drop / "plain.log")) == list(range(6))


def test_a_header_stands_before_every_part() -> None:
    head = b"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n"
    head += b"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\n"
    head += b"#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\n"
    row = b"1767614400.%d\tC1\t10.0.0.1\t5\t10.0.0.2\t53\tudp\ta.example\n"
    reader = _reader()
    assert len(_numbers(reader, Chunk("z", row % 1, preamble=head))) == 1
    assert len(_numbers(reader, Chunk("z", row % 2 + row % 3, preamble=head))) == 2
