from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import subprocess
import sys
import tarfile
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.app.intake import Input, Limits, open_inputs
from vedette.events.schema import EventClass
from vedette.sources.authlog import AuthLog
from vedette.sources.netflow import NetFlow

AUTH, FLOWS = AuthLog.example(), NetFlow.example()
LINE = b"Mar  5 08:14:55 mail sshd[845]: Failed password for root from 203.0.113.9 port 41002 ssh2\n"


def taken(*paths: Path | str, limits: Limits | None = None) -> dict[str, str]:
    """Return name -> source, or the word why it was skipped."""
    return {
        Path(e.name).name: e.source.name if e.source else e.skipped
        for e in open_inputs([str(p) for p in paths], limits)
    }


def read(path: Path, limits: Limits | None = None) -> list[Input]:
    """Read every input to its end."""
    found = []
    for entry in open_inputs([str(path)], limits):
        for _ in entry.batches():
            pass
        found.append(entry)
    return found


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 5, 10, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1_770_000_000
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def test_a_folder_is_read_in_order_and_every_entry_is_accounted_for(tmp_path: Path) -> None:
    (tmp_path / "b.log").write_bytes(AUTH.data)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "flows").write_bytes(FLOWS.data)
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "c").symlink_to(tmp_path / "b.log")
    (tmp_path / "d").symlink_to(tmp_path / "gone")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "picture").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (tmp_path / ".hidden").write_bytes(AUTH.data)
    os.mkfifo(tmp_path / "pipe")
    assert list(taken(tmp_path).items()) == [
        (".hidden", "hidden"),
        ("flows", "netflow"),
        ("loop", "folder was read already (a link in a circle?)"),
        ("b.log", "authlog"),
        ("c", f"the same file as {tmp_path}/b.log"),
        ("d", "link to nothing"),
        ("empty", "empty"),
        ("picture", "no source reads this format: image"),
        ("pipe", "named pipe"),
    ]


def test_what_is_not_there_gets_a_word(tmp_path: Path) -> None:
    assert taken(tmp_path / "no.log", f"{tmp_path}/*.log", "\0bad", "/dev/null") == {
        "no.log": "no such file",
        "*.log": "nothing matches",
        "\\x00bad": "cannot be read: embedded null byte",
        "null": "device",
    }


def test_globs_are_expanded_and_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(AUTH.data)
    entries = list(open_inputs([f"{tmp_path}/*.log", f"{tmp_path}/a.log"]))
    assert [e.skipped for e in entries] == ["", f"the same file as {tmp_path}/a.log"]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard.ZstdCompressor().compress])
def test_compression_is_told_by_content_and_several_members_are_one_file(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    (tmp_path / "auth.log").write_bytes(pack(LINE) + pack(LINE))
    (entry,) = read(tmp_path)
    assert entry.source is AuthLog
    assert (entry.account.records, entry.account.bytes_read) == (2, 2 * len(LINE))


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard.ZstdCompressor().compress])
def test_records_before_the_cut_stay(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    lines = b"".join(LINE.replace(b"845", str(n * 7919 % 100_000).encode()) for n in range(100_000))
    packed = pack(lines)
    (tmp_path / "auth.log.x").write_bytes(packed[: len(packed) * 4 // 5])
    (entry,) = read(tmp_path)
    assert entry.account.error == "compressed data end early"
    assert entry.account.rows[EventClass.AUTHENTICATION] > 1000


def test_members_have_their_own_names_and_times(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(zipped({"log/auth.log": AUTH.data, "pics/": b"", "note.txt": b"hello\n"}))
    (tmp_path / "y.tgz").write_bytes(tarred({"flows.csv": FLOWS.data, "n" * 200: AUTH.data}, "w:gz"))
    entries = {e.name.removeprefix(f"{tmp_path}/"): e for e in open_inputs([str(tmp_path)])}
    assert list(entries) == ["x.zip!log/auth.log", "x.zip!note.txt", "y.tgz!flows.csv", "y.tgz!" + "n" * 200]
    assert entries["x.zip!log/auth.log"].modified == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert entries["y.tgz!flows.csv"].modified == datetime.fromtimestamp(1_770_000_000, UTC)
    assert entries["x.zip!note.txt"].skipped == "no source reads this format: text of unknown format"


@pytest.mark.parametrize("outer", [zipped, tarred])
@pytest.mark.parametrize("inner", [zipped, tarred])
def test_an_archive_in_an_archive_is_read_and_a_third_level_is_not(
    tmp_path: Path, outer: object, inner: object
) -> None:
    assert callable(outer)
    assert callable(inner)
    (tmp_path / "o").write_bytes(
        outer({"i": inner({"auth.log": gzip.compress(AUTH.data), "deep": zipped({"x": AUTH.data})})})
    )
    assert taken(tmp_path) == {"o!i!auth.log": "authlog", "o!i!deep": "an archive 3 levels deep"}


def test_a_member_is_readable_when_its_turn_comes(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tarred({"1": AUTH.data, "2": FLOWS.data, "3": AUTH.data}))
    assert [sum(e.account.rows.values()) for e in read(tmp_path)] == [7, 4, 7]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(max_member_bytes=5_000), "unpacks to more than 5,000 bytes"),
        (Limits(max_total_bytes=5_000), "unpacks to more than 5,000 bytes"),
    ],
)
def test_a_bomb_is_named_and_the_rest_goes_on(tmp_path: Path, limits: Limits, words: str) -> None:
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(LINE * 1_000))
    (tmp_path / "rest").write_bytes(AUTH.data)
    bomb, rest = read(tmp_path, limits)
    assert bomb.skipped == words
    assert rest.account.records == AUTH.records


def test_a_ratio_beyond_the_limit_stops_reading(tmp_path: Path) -> None:
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(LINE + bytes(1 << 27)))
    (bomb,) = read(tmp_path, Limits(max_ratio=100))
    assert bomb.account.error == "unpacks to more than 100 times its size"
    assert bomb.account.rows[EventClass.AUTHENTICATION] == 1


def test_too_many_members_are_one_word_and_the_first_are_read(tmp_path: Path) -> None:
    for name, pack in (("a.tar", tarred), ("b.zip", zipped)):
        (tmp_path / name).write_bytes(pack({str(n): AUTH.data for n in range(5)}))
    entries = read(tmp_path, Limits(max_members=3))
    assert [e.skipped for e in entries] == (["", "", "", "holds more than 3 members"]) * 2


def test_a_zip_in_a_pipe_is_held_in_memory_up_to_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tarred({"in.zip": zipped({"x": AUTH.data})}))
    assert taken(tmp_path) == {"a.tar!in.zip!x": "authlog"}
    assert taken(tmp_path, limits=Limits(max_spool_bytes=50)) == {
        "a.tar!in.zip": "zip of more than 50 bytes inside another archive or a pipe"
    }


def test_documents_are_no_archives(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}))
    assert taken(tmp_path) == {"a.docx": "Office document, no source reads this format"}


def test_names_cannot_steer_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tarred({"x\x1b[2J\n": AUTH.data}))
    assert list(taken(tmp_path)) == ["a.tar!x\\x1b[2J\\n"]


def test_a_pipe_that_was_named_is_read_forward(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(gzip.compress(AUTH.data),))
    writer.start()
    (entry,) = read(pipe)
    writer.join()
    assert (entry.account.records, entry.size_bytes) == (AUTH.records, None)


def test_standard_input_is_read() -> None:
    code = "from vedette.app.intake import open_inputs\nfor e in open_inputs(['-']): print(e.name, e.source.name, len(list(e.batches())))"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], input=zipped({"x": AUTH.data}), capture_output=True, check=True
    )
    assert done.stdout == b"-!x authlog 4\n"


def test_a_file_that_grows_is_read_as_it_was_and_said_so(tmp_path: Path) -> None:
    log = tmp_path / "auth.log"
    log.write_bytes(AUTH.data)
    for entry in open_inputs([str(log)]):
        with log.open("ab") as file:
            file.write(LINE * 1000)
        assert sum(b.records for b in entry.batches()) == AUTH.records
        assert entry.account.notes == ["grew while it was read: read as it was at the start"]


def test_a_plain_file_is_a_real_one(tmp_path: Path) -> None:
    (tmp_path / "auth.log").write_bytes(AUTH.data)
    for entry in open_inputs([str(tmp_path)]):
        assert entry.stream.fileno() > 0
        assert entry.stream.read(3) == b"Mar"
        assert entry.stream.seek(0) == 0
        assert entry.size_bytes == len(AUTH.data)


def test_progress_ends_at_the_total(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(AUTH.data)
    (tmp_path / "b.gz").write_bytes(gzip.compress(LINE * 10_000))
    (tmp_path / "c").write_bytes(bytes(100_000))
    seen: list[tuple[int, int]] = []
    for entry in open_inputs([str(tmp_path)], progress=lambda done, total: seen.append((done, total))):
        list(entry.batches())
    total = sum(p.stat().st_size for p in tmp_path.iterdir())
    assert seen == sorted(seen)
    assert seen[-1] == (total, total)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_archives_raise_nothing(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = data.draw(
        st.sampled_from(
            [
                zipped({"a": AUTH.data, "b": FLOWS.data}),
                tarred({"a": AUTH.data, "n" * 150: FLOWS.data}),
                tarred({"a": AUTH.data}, "w:bz2"),
                zstandard.ZstdCompressor().compress(tarred({"a": AUTH.data})),
                lzma.compress(AUTH.data),
            ]
        )
    )
    damaged = bytearray(whole)
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=8)):
        damaged[at] = byte
    path = tmp_path_factory.mktemp("x") / "damaged"
    path.write_bytes(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))
    assert all(e.source or e.skipped for e in read(path))
