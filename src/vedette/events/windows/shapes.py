"""Which shape an event has, by provider and event id, and in which column a field of it stands."""

from __future__ import annotations

from vedette.events.schema import UNMAPPED, EventClass
from vedette.events.windows import security, sysmon
from vedette.events.windows.providers import OTHER, PROVIDERS
from vedette.events.windows.shape import Shape

SHAPES: dict[str, dict[int, Shape]] = {
    **dict.fromkeys(sysmon.PROVIDERS, sysmon.SYSMON),
    **dict.fromkeys(security.PROVIDERS, security.SECURITY),
    **PROVIDERS,
}
"""Provider -> event id -> shape; what is not here has the shape ``OTHER``."""

OBJECTS: dict[str, dict[int, dict[str, Shape]]] = dict.fromkeys(security.PROVIDERS, security.OBJECTS)
"""Provider -> event id -> value of the field ``ObjectType`` -> shape."""


def shape_of(provider: str, code: int, object_type: str | None = None) -> Shape:
    """Return the shape of an event."""
    if object_type is not None and (kinds := OBJECTS.get(provider, {}).get(code)):
        return kinds.get(object_type, OTHER)
    return SHAPES.get(provider, {}).get(code, OTHER)


def columns_of(provider: str, code: int, kind: EventClass | None = None) -> dict[str, str]:
    """Return field -> path of the fields whose text stands, as the product wrote it, in a path of the class.

    Where a batch has a column ``unmapped.NAME``, that column holds the field's text and goes before this answer: it is there for fields
    without a path, for those whose path holds a number, a list or a part of the text, and where a product's ``-`` became null.

    Args:
        provider: as in ``metadata.log_provider``.
        code: as in ``metadata.event_code``.
        kind: the class of the batch; tells apart the objects of 4656 and 4663.
    """
    found = [SHAPES.get(provider, {}).get(code, OTHER), *OBJECTS.get(provider, {}).get(code, {}).values()]
    fitting = [s for s in found if kind is None or s.kind is kind]
    return dict(fitting[-1].copied()) if fitting else {}


def column_of(field: str, provider: str, code: int, kind: EventClass, have: frozenset[str]) -> str:
    """Return the column of a batch with columns ``have`` where a field's own text stands; it may be absent there.

    Example:
        >>> column_of("Image", "Microsoft-Windows-Sysmon", 1, EventClass.PROCESS_ACTIVITY, frozenset({"process.file.path"}))
        'process.file.path'
    """
    raw = UNMAPPED + field
    return raw if raw in have else columns_of(provider, code, kind).get(field, raw)
