from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text

from vedette.store.state import migrations
from vedette.store.state.connect import Database
from vedette.store.state.migrate import migrate
from vedette.store.state.migrations.versions import r0001_first


def test_the_first_form_begins_at_zero_with_the_tables_that_were_released(url: str) -> None:
    database = Database(url)
    migrate(database, r0001_first.revision)
    with database.read() as connection:
        assert connection.execute(text("SELECT id, position, change FROM vedette_clock")).all() == [(1, 0, 0)]
        names = {name.removeprefix("vedette_") for name in inspect(connection).get_table_names()}
    assert names == {
        *("clock", "version", "findings", "evidence", "incidents", "incident_findings", "entities", "finding_entities"),
        *(
            "incident_entities",
            "finding_techniques",
            "incident_techniques",
            "verdicts",
            "cursors",
            "tokens",
            "notes",
            "values",
        ),
    }
    database.close()


def test_a_step_knows_nothing_of_the_tables_of_today() -> None:
    """What was released stays as it was: a step that read ``tables`` would change with them."""
    for path in (Path(migrations.__file__).parent / "versions").glob("*.py"):
        assert "vedette.store" not in path.read_text()
