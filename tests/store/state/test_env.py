from __future__ import annotations

from sqlalchemy import inspect, text

from vedette.store.state.connect import Database
from vedette.store.state.migrate import migrate
from vedette.store.state.migrations import VERSION_TABLE


def test_the_form_stands_in_a_table_of_our_own(url: str) -> None:
    """A database of others may have an ``alembic_version`` of its own."""
    database = Database(url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('theirs')"))
    migrate(database)
    with database.read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "theirs"
        assert inspect(connection).has_table(VERSION_TABLE)
    database.close()
