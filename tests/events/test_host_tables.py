from vedette.events.host_tables import HOST_TABLES
from vedette.events.schema import SCHEMAS, EventClass


def test_every_table_is_that_of_a_class() -> None:
    assert {EventClass[name] for name in HOST_TABLES} <= set(SCHEMAS)


def test_every_class_tells_when_and_where_in_the_input() -> None:
    assert all({"time", "metadata.log_name", "metadata.sequence"} <= table.keys() for table in HOST_TABLES.values())
