"""Following of files, from patterns to chunks; what one file and one path do stands in ``tail/``."""

from __future__ import annotations

import asyncio
import gzip
import os
import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from vedette.abc import Source
from vedette.errors import TransportError
from vedette.plugins import discover
from vedette.testing.transports import FakeInlet
from vedette.transports import tail
from vedette.transports.tail import Files, Tail, TailSettings


class Clock:
    """Seconds that go on when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def files(path: str | tuple[str, ...], inlet: FakeInlet, begin: str = "start") -> tuple[Files, Clock]:
    clock = Clock()
    settings = TailSettings.model_validate({"path": path, "begin": begin})
    return Files(settings, inlet.positions, clock), clock


def rounds(found: Files, clock: Clock, inlet: FakeInlet, times: int = 3) -> bytes:
    before = len(inlet.data)
    for _ in range(times):
        clock.now += 0.6
        while chunks := found.round():
            for chunk in chunks:
                assert inlet.offer(chunk)
    return inlet.data[before:]


def test_files_of_a_pattern_are_followed_and_new_ones_found(tmp_path: Path) -> None:
    inlet = FakeInlet()
    (tmp_path / "a.log").write_bytes(b"1\n")
    (tmp_path / "b.txt").write_bytes(b"no\n")
    found, clock = files(f"{tmp_path}/*.log", inlet)
    assert rounds(found, clock, inlet) == b"1\n"
    (tmp_path / "c.log").write_bytes(b"2\n")
    assert rounds(found, clock, inlet) == b"2\n"
    assert {c.input for c in inlet.chunks} == {f"{tmp_path}/a.log", f"{tmp_path}/c.log"}
    assert {c.filename for c in inlet.chunks} == {"a.log", "c.log"}


def test_what_rotation_makes_of_a_file_is_not_read_as_another(tmp_path: Path) -> None:
    inlet = FakeInlet()
    log = tmp_path / "app.log"
    log.write_bytes(b"1\n")
    found, clock = files(f"{tmp_path}/app*", inlet)
    assert rounds(found, clock, inlet) == b"1\n"
    log.rename(tmp_path / "app.log.1")
    log.write_bytes(b"2\n")
    assert rounds(found, clock, inlet) == b"2\n"
    with gzip.open(tmp_path / "app.log.2.gz", "wb") as packed:
        packed.write(b"0\n")
    clock.now += 100  # the old one is let go
    assert rounds(found, clock, inlet, 8) == b""
    log.write_bytes(b"2\n3\n")
    assert rounds(found, clock, inlet, 8) == b"3\n"
    found.close()
    found, clock = files(f"{tmp_path}/app*", inlet)
    assert rounds(found, clock, inlet) == b""
    assert {c.input for c in inlet.chunks} == {str(log)}


def test_a_copy_that_rotation_makes_is_not_read_as_another(tmp_path: Path) -> None:
    inlet = FakeInlet()
    log, copy = tmp_path / "app.log", tmp_path / "app.log.1"
    log.write_bytes(b"1\n2\n")
    found, clock = files(f"{tmp_path}/app*", inlet)
    assert rounds(found, clock, inlet) == b"1\n2\n"
    with log.open("ab") as file:
        file.write(b"unread\n")
    copy.write_bytes(b"1\n")  # it is still being made
    assert rounds(found, clock, inlet) == b"unread\n"
    copy.write_bytes(log.read_bytes() + b"written before it was emptied\n")
    os.truncate(log, 0)
    assert rounds(found, clock, inlet) == b"written before it was emptied\n"
    with log.open("ab") as file:
        file.write(b"new\n")
    assert rounds(found, clock, inlet, 8) == b"new\n"
    clock.now += 100
    assert rounds(found, clock, inlet, 8) == b""
    assert {c.input for c in inlet.chunks} == {str(log)}


@pytest.mark.parametrize("name", ["app.log.1", "app2.log", "app-20261123.log", "other.log"])
def test_a_file_that_begins_alike_and_goes_on_otherwise_is_one_of_its_own(tmp_path: Path, name: str) -> None:
    inlet = FakeInlet()
    banner = b"=" * 2000 + b"\n"
    (tmp_path / "app.log").write_bytes(banner + b"one\n")
    found, clock = files(f"{tmp_path}/*", inlet)
    assert rounds(found, clock, inlet) == banner + b"one\n"
    (tmp_path / name).write_bytes(banner + b"two and more\n")
    assert rounds(found, clock, inlet) == banner + b"two and more\n"


LOGROTATE = """
{folder}/copied.log {{
 copytruncate
 rotate 9
}}
{folder}/moved.log {{
 create
 rotate 9
}}
{folder}/packed.log {{
 create
 rotate 9
 compress
}}
"""


@pytest.mark.slow
def test_logrotate_itself_loses_nothing_and_gives_nothing_twice(tmp_path: Path) -> None:
    program = shutil.which("logrotate")
    if not program:
        pytest.skip("logrotate is not installed")
    folder = tmp_path / "log"
    folder.mkdir(mode=0o755)
    (tmp_path / "conf").write_text(LOGROTATE.format(folder=folder))
    (tmp_path / "conf").chmod(0o644)
    rotate = [program, "-f", "-s", str(tmp_path / "state"), str(tmp_path / "conf")]
    inlet = FakeInlet()

    async def play() -> None:
        nonlocal inlet
        for turn in range(3):  # a run each, with rotation in the run and after it
            again = FakeInlet(inlet.positions)
            again.chunks, inlet = inlet.chunks, again
            transport = Tail(TailSettings(path=f"{folder}/*", begin="start", poll_seconds=0.05))
            task = asyncio.create_task(transport.run(inlet))
            for number in range(30):
                for name in ("copied", "moved", "packed"):
                    with (folder / f"{name}.log").open("ab") as file:
                        file.writelines(b"%s %d %d %d\n" % (name.encode(), turn, number, i) for i in range(20))
                await asyncio.sleep(0.05)
                if number % 10 == 5:
                    await (await asyncio.create_subprocess_exec(*rotate)).wait()
            await asyncio.sleep(1.5)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            if turn == 1:
                with (folder / "moved.log").open("ab") as file:
                    file.write(b"moved while it was stopped\n")
                await (await asyncio.create_subprocess_exec(*rotate)).wait()

    asyncio.run(play())
    assert len(inlet.lines) == len(set(inlet.lines)) == 3 * 3 * 30 * 20 + 1
    assert {c.input for c in inlet.chunks} == {f"{folder}/{name}.log" for name in ("copied", "moved", "packed")}
    ((_, said),) = (
        inlet.said
    )  # rotated and packed at once while nobody read it: nobody knows whether something came before
    assert said.startswith(f"{folder}/packed.log: what lay there before is gone")


def test_two_names_of_one_file_are_one(tmp_path: Path) -> None:
    inlet = FakeInlet()
    (tmp_path / "a.log").write_bytes(b"1\n")
    (tmp_path / "b.log").symlink_to(tmp_path / "a.log")
    found, clock = files(f"{tmp_path}/*.log", inlet)
    assert rounds(found, clock, inlet) == b"1\n"


def test_a_link_that_is_moved_on_is_a_new_file(tmp_path: Path) -> None:
    inlet = FakeInlet()
    (tmp_path / "one").write_bytes(b"1\n")
    (tmp_path / "two").write_bytes(b"2\n")
    link = tmp_path / "now.log"
    link.symlink_to(tmp_path / "one")
    found, clock = files(str(link), inlet)
    assert rounds(found, clock, inlet) == b"1\n"
    link.unlink()
    link.symlink_to(tmp_path / "two")
    assert rounds(found, clock, inlet) == b"2\n"


def test_a_link_that_a_sender_planted_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may write the folder, but not read what the link leads to."""
    inlet, link = FakeInlet(), tmp_path / "b.log"
    (tmp_path / "a.log").write_bytes(b"1\n")
    link.symlink_to("/etc/passwd")
    if os.geteuid() == 0:
        os.lchown(link, 4242, -1)
    else:
        monkeypatch.setattr("os.geteuid", lambda: 4242)
    found, clock = files(f"{tmp_path}/*.log", inlet)
    assert rounds(found, clock, inlet) == b"1\n"


def test_a_line_too_long_is_counted(tmp_path: Path) -> None:
    inlet = FakeInlet()
    (tmp_path / "a.log").write_bytes(b"x" * (3 << 20) + b"\nnext\n")
    found, clock = files(f"{tmp_path}/a.log", inlet)
    assert [len(x) for x in rounds(found, clock, inlet).splitlines()] == [1 << 20, 4]
    assert found.cut == 1


def test_many_files_cost_few_descriptors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "MOST_OPEN", 20)
    inlet = FakeInlet()
    for number in range(300):
        (tmp_path / f"{number}.log").write_bytes(b"%d\n" % number)
    found, clock = files(f"{tmp_path}/*.log", inlet)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names alone
    assert len(rounds(found, clock, inlet).splitlines()) == 300
    clock.now += 2
    found.round()
    assert len(os.listdir("/proc/self/fd")) <= before + 20  # noqa: PTH208
    for number in range(300):
        with (tmp_path / f"{number}.log").open("ab") as file:
            file.write(b"again %d\n" % number)
    assert len(rounds(found, clock, inlet).splitlines()) == 300
    found.close()
    assert len(os.listdir("/proc/self/fd")) <= before  # noqa: PTH208


def test_of_too_many_files_the_others_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "MOST_FILES", 3)
    inlet = FakeInlet()
    for number in range(5):
        (tmp_path / f"{number}.log").write_bytes(b"%d\n" % number)
    found, clock = files(f"{tmp_path}/*.log", inlet)
    assert rounds(found, clock, inlet) == b"0\n1\n2\n"
    assert found.words() == ["more than 3 files: the others are not followed"]
    assert found.words() == []


def test_a_busy_file_does_not_keep_the_others_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "ROUND_BYTES", 1 << 20)
    inlet = FakeInlet()
    for name in "abc":
        (tmp_path / f"{name}.log").write_bytes(b"x" * 99 + b"\n")
        with (tmp_path / f"{name}.log").open("ab") as file:
            file.write((b"y" * 99 + b"\n") * 40_000)
    found, _ = files(f"{tmp_path}/*.log", inlet)
    order = [c.input[-5] for _ in range(9) for c in found.round()]
    assert set(order[:6]) == {"a", "b", "c"}


def test_a_capture_is_told_of_once(tmp_path: Path) -> None:
    inlet = FakeInlet()
    (tmp_path / "a.pcap").write_bytes(discover(Source)["pcap"].example().data)
    found, clock = files(f"{tmp_path}/*", inlet)
    assert rounds(found, clock, inlet) == b""
    (text,) = found.words()
    assert 'transport = "directory"' in text
    assert rounds(found, clock, inlet, 8) == b""
    assert found.words() == []


def test_it_runs_from_the_end_of_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"old\n")
    inlet = FakeInlet()

    async def play() -> None:
        task = asyncio.create_task(Tail(TailSettings(path=str(path), poll_seconds=0.01)).run(inlet))
        await asyncio.sleep(0.1)
        with path.open("ab") as file:
            file.write(b"new\nnot who")
        await inlet.until(1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(play())
    assert inlet.data == b"new\n"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(TransportError, match="is a folder") as error:
        asyncio.run(Tail(TailSettings(path=str(tmp_path))).run(FakeInlet()))
    assert f"{tmp_path}/*" in error.value.hint


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"path": "a.log"}, "from / on"),
        ({"path": ()}, "from / on"),
        ({"path": ("/a", "b")}, "'b'"),
        ({"path": "/a", "source": "nothing"}, "no such source"),
        ({"path": "/a", "begin": "middle"}, "'end' or 'start'"),
    ],
)
def test_bad_settings_are_told(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        TailSettings.model_validate(settings)
