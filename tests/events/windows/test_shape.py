"""Targets of a field."""

from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.events.windows.shape import As, Shape, targets


def test_targets_and_copies() -> None:
    number = As("number", "process.pid")
    shape = Shape(
        EventClass.PROCESS_ACTIVITY,
        1,
        {
            "Image": "process.file.path",
            "ProcessId": number,
            "Both": (As("or_else", "process.user.name"), "process.uid"),
        },
        {"status_id": 1},
    )
    assert targets("a") == ("a",)
    assert targets(number) == (number,)
    assert shape.copied() == {"Image": "process.file.path", "Both": "process.uid"}
    assert shape.paths() == {"process.file.path", "process.pid", "process.user.name", "process.uid", "status_id"}
