"""Takes a store to the newest form of its tables: forward only, all or nothing."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from vedette.errors import StoreError
from vedette.store.state.connect import Database
from vedette.store.state.migrations import HEAD, VERSION_TABLE

_LOCK = 0x56454445  # "VEDE": of PostgreSQL's advisory locks


def migrate(database: Database, to: str = HEAD) -> None:
    """Make or renew the tables.

    Raises:
        StoreError: the store is of a newer format than this program, or the database refused.
    """
    with database.read() as connection:
        if form(connection) == to:
            return
    with database.write() as connection:
        upgrade(connection, to, database.place)


def form(connection: Connection) -> str:
    """Return the form of the tables that are there; "" where there are none."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return ""
    return str(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() or "")  # noqa: S608 - a constant


def upgrade(connection: Connection, to: str, place: str) -> None:
    """Take the tables to a form, in the transaction of this connection.

    Raises:
        StoreError: they are of a form that this program does not know.
    """
    from alembic import command  # noqa: PLC0415 - most starts need none of it
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    for there in (form(connection), to):
        if there and there not in known:
            hint = "use the Vedette that wrote it, or a newer one; or restore a backup made by this one"
            said = f"the store is of the form {there!r}, and this program knows up to {HEAD}"
            raise StoreError(said, where=place, hint=hint)
    command.upgrade(config, to)
