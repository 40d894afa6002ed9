"""Connections to the database, and its errors in words an operator can act on."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event, exc, make_url

from vedette.errors import StoreError

PATIENCE_SECONDS = 30
"""How long a writer of another process is waited for."""
_BEGIN = "vedette_begin"
_PRAGMAS = (
    f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # what a commit returned for is on the disk
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what is erased is overwritten
    "PRAGMA journal_size_limit = 67108864",
)
_HINTS = (
    (("disk is full", "No space left", "could not extend"), "make room; nothing that was stored is lost"),
    (("not a database", "malformed"), "put a backup back: `vedette restore FILE --force`; keep the damaged file"),
    (("locked",), "another process is writing: wait for it to end (`fuser` names it)"),
    (("readonly", "unable to open", "ermission denied"), "give the user that runs Vedette its rights on the folder"),
    (("onnection refused", "timeout", "could not translate", "failed to resolve"), "is PostgreSQL running there?"),
    (("password authentication", "no password", "role "), "look at the user and password of `store.url`"),
)
"""What the database says -> what to do."""


def file_url(path: Path) -> str:
    """Return the URL of an SQLite file, whatever signs its path holds."""
    return URL.create("sqlite", database=str(path.absolute())).render_as_string()


class Database:
    """One database; safe to use from several threads.

    Args:
        url: ``sqlite:////folder/file``, or ``postgresql+psycopg://user:password@host/name``.
        create: make the file where it is missing.

    Attributes:
        place: the URL without its password.

    Raises:
        StoreError: it is no such URL, its driver is not installed, or there is no such file.
    """

    def __init__(self, url: str, *, create: bool = True) -> None:
        parsed = _parsed(url)
        self.place = parsed.render_as_string(hide_password=True)
        self.sqlite = parsed.get_backend_name() == "sqlite"
        self._writing = threading.RLock()
        if self.sqlite:
            _prepare(parsed.database or "", self.place, create=create)
        try:
            self.engine = create_engine(parsed, **_options(sqlite=self.sqlite))
        except ModuleNotFoundError as error:
            hint = "pip install 'vedette[postgresql]'"
            raise StoreError(f"the driver {error.name} is not installed", where=self.place, hint=hint) from error
        if self.sqlite:
            event.listen(self.engine, "connect", _configure)
            event.listen(self.engine, "begin", _begin)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that writes, one at a time in this process; committed at the end, undone by an error.

        Raises:
            StoreError: the database refused; nothing of it is stored.
        """
        with self._writing, self.told():
            connection = self.engine.connect().execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
            with connection, connection.begin():
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a transaction that sees one state of the database, whoever writes.

        Raises:
            StoreError: the database refused.
        """
        with self.told():
            connection = self.engine.connect()
            if not self.sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection, connection.begin():
                yield connection

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turn errors of the database into ``StoreError``."""
        try:
            yield
        except exc.SQLAlchemyError as error:
            raise self.fault(error) from error

    def fault(self, error: exc.SQLAlchemyError) -> StoreError:
        """Return a database's error in our words."""
        said = str(getattr(error, "orig", None) or error).strip().split("\n")[0][:300]
        hint = next((way for words, way in _HINTS if any(word in said for word in words)), "")
        return StoreError(f"the store of findings failed: {said}", where=self.place, hint=hint)

    def close(self) -> None:
        """Close every connection; of SQLite, what is in the write-ahead log goes into the file."""
        self.engine.dispose()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (exc.ArgumentError, ValueError) as error:
        raise StoreError(f"not a URL of a database: {error}", where="store.url") from error
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        hint = "sqlite:////folder/state.sqlite or postgresql+psycopg://user@host/name"
        raise StoreError(f"no store can be kept in {backend!r}", where="store.url", hint=hint)
    return parsed


def _options(*, sqlite: bool) -> dict[str, Any]:
    if sqlite:
        return {"connect_args": {"timeout": PATIENCE_SECONDS, "check_same_thread": False}}
    arguments = {"connect_timeout": 10, "application_name": "vedette", "tcp_user_timeout": 30_000}
    return {"connect_args": arguments, "pool_pre_ping": True}


def _prepare(name: str, place: str, *, create: bool) -> None:
    """Make the file, for its owner alone; SQLite gives its other files the same rights."""
    if name in ("", ":memory:"):
        raise StoreError("a store in memory would be gone with the process", where=place, hint="name a file")
    path = Path(name)
    if path.exists():
        return
    if not create:
        raise StoreError("there is no store", where=str(path), hint="`vedette serve` makes one")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(f"cannot make the store: {error.strerror}", where=str(path)) from error


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(str(connection.get_execution_options().get(_BEGIN, "BEGIN")))
