"""How collectors write Windows events as JSON: one table entry per form, from decoded objects to heads and fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from vedette.events.windows.element import Parts, Row, Taken, Texts, event, own_fields, parts
from vedette.sources.winlog.xml_events import data_of, event_of

FLAT: dict[str, tuple[str, ...]] = {
    "provider": ("SourceName", "ProviderName", "Provider", "EventSourceName", "Source", "Provider_Name"),
    "code": ("EventID", "EventId", "Id", "EventCode"),
    "host": ("Hostname", "Computer", "MachineName", "ComputerName", "HostName"),
    "record": ("RecordNumber", "EventRecordID", "RecordId", "EventRecordId"),
    "channel": ("Channel", "LogName", "EventLog"),
}
"""Head -> its names where an event is one flat object: NXLog, Azure Monitor's SecurityEvent and Event, PowerShell, data sets."""

_TIMES = ("TimeCreated", "EventTime", "TimeGenerated", "UtcTime", "@timestamp")
_COLLECTORS = frozenset(
    {
        *("@timestamp", "@version", "tags", "host", "port", "TimeCreated", "EventTime", "EventReceivedTime"),
        *("TimeGenerated", "SourceModuleName", "SourceModuleType", "ERROR_EVT_UNRESOLVED", "ProviderGuid", "TenantId"),
        *("SourceSystem", "MG", "_ResourceId", "SourceComputerId", "ManagementGroupName", "PartitionKey", "RowKey"),
        *("StorageAccount", "AzureDeploymentID", "AzureTableName"),
    }
)
"""What collectors add to a flat event."""
_ENVELOPE = frozenset(n for names in FLAT.values() for n in names) - {"Source", "Provider", "HostName"} | _COLLECTORS
_NXLOG_OWN = frozenset(
    {
        "SeverityValue",
        "Severity",
        "OpcodeValue",
        "Opcode",
        "Task",
        "Version",
        "ThreadID",
        "ExecutionProcessID",
        "ExecutionThreadID",
    }
)
"""Names that NXLog gives to what stands in the event's System element; they are no fields of any event."""


def flat(rows: Sequence[Row]) -> Taken:
    """One flat object: NXLog, Azure Monitor, ConvertTo-Json of Get-WinEvent, and data sets made of these."""
    names = set().union(*rows)
    texts: Texts = {head: _first(rows, [n for n in known if n in names]) for head, known in FLAT.items()}
    texts["time"] = _first(rows, [n for n in _TIMES if n in names])
    local = "EventTime" in names and "@timestamp" in names
    if local:
        texts["received"] = [row.get("@timestamp") for row in rows]
    skip = _ENVELOPE | _NXLOG_OWN if "SourceModuleType" in names or "SeverityValue" in names else _ENVELOPE
    if "EventData" in names or "Properties" in names:
        rows = [_unfolded(row) for row in rows]
    return Taken(texts, list(rows), skip, local)


def _first(rows: Sequence[Row], names: Sequence[str]) -> list[object]:
    """Return (n,) the first of the named values that a row has."""
    if not names:
        return [None] * len(rows)
    found: list[object] = [row.get(names[0]) for row in rows]
    for name in names[1:]:
        if None not in found:
            break
        found = [row.get(name) if value is None else value for row, value in zip(rows, found, strict=True)]
    return found


def _unfolded(row: Row) -> Row:
    """Return a flat row with what it holds in ``EventData``: an object, or XML (Azure Monitor)."""
    inner = row.get("EventData")
    if isinstance(inner, str):
        inner = data_of(inner)
    if not isinstance(inner, dict):
        return row
    return {**{k: v for k, v in row.items() if k != "EventData"}, **own_fields(inner)}


class Log(msgspec.Struct):
    """What Winlogbeat puts under ``winlog``; what is not here is not decoded."""

    provider_name: Any = None
    event_id: Any = None
    computer_name: Any = None
    record_id: Any = None
    channel: Any = None
    event_data: Any = None
    user_data: Any = None


class Quick(msgspec.Struct):
    """A record of one of the two forms that nest the event: decoded without what the collector says of itself."""

    winlog: Log | None = None
    Event: Parts | None = None
    time: Any = msgspec.field(name="@timestamp", default=None)


def quick(rows: Sequence[Quick]) -> Taken:
    """Winlogbeat 7 and later, the Elastic Agent: everything under ``winlog``; or events by their elements. Not both at once."""
    if rows[0].winlog is None:
        return parts([row.Event or Parts() for row in rows])
    logs = [row.winlog or Log() for row in rows]
    texts: Texts = {
        "provider": [g.provider_name for g in logs],
        "code": [g.event_id for g in logs],
        "host": [g.computer_name for g in logs],
        "record": [g.record_id for g in logs],
        "channel": [g.channel for g in logs],
        "time": [row.time for row in rows],
    }
    return Taken(texts, [_both(g) for g in logs])


def _both(log: Log) -> Row:
    fields = own_fields(log.event_data)
    return fields if log.user_data is None else {**own_fields(log.user_data), **fields}


def beats(rows: Sequence[Row]) -> Taken:
    """Winlogbeat 7 and later, of decoded objects."""
    found = []
    for row in rows:
        try:
            found.append(msgspec.convert(row, Quick))
        except msgspec.ValidationError:
            found.append(Quick())
    return quick([q if q.winlog else Quick(winlog=Log()) for q in found])


def old_beats(rows: Sequence[Row]) -> Taken:
    """Winlogbeat 5 and 6: ``event_data`` beside ``event_id``."""
    texts: Texts = {
        "provider": [r.get("source_name") for r in rows],
        "code": [r.get("event_id") for r in rows],
        "host": [r.get("computer_name") for r in rows],
        "record": [r.get("record_number") for r in rows],
        "channel": [r.get("log_name") for r in rows],
        "time": [r.get("@timestamp") for r in rows],
    }
    return Taken(texts, [{**own_fields(r.get("user_data")), **own_fields(r.get("event_data"))} for r in rows])


def nested(row: Row) -> Row:
    """Return a row whose keys are joined by dots (``winlog.event_data.Image``) as objects in objects, one to three deep."""
    out: Row = {}
    for key, value in row.items():
        *folders, name = key.split(".", 2) if key.startswith(("winlog.", "event.", "host.")) else [key]
        place = out
        for folder in folders:
            place = place.setdefault(folder, {})
            if not isinstance(place, dict):
                place = {}
        place[name] = value
    return out


def syslog_table(rows: Sequence[Row]) -> Taken:
    """Azure Monitor's Syslog table: Sysmon for Linux writes its XML into the message; other messages are no events."""
    found = [event_of(text.encode()) if isinstance(text := row.get("SyslogMessage"), str) else "" for row in rows]
    return event([row if isinstance(row, dict) else {} for row in found])


FORMS: dict[str, Callable[[Sequence[Row]], Taken]] = {
    "winlog": beats,
    "Event": event,
    "System": event,
    "event_data": old_beats,
    "event_id": old_beats,
    "SyslogMessage": syslog_table,
}
"""A key that only this form has -> the form; ``flat`` has none of them."""
