from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.abc import Chunk
from vedette.errors import InletError, StoreError
from vedette.store import intake_log
from vedette.store.intake_log import GONE_AFTER, IntakeLog

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


_OPEN: list[intake_log.IntakeLog] = []


def _opened(folder: Path, segment_bytes: int = intake_log.SEGMENT_BYTES) -> intake_log.IntakeLog:
    """Open a log that is closed after the test."""
    _OPEN.append(intake_log.IntakeLog(folder, segment_bytes))
    return _OPEN[-1]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while _OPEN:
        _OPEN.pop().close()


def _all(log: intake_log.IntakeLog) -> list[Chunk]:
    found: list[Chunk] = []
    while records := log.read(log.begin + len(found), most_bytes=1000):
        found += [r.chunk for r in records]
    return found


@given(
    st.lists(
        st.builds(
            Chunk,
            st.text(max_size=9).filter(lambda t: t.isprintable()),
            st.binary(max_size=99),
            preamble=st.binary(max_size=9),
        )
    )
)
def test_what_is_appended_is_read_in_order_also_after_a_stop(
    tmp_path_factory: pytest.TempPathFactory, chunks: list[Chunk]
) -> None:
    folder = tmp_path_factory.mktemp("log")
    log = _opened(folder, segment_bytes=200)
    for chunk in chunks:
        log.append([chunk], NOON)
    assert _all(log) == chunks
    log.close()
    again = _opened(folder, segment_bytes=200)
    assert (_all(again), again.end) == (chunks, len(chunks))
    again.close()


def test_records_keep_position_arrival_and_where_the_transport_goes_on(tmp_path: Path) -> None:
    log = _opened(tmp_path)
    log.append(
        [Chunk("a", b"1", position="7"), Chunk("b", b"2"), Chunk("a", b"3", path=Path("/x"), position="9")], NOON
    )
    (first, _, third) = log.read(0)
    assert (first.position, first.arrival, third.chunk.path) == (0, NOON, Path("/x"))
    log.close()
    assert _opened(tmp_path).positions == {"a": "9"}


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_record_that_was_being_written_is_cut_off(tmp_path: Path, cut: int) -> None:
    log = _opened(tmp_path)
    log.append([Chunk("a", b"whole")], NOON)
    log.append([Chunk("a", b"unfinished" * 5)], NOON)
    log.close()
    (path,) = tmp_path.glob("*.log")
    os.truncate(path, path.stat().st_size - cut)
    again = _opened(tmp_path)
    assert [c.data for c in _all(again)] == [b"whole"]
    again.append([Chunk("a", b"next")], NOON)
    assert [c.data for c in _all(again)] == [b"whole", b"next"]


@pytest.mark.parametrize("segment_bytes", [1, 1 << 20], ids=["of an older segment", "before whole records"])
def test_damage_in_the_middle_stops_the_start(tmp_path: Path, segment_bytes: int) -> None:
    log = _opened(tmp_path, segment_bytes)
    for n in range(4):
        log.append([Chunk("a", b"%d" % n * 50)], NOON)
    log.close()
    path = min(tmp_path.glob("*.log"))
    data = bytearray(path.read_bytes())
    data[50] ^= 1
    path.write_bytes(data)
    with pytest.raises(StoreError, match="record 0 is damaged"):
        _opened(tmp_path, segment_bytes)


def test_segments_that_are_judged_are_let_go(tmp_path: Path) -> None:
    log = _opened(tmp_path, segment_bytes=1)
    for n in range(5):
        log.append([Chunk("a", b"%d" % n, position=str(n))], NOON)
    whole = log.bytes
    log.let_go(3)
    assert (log.begin, len(list(tmp_path.glob("*.log"))), log.bytes) == (3, 2, whole * 2 // 5)
    assert [c.data for c in _all(log)] == [b"3", b"4"]
    with pytest.raises(StoreError, match="let go"):
        log.read(2)
    log.let_go(99)
    assert log.append([Chunk("a", b"5")], NOON) == 6


def test_an_input_that_is_silent_goes_on_where_it_stopped_after_its_records_went(tmp_path: Path) -> None:
    log = _opened(tmp_path, segment_bytes=1)
    log.append([Chunk("silent", b"x", position="7"), Chunk("a", b"x", position="0")], NOON)
    for n in range(1, 5):
        log.append([Chunk("a", b"%d" % n, position=str(n))], NOON)
    log.let_go(4)
    log.append([Chunk("a", b"5", position="5")], NOON)
    log.close()
    assert _opened(tmp_path).positions == {"silent": "7", "a": "5"}


def test_records_stay_where_their_positions_cannot_be_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = _opened(tmp_path, segment_bytes=1)
    for n in range(3):
        log.append([Chunk("a", b"%d" % n, position=str(n))], NOON)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    log.let_go(3)
    assert (log.begin, len(_all(log))) == (0, 3)


def test_positions_that_are_damaged_stop_the_start(tmp_path: Path) -> None:
    (tmp_path / "positions.json").write_text("[")
    with pytest.raises(StoreError, match="where inputs go on is damaged"):
        _opened(tmp_path)


def test_who_reads_waits_for_who_writes(tmp_path: Path) -> None:
    log = _opened(tmp_path)
    assert log.read(0, wait_seconds=0.01) == []
    threading.Timer(0.05, lambda: log.append([Chunk("a", b"1")])).start()
    assert [r.chunk.data for r in log.read(0, wait_seconds=30)] == [b"1"]


def test_a_full_disk_is_told_and_nothing_of_it_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = _opened(tmp_path)
    log.append([Chunk("a", b"1")], NOON)

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fdatasync", full)
        with pytest.raises(InletError, match="No space left"):
            log.append([Chunk("a", b"lost")], NOON)
    log.append([Chunk("a", b"2")], NOON)
    assert [c.data for c in _all(log)] == [b"1", b"2"]
    log.close()
    assert [c.data for c in _all(_opened(tmp_path))] == [b"1", b"2"]


_WRITER = """
import sys
from pathlib import Path
from vedette.abc import Chunk
from vedette.store.intake_log import IntakeLog
log = IntakeLog(Path(sys.argv[1]), segment_bytes=3000)
for n in range(log.end, 10**6):
    log.append([Chunk("a", b"%d" % n * 20)])
    print(n, flush=True)
"""


def test_what_was_acknowledged_outlasts_a_kill(tmp_path: Path) -> None:
    rng = random.Random(3)
    told = -1
    for _ in range(6):
        with subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(rng.randrange(1, 60)):
                told = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
    log = _opened(tmp_path, segment_bytes=3000)
    assert log.end > told
    assert [c.data for c in _all(log)] == [b"%d" % n * 20 for n in range(log.end)]


def test_positions_of_files_that_are_gone_for_long_are_let_go_and_no_others(tmp_path: Path) -> None:
    watched = tmp_path / "watched"
    watched.mkdir()
    (watched / "there").touch()
    gone, there = str(watched / "gone"), str(watched / "there")
    away, topic, fresh = str(tmp_path / "unmounted" / "file"), "kafka topic 0", str(watched / "fresh")
    long_ago = datetime.now(UTC) - GONE_AFTER - timedelta(days=1)
    log = IntakeLog(tmp_path / "log", segment_bytes=1)
    for name in (gone, there, away, topic):
        log.append([Chunk(name, b"x", position="7")], long_ago)
    log.append([Chunk(fresh, b"x", position="8")])
    log.let_go(4)
    assert log.positions == {there: "7", away: "7", topic: "7", fresh: "8"}
    assert log.gone == 1
    log.close()
    again = IntakeLog(tmp_path / "log", segment_bytes=1)
    assert again.positions == log.positions
    again.append([Chunk(there, b"x", position="9"), Chunk("", b"")])
    (watched / "there").unlink()
    again.let_go(again.end)
    assert again.positions[there] == "9", "heard of just now"
    again.close()


def test_positions_of_before_count_from_now_on(tmp_path: Path) -> None:
    """A file without the times, as an older version left it, lets go of nothing."""
    folder = tmp_path / "log"
    folder.mkdir()
    name = str(tmp_path / "gone")
    (folder / "positions.json").write_text(json.dumps({name: "7"}))
    log = IntakeLog(folder, segment_bytes=1)
    log.append([Chunk("a", b"x")])
    log.append([Chunk("a", b"x")])
    log.let_go(1)
    assert (log.positions, log.gone) == ({name: "7"}, 0)
    log.close()


def test_after_a_turn_the_next_record_begins_a_segment(tmp_path: Path) -> None:
    log = IntakeLog(tmp_path)
    log.turn_over()
    log.append([Chunk("a", b"x")])
    log.turn_over()
    log.append([Chunk("a", b"y")])
    log.append([Chunk("a", b"z")])
    log.let_go(1)
    assert (log.begin, [r.chunk.data for r in log.read(1)]) == (1, [b"y", b"z"])
    log.close()
