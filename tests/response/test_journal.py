from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.errors import JournalError
from vedette.response.journal import FILE, FIRST, NOWHERE, Entry, Journal

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def _written(folder: Path, lines: int = 3) -> Journal:
    journal = Journal(folder)
    for n in range(lines):
        journal.write("proposed", {"n": n, "name": "é\n\x00"}, NOW)
    return journal


def test_what_is_written_is_read(tmp_path: Path) -> None:
    journal = _written(tmp_path / "new")
    assert [(e.number, e.kind, e.data["n"], e.time) for e in journal.read()] == [
        (n, "proposed", n, NOW) for n in range(3)
    ]
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700


def test_no_journal_is_no_lines(tmp_path: Path) -> None:
    assert list(Journal(tmp_path / "none").read()) == []


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: [lines[0].replace(b'"n":0', b'"n":7', 1), *lines[1:]], 1),
        (lambda lines: [lines[0].replace(b"proposed", b"approved"), *lines[1:]], 1),
        (lambda lines: [lines[0], lines[2]], 2),
        (lambda lines: [lines[1], lines[0], lines[2]], 1),
        (lambda lines: [lines[0], lines[0], *lines[1:]], 2),
        (lambda lines: [*lines, b"{}\n"], 4),
        (lambda lines: [*lines, b"\xff\n"], 4),
    ],
)
def test_what_was_changed_is_found_with_its_line(tmp_path: Path, change: object, line: int) -> None:
    journal = _written(tmp_path)
    changed = change(journal.path.read_bytes().splitlines(keepends=True))  # type: ignore[operator]
    journal.path.write_bytes(b"".join(changed))
    with pytest.raises(JournalError) as caught:
        list(journal.read())
    assert caught.value.where.endswith(f":{line}")
    with pytest.raises(JournalError):
        journal.write("approved", {}, NOW)


@settings(max_examples=30)
@given(cut=st.integers(1, 60))
def test_half_a_line_at_the_end_was_never_written(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    journal = _written(tmp_path_factory.mktemp("journal"))
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole[:-cut])
    assert [e.number for e in journal.read()] == [0, 1]
    assert journal.write("rejected", {}, NOW).number == 2
    assert [e.kind for e in journal.read()] == ["proposed", "proposed", "rejected"]


def test_a_line_longer_than_any_is_damage_and_is_not_written(tmp_path: Path) -> None:
    journal = _written(tmp_path, 1)
    with pytest.raises(JournalError, match="too many"):
        journal.write("proposed", {"text": "x" * (1 << 20)}, NOW)
    with journal.path.open("ab") as file:
        file.write(b"x" * (1 << 20) + b"yy")
    with pytest.raises(JournalError, match="longer"):
        list(journal.read())


def test_a_full_disk_is_said_and_leaves_the_journal_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = _written(tmp_path, 2)
    before = journal.path.read_bytes()
    written = os.write
    monkeypatch.setattr(os, "write", lambda file, data: written(file, data[:20]))
    with pytest.raises(JournalError, match="No space"):
        journal.write("approved", {}, NOW)
    monkeypatch.undo()
    assert journal.path.read_bytes() == before
    assert journal.write("approved", {}, NOW).number == 2


def test_the_chain_begins_with_nothing(tmp_path: Path) -> None:
    _written(tmp_path, 1)
    assert f'"before":"{FIRST}"' in (tmp_path / FILE).read_text()


def test_only_what_is_new_is_read(tmp_path: Path) -> None:
    journal = _written(tmp_path)
    first, place, anew = journal.since(NOWHERE)
    assert ([e.number for e in first], anew) == ([0, 1, 2], True)
    assert journal.since(place)[0] == []
    Journal(tmp_path).write("approved", {}, NOW)
    with journal.path.open("ab") as file:
        file.write(b'{"half of a li')
    second, place, anew = journal.since(place)
    assert ([e.number for e in second], anew) == ([3], False)
    again, place, anew = journal.since(place)
    assert (again, anew) == ([], False)
    assert journal.write("rejected", {}, NOW).number == 4
    assert [e.number for e in journal.since(place)[0]] == [4]


def test_a_journal_that_was_changed_or_is_another_is_read_whole(tmp_path: Path) -> None:
    journal = _written(tmp_path / "one")
    _, place, _ = journal.since(NOWHERE)
    data = journal.path.read_bytes()
    journal.path.write_bytes(data.replace(b"proposed", b"approved", 1))
    with pytest.raises(JournalError):
        journal.since(place)
    journal.path.write_bytes(data[: data.index(b"\n") + 1])
    assert [len(journal.since(place)[0]), journal.since(place)[2]] == [1, True]
    other = _written(tmp_path / "other", 4)
    other.path.rename(journal.path)
    assert [len(journal.since(place)[0]), journal.since(place)[2]] == [4, True]
    journal.path.unlink()
    assert journal.since(place) == ([], NOWHERE, True)


def test_time_to_write_does_not_grow_with_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = _written(tmp_path, 200)
    read: list[bytes] = []
    checked = Journal._checked

    def counted(self: Journal, line: bytes, number: int, before: str) -> Entry:
        read.append(line)
        return checked(self, line, number, before)

    monkeypatch.setattr(Journal, "_checked", counted)
    journal.write("proposed", {}, NOW)
    journal.write("proposed", {}, NOW)
    assert read == []
