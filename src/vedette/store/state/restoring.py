"""Puts a backup back: checked as a whole first, then all of it or nothing.

The tables are made in the form that the backup was written in, filled, and taken to the newest form from there: so a newer Vedette restores
the backup of an older one, and one of SQLite goes into PostgreSQL or back. What was there before is not lost where that can be: the file of
SQLite, and the journal, are moved aside.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO

import msgspec
import orjson
from sqlalchemy import Connection, MetaData, Table, delete, func, insert, make_url, select, text

from vedette.errors import StoreError
from vedette.store.lock import alone
from vedette.store.settle import settle
from vedette.store.state.backup import FORMAT, JOURNAL, MANIFEST, Manifest, Part, member
from vedette.store.state.connect import Database
from vedette.store.state.migrate import upgrade
from vedette.store.state.migrations import HEAD, VERSION_TABLE
from vedette.store.state.tables import CLOCK, PREFIX

LONGEST_LINE = 1 << 24
"""Bytes of one row: more than the longest texts of the store take together."""
_MANIFEST_BYTES = 1 << 20
_PIECE = 1 << 20
_ROWS = 500
_BESIDE = ("", "-wal", "-shm")
"""The files of one SQLite store."""


def restore(source: Path, url: str, *, journal: Path | None = None, force: bool = False) -> list[Path]:
    """Put a backup back; return what was moved aside for it.

    Args:
        source: the backup.
        url: of the store, as for ``State.open``.
        journal: where that of responses lies; one that goes on from the backup's is kept as it is.
        force: also where there is something: it gives way.

    Raises:
        StoreError: the backup is damaged or newer than this program; there is something, or somebody uses it; it cannot be written.
    """
    with _opened(source) as (archive, manifest):
        aside = _Aside()
        keeps = journal is None or manifest.journal is None or _fits(archive, journal, manifest.journal, force=force)
        if url.startswith("sqlite"):
            _into_file(archive, manifest, url, aside, force=force)
        else:
            _into_server(archive, manifest, url, force=force)
        if journal is not None and not keeps:
            _put_journal(archive, journal, aside)
        return aside.moved


class _Aside:
    """Moves files aside, under one name for all."""

    def __init__(self) -> None:
        self.moved: list[Path] = []
        self._mark = f"before-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"

    def move(self, path: Path, ending: str = "") -> None:
        """Move a file, and what lies beside it under the same name with an ending."""
        to = path.with_name(f"{path.name}.{self._mark}{ending}")
        path.with_name(path.name + ending).rename(to)
        self.moved.append(to)


# ---------------------------------------------------------------------------------------------------------- the backup


_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    EOFError,
    ValueError,
    RuntimeError,
    struct.error,
    msgspec.DecodeError,
)
"""What reading a damaged zip file ends with: RuntimeError where it seems to be encrypted, or packed in an unknown way."""


@contextmanager
def _opened(source: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Give a backup that was checked as a whole: every byte is as it was written."""
    try:
        with source.open("rb") as file:
            archive, manifest = _whole(file, source)
            with archive:
                yield archive, manifest
    except (zipfile.BadZipFile, orjson.JSONDecodeError) as error:
        raise _damaged(error, source) from error
    except OSError as error:
        raise StoreError(f"cannot read or write: {error.strerror}", where=str(error.filename or source)) from error


def _whole(file: IO[bytes], source: Path) -> tuple[zipfile.ZipFile, Manifest]:
    try:
        archive = zipfile.ZipFile(file)
        manifest = _manifest(archive, source)
        parts = {member(name): part for name, part in manifest.tables.items()}
        if manifest.journal:
            parts[JOURNAL] = manifest.journal
        for name, part in parts.items():
            _check(archive, name, part)
    except _DAMAGE as error:
        raise _damaged(error, source) from error
    return archive, manifest


def _damaged(error: Exception, source: Path) -> StoreError:
    hint = "take another backup; nothing was changed"
    return StoreError(f"the backup is damaged: {error}", where=str(source), hint=hint)


def _manifest(archive: zipfile.ZipFile, source: Path) -> Manifest:
    with _member(archive, MANIFEST) as file:
        data = file.read(_MANIFEST_BYTES)
    written = msgspec.json.decode(data, type=_Format)
    if written.format > FORMAT:
        said = f"the backup is of format {written.format}, and this program knows up to {FORMAT}"
        raise StoreError(said, where=str(source), hint=f"use Vedette {written.vedette}, which made it, or a newer one")
    return msgspec.json.decode(data, type=Manifest)


def _member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Open a file of the backup; it is packed as we pack, so that nothing else unpacks what others wrote."""
    found = archive.getinfo(name)
    if found.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(f"{name} is packed in another way")
    return archive.open(found)


class _Format(msgspec.Struct):
    format: int
    vedette: str = ""


def _check(archive: zipfile.ZipFile, name: str, part: Part) -> None:
    found, size = hashlib.sha256(), 0
    with _member(archive, name) as file:
        while size <= part.size and (piece := file.read(_PIECE)):
            found.update(piece)
            size += len(piece)
    if size != part.size or found.hexdigest() != part.sha256:
        raise zipfile.BadZipFile(f"{name} is not as it was written")


def _rows(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, object]]:
    """Yield the rows of a table."""
    with _member(archive, member(table.name)) as file:
        names = orjson.loads(file.readline(LONGEST_LINE))
        if not isinstance(names, list) or set(names) != {c.name for c in table.columns}:
            raise zipfile.BadZipFile(f"{table.name} has other columns than its form says")
        while line := file.readline(LONGEST_LINE):
            values = orjson.loads(line)
            if not isinstance(values, list) or len(values) != len(names):
                raise zipfile.BadZipFile(f"{table.name}: a row has not {len(names)} values")
            yield dict(zip(names, values, strict=True))


def _fill(connection: Connection, archive: zipfile.ZipFile, manifest: Manifest, place: str) -> None:
    """Make the tables as they were, fill them, and take them to the newest form."""
    upgrade(connection, manifest.form, place)
    tables = _tables(connection)
    if {t.name for t in tables} != set(manifest.tables):
        raise zipfile.BadZipFile(f"it has other tables than the form {manifest.form!r}")
    for table in tables:
        connection.execute(delete(table))
    for table in tables:
        rows = _rows(archive, table)
        while some := list(islice(rows, _ROWS)):
            connection.execute(insert(table), some)
        _count_on(connection, table)
    upgrade(connection, HEAD, place)


def _tables(connection: Connection) -> list[Table]:
    """Return the tables that are there, those that others point to first."""
    there = MetaData()
    there.reflect(connection, only=lambda name, _: name.startswith(PREFIX))
    return [table for table in there.sorted_tables if table.name != VERSION_TABLE]


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those that were put back; SQLite does by itself."""
    key = next(iter(table.primary_key.columns))
    if connection.dialect.name != "postgresql" or len(table.primary_key.columns) > 1:
        return
    names = {"table": table.name, "key": key.name}
    sequence = connection.execute(text("SELECT pg_get_serial_sequence(:table, :key)"), names).scalar()
    last = connection.execute(select(func.max(key))).scalar() if sequence else None
    if last is not None:
        connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


# ------------------------------------------------------------------------------------------------------------- into SQLite


def _into_file(archive: zipfile.ZipFile, manifest: Manifest, url: str, aside: _Aside, *, force: bool) -> None:
    """Make the store anew beside the old one, and let it take its place."""
    parsed = make_url(url)
    path = Path(parsed.database or "")
    if path.exists():
        _free(path, url, force=force)
    fresh = path.with_name(f"{path.name}.restoring")
    _forget(fresh)
    database = Database(str(parsed.set(database=str(fresh))))
    try:
        with database.write() as connection:
            _fill(connection, archive, manifest, str(path))
    except BaseException:
        database.close()
        _forget(fresh)
        raise
    database.close()
    for ending in _BESIDE:
        if path.with_name(path.name + ending).exists():
            aside.move(path, ending)
    fresh.rename(path)
    settle(path.parent)


def _forget(path: Path) -> None:
    for ending in _BESIDE:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _free(path: Path, url: str, *, force: bool) -> None:
    """Make sure that nobody uses the store, and that it may give way."""
    try:
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()  # refused where another has it open
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise _used(str(path)) from error
    except sqlite3.DatabaseError:
        pass  # it is damaged: nobody uses it
    if force:
        return
    database = Database(url, create=False)
    try:
        with database.read() as connection:
            if _holds(connection):
                raise _in_the_way(str(path))
    finally:
        database.close()


def _holds(connection: Connection) -> bool:
    """Return whether anything is stored."""
    tables = [table for table in _tables(connection) if table.name != CLOCK.name]
    return any(connection.execute(select(table).limit(1)).first() for table in tables)


def _used(place: str) -> StoreError:
    return StoreError("somebody uses the store", where=place, hint="stop `vedette serve` first")


def _in_the_way(place: str) -> StoreError:
    return StoreError("there is something in the store", where=place, hint="`--force` lets it give way")


# --------------------------------------------------------------------------------------------------------- into PostgreSQL

_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE application_name = 'vedette' AND datname = current_database() AND pid <> pg_backend_pid()"
)


def _into_server(archive: zipfile.ZipFile, manifest: Manifest, url: str, *, force: bool) -> None:
    """Put the tables in place of those that are there, in one transaction."""
    database = Database(url)
    try:
        with database.write() as connection:
            if connection.execute(_OTHERS).scalar():
                raise _used(database.place)
            if not force and _holds(connection):
                raise _in_the_way(database.place)
            there = MetaData()
            there.reflect(connection, only=lambda name, _: name.startswith(PREFIX))
            there.drop_all(connection)
            _fill(connection, archive, manifest, database.place)
    finally:
        database.close()


# ------------------------------------------------------------------------------------------------------------- the journal


def _fits(archive: zipfile.ZipFile, journal: Path, part: Part, *, force: bool) -> bool:
    """Return whether the journal that is there is to be kept: it is the backup's, or goes on from it.

    Raises:
        StoreError: it tells another story, and is not to give way.
    """
    if not journal.exists():
        return False
    with _member(archive, JOURNAL) as old, journal.open("rb") as now:
        size = 0
        while piece := now.read(_PIECE):
            if old.read(len(piece)) != piece[: max(0, part.size - size)]:
                break
            size += len(piece)
        else:
            return size >= part.size
    if not force:
        said = "the journal of responses that is there tells of other things than that of the backup"
        hint = "what is in force stands in it: look at `vedette respond list`; `--force` moves it aside"
        raise StoreError(said, where=str(journal), hint=hint)
    return False


def _put_journal(archive: zipfile.ZipFile, journal: Path, aside: _Aside) -> None:
    with alone(journal.parent, StoreError, "the journal of responses", mode=0o700):
        if journal.exists():
            aside.move(journal)
        fresh = journal.with_name(f"{journal.name}.restoring")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        with _member(archive, JOURNAL) as old, fresh.open("wb") as file:
            shutil.copyfileobj(old, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(journal)
        settle(journal.parent)
