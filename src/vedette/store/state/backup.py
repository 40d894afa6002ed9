"""Backups: one file that holds everything of a store, of SQLite and PostgreSQL alike.

It is a zip file: ``manifest.json``, a file of JSON lines for each table (the first line names the columns), and the journal of responses.
The tables are read in one transaction, so they show one moment although the service runs.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec
import orjson
from sqlalchemy import Connection, Table, select

from vedette import __version__
from vedette.errors import StoreError
from vedette.store.settle import settle
from vedette.store.state.connect import Database
from vedette.store.state.migrate import form
from vedette.store.state.tables import METADATA

FORMAT = 1
"""Of the file; that of the tables stands beside it."""
MANIFEST = "manifest.json"
JOURNAL = "journal.jsonl"
_ROWS = 500
_PIECE = 1 << 20


class Part(msgspec.Struct, frozen=True):
    """One file in a backup: its lines (of a table without that of the columns), bytes and SHA-256."""

    lines: int
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds.

    Attributes:
        format: of the file; ``form``: of the tables.
        vedette: the version that made it; ``made``: when.
        tables: by name.
        journal: None where there was none.
    """

    format: int
    form: str
    vedette: str
    made: datetime
    tables: dict[str, Part]
    journal: Part | None = None


class _Writer:
    """Writes one file of a backup, and counts and hashes what it wrote."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self._size = self.lines = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._hash.update(data)
        self._size += len(data)

    def part(self) -> Part:
        return Part(self.lines, self._size, self._hash.hexdigest())


def member(table: str) -> str:
    """Return the name of a table's file."""
    return f"tables/{table}.jsonl"


def make(database: Database, target: Path, made: datetime, journal: Path | None = None) -> Manifest:
    """Write a backup, whole or not at all; it is its owner's alone, since findings hold names and tokens' hashes.

    Args:
        database: the store; it may be in use.
        target: the file; one that is there is replaced once the new one is whole.
        made: the time.
        journal: that of responses, where there is one.

    Raises:
        StoreError: the store cannot be read, or the file cannot be written.
    """
    with _whole(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with database.read() as connection:
            called = form(connection)
            tables = {table.name: _table(archive, connection, table) for table in METADATA.sorted_tables}
        part = _journal(archive, journal) if journal and journal.exists() else None
        manifest = Manifest(FORMAT, called, __version__, made, tables, part)
        archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    return manifest


@contextmanager
def _whole(target: Path) -> Iterator[IO[bytes]]:
    fresh: Path | None = None
    try:
        number, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
        fresh = Path(name)
        with os.fdopen(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
        settle(target.parent)
    except OSError as error:
        hint = "make room, or name another place; the backup before it is as it was"
        raise StoreError(f"cannot write the backup: {error.strerror}", where=str(target), hint=hint) from error
    finally:
        if fresh is not None:
            fresh.unlink(missing_ok=True)


def _table(archive: zipfile.ZipFile, connection: Connection, table: Table) -> Part:
    with archive.open(member(table.name), "w", force_zip64=True) as file:
        writer = _Writer(file)
        writer.write(orjson.dumps([column.name for column in table.columns]) + b"\n")
        query = select(table).order_by(*table.primary_key.columns)
        with connection.execute(query, execution_options={"yield_per": _ROWS}) as found:
            for rows in found.partitions():
                writer.write(b"".join(orjson.dumps(list(row)) + b"\n" for row in rows))
                writer.lines += len(rows)
    return writer.part()


def _journal(archive: zipfile.ZipFile, journal: Path) -> Part:
    """Write the whole lines of the journal, as many as there are now: it only grows."""
    with archive.open(JOURNAL, "w", force_zip64=True) as file, journal.open("rb") as lines:
        writer = _Writer(file)
        size = os.fstat(lines.fileno()).st_size
        while size > 0 and (piece := lines.readline(min(size, _PIECE))):
            size -= len(piece)
            if size or piece.endswith(b"\n"):
                writer.write(piece)
                writer.lines += piece.endswith(b"\n")
    return writer.part()
