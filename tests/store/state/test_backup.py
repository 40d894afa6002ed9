from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from vedette.errors import StoreError
from vedette.store.state.backup import JOURNAL, MANIFEST, Manifest, member
from vedette.store.state.state import State
from vedette.store.state.tables import METADATA
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident
from vedette.testing.made import NOON


def manifest_of(path: Path) -> Manifest:
    with zipfile.ZipFile(path) as archive:
        return msgspec.json.decode(archive.read(MANIFEST), type=Manifest)


def test_a_backup_holds_every_table_and_says_what_it_holds(state: State, tmp_path: Path) -> None:
    state.commit(Work(5, incidents=[some_incident()]))
    target = tmp_path / "b.zip"
    made = state.backup(target)
    assert manifest_of(target) == made
    assert set(made.tables) == set(METADATA.tables)
    assert {n: p.lines for n, p in made.tables.items() if p.lines} == {
        "vedette_clock": 1,
        "vedette_findings": 1,
        "vedette_incidents": 1,
        "vedette_incident_findings": 1,
        "vedette_entities": 2,
        "vedette_finding_entities": 2,
        "vedette_incident_entities": 2,
        "vedette_finding_techniques": 1,
        "vedette_incident_techniques": 1,
    }
    with zipfile.ZipFile(target) as archive:
        for name, part in made.tables.items():
            data = archive.read(member(name))
            assert (len(data), hashlib.sha256(data).hexdigest()) == (part.size, part.sha256)
            assert data.count(b"\n") == part.lines + 1
    assert made.journal is None


def test_it_is_its_owner_s_alone_and_takes_the_place_of_the_one_before(state: State, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    target.write_text("yesterday's")
    target.chmod(0o644)
    state.backup(target)
    assert target.stat().st_mode & 0o777 == 0o600
    assert [p for p in tmp_path.iterdir() if p.name.startswith(".b.zip")] == []
    assert zipfile.is_zipfile(target)


def test_it_shows_one_moment_although_others_write(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between every two tables somebody commits: the backup shows none of it."""
    state.commit(Work(1, incidents=[some_incident("i0")]))
    from vedette.store.state import backup  # noqa: PLC0415

    table, numbers = backup._table, iter(range(1, 99))

    def disturbed(*arguments: object) -> object:
        part = table(*arguments)  # type: ignore[arg-type]
        number = next(numbers)
        state.commit(Work(1 + number, incidents=[some_incident(f"i{number}", actor=f"10.0.0.{number}")]))
        return part

    monkeypatch.setattr(backup, "_table", disturbed)
    made = state.backup(tmp_path / "b.zip")
    assert made.tables["vedette_incidents"].lines == 1
    assert made.tables["vedette_incident_entities"].lines == 2
    assert made.tables["vedette_entities"].lines == 2
    assert state.position() > 1


@pytest.mark.parametrize(
    ("written", "kept"),
    [(b"", b""), (b'{"n":0}\n{"n":1}\n', b'{"n":0}\n{"n":1}\n'), (b'{"n":0}\n{"half', b'{"n":0}\n'), (b"no end", b"")],
)
def test_the_whole_lines_of_the_journal_are_kept(state: State, tmp_path: Path, written: bytes, kept: bytes) -> None:
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(written)
    made = state.backup(tmp_path / "b.zip", journal)
    assert made.journal is not None
    assert made.journal.lines == kept.count(b"\n")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert archive.read(JOURNAL) == kept


def test_a_journal_that_is_not_there_is_no_error(state: State, tmp_path: Path) -> None:
    assert state.backup(tmp_path / "b.zip", tmp_path / "none").journal is None


def test_a_place_that_is_none_is_told(state: State, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot write the backup"):
        state.backup(tmp_path / "no folder" / "b.zip")


def test_a_full_disk_leaves_the_backup_before(state: State, small_disk: Path) -> None:
    target = small_disk / "b.zip"
    state.backup(target)
    before = target.read_bytes()
    (small_disk / "filler").write_bytes(b"x" * (1_990_000 - len(before)))
    for n in range(40):
        state.set_value(f"v{n}", hashlib.shake_256(str(n).encode()).hexdigest(20_000))
    with pytest.raises(StoreError, match="No space left"):
        state.backup(target)
    assert target.read_bytes() == before
    assert sorted(p.name for p in small_disk.iterdir()) == ["b.zip", "filler"]


def test_the_time_is_that_of_the_clock(new_file_url: Callable[[], str], tmp_path: Path) -> None:
    state = State.open(new_file_url(), clock=lambda: NOON)
    assert state.backup(tmp_path / "b.zip").made == NOON
    state.close()
