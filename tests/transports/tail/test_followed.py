from __future__ import annotations

import os
import shutil
from pathlib import Path

from vedette.transports.tail.followed import DONE, LINGER_SECONDS, Followed
from vedette.transports.tail.place import HEAD_BYTES, Place, told


class Log:
    """A file that is written to and looked at, with a clock of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = 0.0
        self.said: list[str] = []
        self.position = ""
        self.file = self.follow()

    def follow(self, *, at_end: bool = False) -> Followed:
        return Followed(self.path, told(self.position), "", self.said.append, at_end=at_end)

    def write(self, data: bytes, path: Path | None = None) -> None:
        with (path or self.path).open("ab") as file:
            file.write(data)

    def took(self, seconds: float = 0.2, rounds: int = 4) -> bytes:
        data = b""
        for _ in range(rounds):
            self.now += seconds
            self.file.look(self.now)
            for chunk, _ in self.file.take(self.now):
                data += chunk.data
                self.position = chunk.position
                assert (chunk.input, chunk.filename) == (str(self.path), self.path.name)
        return data

    def restart(self) -> None:
        self.file.close()
        self.file = self.follow(at_end=True)


def test_a_file_renamed_is_read_on_beside_the_new_one(tmp_path: Path) -> None:
    log = Log(tmp_path / "auth.log")
    log.write(b"1\n")
    assert log.took() == b"1\n"
    old = log.path.rename(tmp_path / "auth.log.1")
    log.write(b"2\n", old)  # the writer was not told yet
    assert log.took() == b"2\n"
    log.write(b"4\n")
    log.write(b"3\n", old)
    assert log.took() == b"3\n4\n"
    log.write(b"unfinished", old)
    assert log.took() == b""
    assert log.took(LINGER_SECONDS) == b"unfinished\n"
    assert len(log.file.readings) == 1
    assert len(log.file.done) == 1
    log.write(b"5\n")
    assert log.took() == b"5\n"
    assert [p.done for p in told(log.position)] == [True, False]


def test_it_goes_on_in_both_after_a_stop(tmp_path: Path) -> None:
    log = Log(tmp_path / "auth.log")
    log.write(b"1\n")
    log.took()
    old = log.path.rename(tmp_path / "auth.log.1")
    log.write(b"2\n")
    assert log.took() == b"2\n"
    log.write(b"1b\n", old)
    log.write(b"3\n")
    log.restart()
    assert log.took() == b"1b\n3\n"
    assert log.said == []


def test_a_file_rotated_while_it_was_stopped_is_read_to_its_end(tmp_path: Path) -> None:
    log = Log(tmp_path / "auth.log")
    log.write(b"1\n")
    log.took()
    log.write(b"2\n")
    log.path.rename(tmp_path / "auth.log-20261123")
    log.write(b"3\n")
    log.restart()
    assert log.took() == b"2\n3\n"


def test_a_file_that_is_gone_with_its_rest_is_told(tmp_path: Path) -> None:
    log = Log(tmp_path / "auth.log")
    log.write(b"1\n")
    log.took()
    log.path.rename(tmp_path / "auth.log.1")
    (tmp_path / "auth.log.1").unlink()
    log.write(b"other\n")
    log.restart()
    assert log.took() == b"other\n"
    if told(log.position)[0].inode == log.path.stat().st_ino:
        assert "behind byte 2, if anything" in log.said[0]


def test_copy_and_empty_loses_nothing_that_the_copy_holds(tmp_path: Path) -> None:
    log = Log(tmp_path / "app.log")
    first = b"%d " % 7 + b"x" * HEAD_BYTES + b"\n"
    log.write(first)
    assert log.took() == first
    log.write(b"unread\n")
    shutil.copy(log.path, tmp_path / "app.log.1")
    os.truncate(log.path, 0)
    assert log.took() == b"unread\n"
    log.write(b"new\n")
    assert log.took() == b"new\n"
    log.write(b"more\n")
    shutil.copy(log.path, tmp_path / "app.log.2")
    os.truncate(log.path, 0)
    log.write(b"fresh and longer than what was read before\n")
    assert log.took().endswith(b"fresh and longer than what was read before\n")


def test_copy_and_empty_while_stopped(tmp_path: Path) -> None:
    log = Log(tmp_path / "app.log")
    log.write(b"x" * HEAD_BYTES + b"\n")
    log.took()
    log.write(b"unread\n")
    shutil.copy(log.path, tmp_path / "app.log.1")
    os.truncate(log.path, 0)
    log.write(b"new\n")
    log.restart()
    assert log.took() == b"unread\nnew\n"


def test_a_file_deleted_and_made_anew_begins_at_its_start(tmp_path: Path) -> None:
    log = Log(tmp_path / "a.log")
    log.write(b"1\n")
    log.took()
    log.write(b"2\n")
    log.path.unlink()
    assert log.took() == b"2\n"  # it is still open
    log.write(b"3\n")
    assert log.took() == b"3\n"


def test_a_file_that_comes_back_is_not_read_twice(tmp_path: Path) -> None:
    log = Log(tmp_path / "a.log")
    log.write(b"1\n")
    log.took()
    away = log.path.rename(tmp_path / "away")
    assert log.took(LINGER_SECONDS) == b""
    assert log.file.is_over
    away.rename(log.path)
    log.write(b"2\n")
    assert log.took() == b"2\n"


def test_begin_at_the_end_is_for_what_is_there_and_unknown(tmp_path: Path) -> None:
    log = Log(tmp_path / "a.log")
    log.write(b"old\n")
    log.file = log.follow(at_end=True)
    assert log.took() == b""
    log.write(b"1\n")
    assert log.took() == b"1\n"
    log.write(b"2\n")
    log.restart()
    assert log.took() == b"2\n"
    later = Log(tmp_path / "b.log")
    later.file = later.follow(at_end=True)
    assert later.took() == b""
    later.write(b"first\n")  # it came after the start
    assert later.took() == b"first\n"


def test_what_comes_before_the_first_line_was_read_is_not_lost(tmp_path: Path) -> None:
    log = Log(tmp_path / "a.log")
    log.write(b"old\n")
    log.file = log.follow(at_end=True)
    assert log.took() == b""
    log.write(b"while it was stopped\n")
    log.restart()
    assert log.took() == b"while it was stopped\n"


def test_trouble_is_told_and_tried_again(tmp_path: Path) -> None:
    log = Log(tmp_path / "a.log")
    log.path.mkdir()
    assert log.took() == b""
    assert "no file that could be followed" in log.said[0]
    log.path.rmdir()
    log.write(b"1\n")
    assert log.took() == b"1\n"
    os.mkfifo(tmp_path / "pipe")
    pipe = Log(tmp_path / "pipe")
    assert pipe.took() == b""


def test_many_rotations_keep_a_position_small(tmp_path: Path) -> None:
    log = Log(tmp_path / "a.log")
    for number in range(40):
        log.write(b"%d\n" % number)
        assert log.took(rounds=2) == b"%d\n" % number
        log.path.rename(tmp_path / f"a.log.{number}")
    assert len(log.file.readings) < 12
    assert len(log.file.done) == DONE
    assert len(log.position) < 4000


def test_a_bad_position_is_no_position(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"1\n")
    status = path.stat()
    log = Log(path)
    log.file = Followed(path, [Place(status.st_ino, status.st_dev, 99, 5, "00")], "", log.said.append, at_end=True)
    assert log.took() == b"1\n"
