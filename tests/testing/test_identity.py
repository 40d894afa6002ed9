from __future__ import annotations

import pytest

from vedette.errors import SchemaError
from vedette.events.schema import EventClass
from vedette.testing.identity import told
from vedette.testing.logons import START


def test_rows_become_a_batch() -> None:
    batch = told(
        EventClass.GROUP_MANAGEMENT, [{"at": 0, "group.name": "sudo"}, {"at": 5, "unmapped.X": "y", "activity_id": 3}]
    )
    assert batch.frame["time"].to_list()[0] == START
    assert batch.frame.select("group.name", "unmapped.X", "activity_id").rows() == [
        ("sudo", None, None),
        (None, "y", 3),
    ]


def test_a_column_of_no_class_is_left_out_or_refused() -> None:
    try:
        batch = told(EventClass.GROUP_MANAGEMENT, [{"at": 0, "no.such": 1}])
    except SchemaError:
        pytest.fail("told() leaves out what the class has not")
    assert "no.such" not in batch.frame.columns
