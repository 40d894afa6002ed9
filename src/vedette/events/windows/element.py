"""The event's own elements, as objects: ``System``, ``EventData``, ``UserData``; from objects to heads and fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

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


def event(rows: Sequence[Row]) -> Taken:
    """The event's own elements: ``Event.System`` and ``Event.EventData`` (evtx_dump, Velociraptor, Fluent Bit's way of nesting)."""
    events = [e if isinstance(e := row.get("Event", row), dict) else {} for row in rows]
    systems = [s if isinstance(s := e.get("System"), dict) else {} for e in events]
    texts: Texts = {
        "provider": [_attribute(s.get("Provider"), "Name") for s in systems],
        "code": [plain(s.get("EventID")) for s in systems],
        "host": [plain(s.get("Computer")) for s in systems],
        "record": [plain(s.get("EventRecordID")) for s in systems],
        "channel": [plain(s.get("Channel")) for s in systems],
        "time": [_attribute(s.get("TimeCreated"), "SystemTime") for s in systems],
    }
    fields = [_all_fields(e, s) for e, s in zip(events, systems, strict=True)]
    for i, time in enumerate(texts["time"]):
        if isinstance(time, str) and time.startswith(ZERO) and "UtcTime" in fields[i]:  # Sysmon says it a second time
            texts["time"][i] = fields[i]["UtcTime"]
    return Taken(texts, fields)


def _all_fields(whole: Row, system: Row) -> Row:
    fields = {**own_fields(whole.get("UserData")), **own_fields(whole.get("EventData"))}
    for name in ("Level", "Keywords"):
        if (value := plain(system.get(name))) is not None:
            fields.setdefault(name, value)
    return fields


def own_fields(data: object) -> Row:
    r"""Return the fields of EventData or UserData: what stands in its one element, unnamed values as ``Data``, attributes left out.

    Example:
        >>> own_fields({"LogFileCleared": {"#attributes": {"xmlns": "x"}, "SubjectUserName": "ada"}})
        {'SubjectUserName': 'ada'}
        >>> own_fields({"Data": {"#text": ["a", "b"]}, "Binary": None})
        {'Data': 'a\nb'}
    """
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
