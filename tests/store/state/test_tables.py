from __future__ import annotations

from sqlalchemy import Integer, Text

from vedette.store.state.tables import METADATA, PREFIX


def test_every_table_has_our_prefix_and_a_key() -> None:
    """A database of PostgreSQL may hold others' tables too."""
    for name, table in METADATA.tables.items():
        assert name.startswith(PREFIX)
        assert table.primary_key.columns


def test_long_texts_stand_last_so_that_rows_are_passed_over_quickly() -> None:
    for table in METADATA.tables.values():
        names = [c.name for c in table.columns]
        if "content" in names:
            assert names[-1] == "content"
            assert isinstance(table.c.content.type, Text)


def test_what_belongs_to_a_finding_or_incident_goes_with_it() -> None:
    for table in METADATA.tables.values():
        for key in table.foreign_keys:
            assert (key.ondelete == "CASCADE") == (key.parent.name in ("owner_id", "finding_id"))


def test_times_and_numbers_of_the_feed_outgrow_no_column() -> None:
    for table in METADATA.tables.values():
        for name in ("first_seen", "last_seen", "changed", "changed_at", "at", "position", "change", "number", "until"):
            if name in table.c and not table.c[name].primary_key:
                assert type(table.c[name].type) is not Integer
