"""Every table against the schema; where a field stands."""

from __future__ import annotations

import pytest

from vedette.events.schema import SCHEMAS, EventClass, dtype_of
from vedette.events.windows.providers import OTHER
from vedette.events.windows.shape import As, Shape, targets
from vedette.events.windows.shapes import OBJECTS, SHAPES, column_of, columns_of, shape_of
from vedette.events.windows.values import READERS

SYSMON, SECURITY = "Microsoft-Windows-Sysmon", "Microsoft-Windows-Security-Auditing"
ALL: dict[str, Shape] = {
    "other": OTHER,
    **{f"{provider} {code}": shape for provider, codes in SHAPES.items() for code, shape in codes.items()},
    **{f"{code} {name}": s for codes in OBJECTS.values() for code, kinds in codes.items() for name, s in kinds.items()},
}


@pytest.mark.parametrize("name", ALL)
def test_every_path_is_one_of_the_class(name: str) -> None:
    shape = ALL[name]
    for field, target in shape.fields.items():
        for one in targets(target):
            if isinstance(one, As):
                assert one.how in READERS, field
                whole = one.how in {"account", "principal", "registry_value", "task"}
                assert whole or dtype_of(shape.kind, one.to) is not None, field
            else:
                assert str(dtype_of(shape.kind, one)) == "String", f"{field}: only text is copied"
    assert set(shape.constants) <= set(SCHEMAS[shape.kind])


@pytest.mark.parametrize(
    ("provider", "code", "object_type", "kind", "activity"),
    [
        (SYSMON, 1, None, EventClass.PROCESS_ACTIVITY, 1),
        (SYSMON, 10, None, EventClass.PROCESS_ACTIVITY, 3),
        ("Linux-Sysmon", 11, None, EventClass.FILE_ACTIVITY, 1),
        (SYSMON, 19, None, EventClass.EVENT_LOG, 99),
        (SECURITY, 4624, None, EventClass.AUTHENTICATION, 1),
        (SECURITY, 4663, "Key", EventClass.REGISTRY_KEY_ACTIVITY, 2),
        (SECURITY, 4663, "File", EventClass.FILE_ACTIVITY, 14),
        (SECURITY, 4663, "SAM_DOMAIN", EventClass.EVENT_LOG, 99),
        (SECURITY, 4663, None, EventClass.EVENT_LOG, 99),
        ("Microsoft-Windows-Eventlog", 1102, None, EventClass.EVENT_LOG, 1),
        ("Service Control Manager", 7045, None, EventClass.WINDOWS_SERVICE_ACTIVITY, 1),
        ("no such provider", 1, None, EventClass.EVENT_LOG, 99),
    ],
)
def test_shape_of(provider: str, code: int, object_type: str | None, kind: EventClass, activity: int) -> None:
    shape = shape_of(provider, code, object_type)
    assert (shape.kind, shape.activity) == (kind, activity)


def test_where_a_fields_text_stands() -> None:
    process = EventClass.PROCESS_ACTIVITY
    have = frozenset({"process.file.path", "unmapped.ProcessId", "unmapped.RuleName"})
    assert column_of("Image", SYSMON, 1, process, have) == "process.file.path"
    assert column_of("ProcessId", SYSMON, 1, process, have) == "unmapped.ProcessId", "a number is not its text"
    assert column_of("RuleName", SYSMON, 1, process, have) == "unmapped.RuleName"
    assert column_of("Image", SYSMON, 1, process, have | {"unmapped.Image"}) == "unmapped.Image", "a dash stood there"
    assert column_of("NewProcessName", SECURITY, 4688, process, have) == "process.file.path"
    assert columns_of(SECURITY, 4663, EventClass.FILE_ACTIVITY)["ObjectName"] == "file.path"
    assert columns_of(SECURITY, 4663, EventClass.REGISTRY_KEY_ACTIVITY)["ObjectName"] == "reg_key.path"
    assert "ProcessId" not in columns_of(SECURITY, 4688)
