from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from vedette.errors import StoreError
from vedette.store.state import migrations
from vedette.store.state.connect import Database
from vedette.store.state.migrate import form, migrate
from vedette.store.state.migrations import HEAD, VERSION_TABLE
from vedette.store.state.state import State
from vedette.store.state.stored import IncidentFilter
from vedette.store.state.tables import METADATA
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident


def steps() -> list[str]:
    """Return every form, the oldest first."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return [s.revision for s in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def test_the_steps_are_one_row_that_ends_at_the_newest_form() -> None:
    assert steps()[-1] == HEAD
    assert len(set(steps())) == len(steps())


def test_the_steps_lead_to_the_tables_of_the_program(url: str) -> None:
    database = Database(url)
    migrate(database)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, METADATA) == []
        assert form(connection) == HEAD
        indexes = {name: {i["name"] for i in inspect(connection).get_indexes(name)} for name in METADATA.tables}
    for name, table in METADATA.tables.items():  # PostgreSQL shows those behind constraints as well
        assert {i.name for i in table.indexes} <= indexes[name]
    database.close()


@pytest.mark.parametrize("before", steps())
def test_a_store_of_every_older_form_is_opened(new_url: Callable[[], str], before: str) -> None:
    url = new_url()
    database = Database(url)
    migrate(database, before)
    with database.write() as connection:
        connection.execute(text("UPDATE vedette_clock SET position = 42"))
    database.close()
    state = State.open(url, create=False)
    assert state.position() == 42
    assert state.commit(Work(43, incidents=[some_incident()])) > 0
    assert len(state.incidents(IncidentFilter()).items) == 1
    state.close()


def test_a_newer_form_is_refused_and_left_alone(url: str) -> None:
    State.open(url).close()
    database = Database(url)
    with database.write() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))  # noqa: S608
    with pytest.raises(StoreError, match=f"of the form '9999', and this program knows up to {HEAD}"):
        State.open(url)
    with database.read() as connection:
        assert form(connection) == "9999"
    database.close()


def test_nothing_is_read_of_alembic_where_nothing_is_to_be_done(new_file_url: Callable[[], str]) -> None:
    url = new_file_url()
    State.open(url).close()
    code = f"import sys; from vedette.store.state.state import State; State.open({url!r}).close(); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "False"


def test_several_processes_may_open_a_new_store_at_once(new_url: Callable[[], str]) -> None:
    url = new_url()
    code = f"from vedette.store.state.state import State; s = State.open({url!r}); print(s.position()); s.close()"
    running = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]  # noqa: S603
    assert [r.communicate()[0].strip() for r in running] == ["0", "0"]


def test_a_step_that_fails_leaves_no_half_of_it(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE vedette_verdicts (mine INTEGER)"))  # somebody's table is in the way
    with pytest.raises(StoreError, match="already exists"):
        migrate(database)
    with database.read() as connection:
        names = set(inspect(connection).get_table_names())
    assert names == {"vedette_verdicts"}
    database.close()
