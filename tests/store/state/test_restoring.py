from __future__ import annotations

import json
import random
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from vedette.errors import StoreError
from vedette.model import Entity, EntityKind, Plan
from vedette.store.state.backup import JOURNAL, MANIFEST, member
from vedette.store.state.connect import Database, file_url
from vedette.store.state.migrate import migrate
from vedette.store.state.migrations import HEAD
from vedette.store.state.state import State
from vedette.store.state.stored import FindingFilter, IncidentFilter, StoredToken
from vedette.store.state.tables import METADATA
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident
from vedette.testing.made import NOON, finding

LINES = b'{"n":0}\n{"n":1}\n'


def fill(state: State) -> None:
    """Store something of every kind, with signs that databases are bad at."""
    odd = 'tab\t "quote" \\ \x00 😀 \ud800 \u2028'
    one = finding("10.0.0.1", "user:bob", "T1110", uid="f1", title=odd, score=0.1 + 0.2)
    plan = Plan("block_address", Entity(EntityKind.ADDRESS, "10.0.0.1"), ("nft",))
    incident = replace(some_incident("i1"), findings=(one,), title=odd)
    work = Work((1 << 40) + 1, [one], {"f1": [{"time": NOON, "x": odd}]}, ["f1"], incidents=[incident])
    state.commit(replace(work, plans={"i1": [plan]}))
    state.commit(Work(1 << 41, [finding("10.0.0.3", "10.0.0.4", "T1046", uid="f2")], withdrawn=["f2"]))
    state.verdict("i1", "benign", "ann", odd)
    state.status("i1", "closed", "ann")
    state.add_token(StoredToken("t", "ann", "admin", "$argon2", NOON, NOON + timedelta(days=1)))
    state.move("siem", 3)
    state.failed("chat", "refused", NOON)
    state.set_value("k", "v")


def rows(state: State) -> dict[str, list[tuple[object, ...]]]:
    with state.database.read() as connection:
        tables = METADATA.sorted_tables
        return {
            t.name: [tuple(r) for r in connection.execute(select(t).order_by(*t.primary_key.columns))] for t in tables
        }


@pytest.fixture
def backup(tmp_path: Path, state: State) -> Path:
    """Make a backup of a store of each kind in turn."""
    fill(state)
    journal = tmp_path / "old" / "journal.jsonl"
    journal.parent.mkdir()
    journal.write_bytes(LINES)
    state.backup(tmp_path / "b.zip", journal)
    return tmp_path / "b.zip"


def test_a_backup_of_either_kind_goes_into_either_kind(state: State, backup: Path, new_url: Callable[[], str]) -> None:
    to = new_url()
    assert State.restore(backup, to) == []
    restored = State.open(to, create=False)
    assert rows(restored) == rows(state)
    assert restored.position() == 1 << 41
    found = restored.incident("i1")
    assert found == state.incident("i1")
    fresh = some_incident("i2", actor="10.7.7.7")
    restored.commit(Work(1, incidents=[fresh]))
    restored.verdict("i2", "benign", "bob", "")
    restored.note("bob", "looked")
    assert len(restored.incidents(IncidentFilter()).items) == 2, "numbers go on after those that were put back"
    restored.close()


def test_a_store_with_content_is_not_overwritten(backup: Path, url: str) -> None:
    other = State.open(url)
    other.commit(Work(1, incidents=[some_incident("mine")]))
    other.close()
    with pytest.raises(StoreError, match="there is something") as error:
        State.restore(backup, url)
    assert "--force" in error.value.hint
    kept = State.open(url, create=False)
    assert kept.incident("mine") is not None
    kept.close()
    moved = State.restore(backup, url, force=True)
    restored = State.open(url, create=False)
    assert restored.incident("mine") is None
    assert restored.incident("i1") is not None
    restored.close()
    if url.startswith("sqlite"):
        (aside,) = moved
        old = State.open(file_url(aside), create=False)
        assert old.incident("mine") is not None, "the file before is moved aside, whole"
        old.close()


def test_an_empty_store_gives_way(backup: Path, url: str) -> None:
    State.open(url).close()
    State.restore(backup, url)
    restored = State.open(url, create=False)
    assert restored.incident("i1") is not None
    restored.close()


@pytest.mark.parametrize("force", [False, True])
def test_a_store_in_use_is_left_alone(backup: Path, url: str, force: bool) -> None:
    using = State.open(url)
    using.position()
    with pytest.raises(StoreError, match="somebody uses the store"):
        State.restore(backup, url, force=force)
    assert using.position() == 0
    using.close()


def test_a_damaged_store_gives_way_when_told_to(backup: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.sqlite"
    path.write_bytes(b"nothing of a database" * 500)
    with pytest.raises(StoreError, match="not a database"):
        State.restore(backup, file_url(path))
    (aside,) = State.restore(backup, file_url(path), force=True)
    assert aside.read_bytes().startswith(b"nothing")
    State.open(file_url(path), create=False).close()


def damaged(backup: Path, to: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(backup) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    with zipfile.ZipFile(to, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return to


def flip(parts: dict[str, bytes]) -> None:
    name = member("vedette_findings")
    parts[name] = parts[name].replace(b"f1", b"f9", 1)


def drop(parts: dict[str, bytes]) -> None:
    del parts[member("vedette_findings")]


def cut(parts: dict[str, bytes]) -> None:
    name = member("vedette_findings")
    parts[name] = parts[name][:-10]


def grow(parts: dict[str, bytes]) -> None:
    parts[JOURNAL] += b"{}\n"


def no_manifest(parts: dict[str, bytes]) -> None:
    del parts[MANIFEST]


def odd_manifest(parts: dict[str, bytes]) -> None:
    parts[MANIFEST] = b'{"format": 1}'


def signed(parts: dict[str, bytes], name: str, data: bytes) -> None:
    """Change a table and its checksum too."""
    import hashlib  # noqa: PLC0415

    manifest = json.loads(parts[MANIFEST])
    manifest["tables"][name] = {"lines": 1, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    parts[member(name)], parts[MANIFEST] = data, json.dumps(manifest).encode()


def other_columns(parts: dict[str, bytes]) -> None:
    signed(parts, "vedette_values", b'["key","evil"]\n["a","b"]\n')


def short_row(parts: dict[str, bytes]) -> None:
    signed(parts, "vedette_values", b'["key","value"]\n["a"]\n')


def no_rows(parts: dict[str, bytes]) -> None:
    signed(parts, "vedette_values", b'["key","value"]\nno json\n')


def other_table(parts: dict[str, bytes]) -> None:
    signed(parts, "vedette_evil", b'["key"]\n["a"]\n')


def wrong_type(parts: dict[str, bytes]) -> None:
    signed(parts, "vedette_values", b'["key","value"]\n[null,{"a":1}]\n')


@pytest.mark.parametrize(
    "change",
    [flip, drop, cut, grow, no_manifest, odd_manifest, other_columns, short_row, no_rows, other_table, wrong_type],
)
def test_a_damaged_backup_is_told_and_changes_nothing(
    backup: Path, url: str, tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    before = State.open(url)
    before.commit(Work(1, incidents=[some_incident("mine")]))
    before.close()
    bad = damaged(backup, tmp_path / "bad.zip", change)
    with pytest.raises(StoreError):
        State.restore(bad, url, force=True)
    after = State.open(url, create=False)
    assert [i.incident.uid for i in after.incidents(IncidentFilter()).items] == ["mine"]
    after.close()
    if url.startswith("sqlite"):
        assert sorted(p.name for p in Path(url.removeprefix("sqlite:///")).parent.iterdir()) == ["state.sqlite"]


def test_no_flipped_byte_goes_unnoticed_or_ends_in_a_traceback(backup: Path, tmp_path: Path) -> None:
    data = bytearray(backup.read_bytes())
    chance = random.Random(7)
    to = file_url(tmp_path / "to.sqlite")
    for _ in range(150):
        at = chance.randrange(len(data))
        bad = bytearray(data)
        bad[at] ^= 1 << chance.randrange(8)
        (tmp_path / "bad.zip").write_bytes(bad[: chance.choice([len(bad), at + 1])])
        try:
            State.restore(tmp_path / "bad.zip", to, force=True)
        except StoreError:
            assert not (tmp_path / "to.sqlite").exists()
            continue
        state = State.open(to, create=False)  # a byte that means nothing: a time of a file
        found = state.incident("i1")
        state.close()
        assert found is not None
        shutil.os.unlink(tmp_path / "to.sqlite")  # type: ignore[attr-defined]


@pytest.mark.parametrize(("key", "value", "said"), [("format", 2, "format 2"), ("form", "9999", "form '9999'")])
def test_a_newer_backup_is_told(backup: Path, url: str, tmp_path: Path, key: str, value: object, said: str) -> None:
    def renew(parts: dict[str, bytes]) -> None:
        manifest = {**json.loads(parts[MANIFEST]), key: value}
        parts[MANIFEST] = json.dumps(manifest).encode()

    newer = damaged(backup, tmp_path / "newer.zip", renew)
    with pytest.raises(StoreError, match=said):
        State.restore(newer, url)


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all" * 100])
def test_what_is_no_backup_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        State.restore(tmp_path / "x.zip", file_url(tmp_path / "x.sqlite"))
    with pytest.raises(StoreError, match="No such file"):
        State.restore(tmp_path / "absent.zip", file_url(tmp_path / "x.sqlite"))


def test_a_backup_of_an_older_form_is_taken_to_the_newest(new_url: Callable[[], str], tmp_path: Path) -> None:
    database = Database(new_url())
    migrate(database, "0001")
    old = State(database)
    with database.write() as connection:
        connection.execute(text("UPDATE vedette_clock SET position = 42"))
    assert old.backup(tmp_path / "old.zip").form == "0001"
    old.close()
    to = new_url()
    State.restore(tmp_path / "old.zip", to)
    restored = State.open(to, create=False)
    assert restored.position() == 42
    with restored.database.read() as connection:
        assert connection.execute(text("SELECT version_num FROM vedette_version")).scalar() == HEAD
    restored.close()


def test_a_full_disk_is_told_and_leaves_what_was_there(
    new_file_url: Callable[[], str], small_disk: Path, tmp_path: Path
) -> None:
    big = State.open(new_file_url())
    for n in range(40):
        big.set_value(f"v{n}", "x" * 100_000)
    big.backup(tmp_path / "big.zip")
    big.close()
    url = file_url(small_disk / "state.sqlite")
    mine = State.open(url)
    mine.commit(Work(1, incidents=[some_incident("mine")]))
    mine.close()
    with pytest.raises(StoreError, match="full"):
        State.restore(tmp_path / "big.zip", url, force=True)
    assert [p.name for p in small_disk.iterdir()] == ["state.sqlite"]
    again = State.open(url)
    assert again.incident("mine") is not None
    again.close()


@pytest.mark.parametrize(
    ("there", "force", "after", "moved"),
    [
        (None, False, LINES, 0),
        (LINES, False, LINES, 0),
        (LINES + b'{"n":2}\n', False, LINES + b'{"n":2}\n', 0),
        (LINES[:8], False, LINES, 1),
        (b"", False, LINES, 1),
        (b'{"n":7}\n', True, LINES, 1),
        (LINES[:8] + b'{"n":8}\n' * 9, True, LINES, 1),
    ],
    ids=["none", "same", "went on", "shorter", "empty", "another", "another from the second line"],
)
def test_the_journal_is_put_back_unless_it_goes_on_from_the_backup(
    backup: Path,
    tmp_path: Path,
    there: bytes | None,
    force: bool,
    after: bytes,
    moved: int,
) -> None:
    journal = tmp_path / "response" / "journal.jsonl"
    journal.parent.mkdir()
    if there is not None:
        journal.write_bytes(there)
    to = file_url(tmp_path / "to.sqlite")
    if force:
        with pytest.raises(StoreError, match="tells of other things"):
            State.restore(backup, to, journal=journal)
        assert not (tmp_path / "to.sqlite").exists(), "it is looked at before anything is changed"
    aside = State.restore(backup, to, journal=journal, force=force)
    assert journal.read_bytes() == after
    assert [p.read_bytes() for p in aside] == [there][:moved]
    if aside or there is None:
        assert journal.stat().st_mode & 0o777 == 0o600


def test_findings_are_read_as_before(state: State, backup: Path, new_file_url: Callable[[], str]) -> None:
    to = new_file_url()
    State.restore(backup, to)
    restored = State.open(to)
    for wanted in (FindingFilter(), FindingFilter(state="withdrawn"), FindingFilter(technique="T1110")):
        assert restored.findings(wanted) == state.findings(wanted)
    assert restored.finding("f1") == state.finding("f1")
    assert restored.entities() == state.entities()
    restored.close()
