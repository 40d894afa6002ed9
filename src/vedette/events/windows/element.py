"""The event's own elements, as objects: ``System``, ``EventData``, ``UserData``; from objects to heads and fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from vedette.events.windows.heads import ZERO

Row = dict[str, Any]
Texts = dict[str, list[object]]


class Taken(NamedTuple):
    """What a form makes of objects.

    Attributes:
        texts: what ``events.windows.heads.heads`` takes.
        fields: (n,) the event's own fields.
        skip: names among the fields that are none.
        local: True where times are without a zone, and not in UTC.
    """

    texts: Texts
    fields: list[Row]
    skip: frozenset[str] = frozenset()
    local: bool = False


class System(msgspec.Struct, gc=False):
    """The element that every event has; what is not here is not decoded."""

    Provider: Any = None
    EventID: Any = None
    Computer: Any = None
    EventRecordID: Any = None
    Channel: Any = None
    TimeCreated: Any = None
    Level: Any = None
    Keywords: Any = None


class Parts(msgspec.Struct):
    """An event by its elements."""

    System: System = msgspec.field(default_factory=System)
    EventData: Any = None
    UserData: Any = None


class Whole(msgspec.Struct):
    """An event as evtx_dump writes it."""

    Event: Parts


def event(rows: Sequence[Row]) -> Taken:
    """Return events of decoded objects: ``Event.System`` and ``Event.EventData``, or these without ``Event`` around them."""
    return parts(list(map(_parts, rows)))


def _parts(row: Row) -> Parts:
    whole = row.get("Event", row)
    try:
        return msgspec.convert(whole, Parts)
    except msgspec.ValidationError:
        return Parts()


def parts(events: Sequence[Parts]) -> Taken:
    """Return heads and fields of events."""
    systems = [e.System for e in events]
    texts: Texts = {
        "provider": [_attribute(s.Provider, "Name") for s in systems],
        "code": [plain(s.EventID) for s in systems],
        "host": [plain(s.Computer) for s in systems],
        "record": [plain(s.EventRecordID) for s in systems],
        "channel": [plain(s.Channel) for s in systems],
        "time": [_attribute(s.TimeCreated, "SystemTime") for s in systems],
    }
    fields = [_all_fields(e) for e in events]
    for i, time in enumerate(texts["time"]):
        if isinstance(time, str) and time.startswith(ZERO) and "UtcTime" in fields[i]:  # Sysmon says it a second time
            texts["time"][i] = fields[i]["UtcTime"]
    return Taken(texts, fields)


def _all_fields(whole: Parts) -> Row:
    fields = own_fields(whole.EventData)
    if whole.UserData is not None:
        fields = {**own_fields(whole.UserData), **fields}
    system = whole.System
    if system.Level is not None:
        fields.setdefault("Level", plain(system.Level))
    if system.Keywords is not None:
        fields.setdefault("Keywords", plain(system.Keywords))
    return fields


def own_fields(data: object) -> Row:
    r"""Return the fields of EventData or UserData: what stands in its one element, unnamed values as ``Data``, attributes left out.

    Example:
        >>> own_fields({"LogFileCleared": {"#attributes": {"xmlns": "x"}, "SubjectUserName": "ada"}})
        {'SubjectUserName': 'ada'}
        >>> own_fields({"Data": {"#text": ["a", "b"]}, "Binary": None})
        {'Data': 'a\nb'}

    Where there is nothing to change it is the same object.
    """
    if type(data) is dict and "#attributes" not in data and dict not in map(type, data.values()):
        return data
    while isinstance(data, dict):
        inner = {k: v for k, v in data.items() if k[:1] != "#" and v is not None}
        only = next(iter(inner.items())) if len(inner) == 1 else ("Data", None)
        if only[0] == "Data" or not isinstance(only[1], dict) or "#text" in only[1]:
            return {name: plain(value) if type(value) is dict else value for name, value in inner.items()}
        data = only[1]
    return {}


def plain(value: object) -> object:
    """Return an element's text: itself, or what stands under ``#text`` beside its attributes."""
    if not isinstance(value, dict):
        return value
    text = value.get("#text")
    if isinstance(text, list):
        return "\n".join(map(str, text))
    return value if text is None and any(k[:1] != "#" for k in value) else text


def _attribute(value: object, name: str) -> object:
    if not isinstance(value, dict):
        return value
    attributes = value.get("#attributes")
    return attributes.get(name) if isinstance(attributes, dict) else value.get(name, value.get(f"@{name}"))
