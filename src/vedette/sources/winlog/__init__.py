"""Windows events as collectors write them: JSON of Winlogbeat, NXLog, Azure Monitor and others, and XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, BinaryIO, ClassVar, TypeVar, cast

import msgspec

from vedette.abc import Example, Origin, Source
from vedette.errors import SourceError
from vedette.events.batch import EventBatch
from vedette.events.json_records import first_record, records, whole_records
from vedette.events.jsonlines import JsonLines, one
from vedette.events.lines import Block
from vedette.events.schema import EventClass
from vedette.events.windows.element import Row, Taken, event
from vedette.events.windows.emitted import EMITTED
from vedette.events.windows.peeked import Peeked
from vedette.events.windows.rows import WindowsRows
from vedette.sources.winlog.json_forms import FLAT, FORMS, Quick, flat, nested, quick
from vedette.sources.winlog.xml_events import XmlEvents, whole_events

HEAD_BYTES = 4096
T = TypeVar("T")
_whole = msgspec.json.Decoder(dict[str, Any])
_quick = msgspec.json.Decoder(Quick)
_NESTED = re.compile(rb'"(?:winlog|Event)"\s*:\s*\{')
_KEY = re.compile(rb'"([^"\\]{1,64})"\s*:')
_SOME = frozenset(
    {
        "event_id",
        "event_data",
        "source_name",
        "log_name",
        "winlog",
        "EventID",
        "Channel",
        "ProviderGuid",
        "SyslogMessage",
    }
)
_MARKS = b'"winlogbeat"', b'"im_msvistalog"', b"<Event><System><Provider Name="
"""What collectors of Windows events call themselves: enough, with one of ``_SOME``, where the first record is longer than what is seen."""
_SHORT = 40
"""Bytes of a first line that holds no whole record: it goes over many."""
_DOTTED = "winlog.channel", "winlog.event_id", "winlog.provider_name"
_XML_EVENT = re.compile(rb"<Event(?: xmlns=[^>]*)?>\s*<System>\s*<Provider Name=")
_UTF_16 = b"\xff\xfe<\x00", b"\xff\xfe\r\x00", b"\xff\xfe\n\x00"

_EXAMPLE = rb"""
{"@timestamp":"2026-03-02T08:00:01.250Z","winlog":{"provider_name":"Microsoft-Windows-Sysmon","event_id":1,
"channel":"Microsoft-Windows-Sysmon/Operational","computer_name":"ws7.corp.example","record_id":101,
"event_data":{"Image":"C:\\Windows\\System32\\whoami.exe","CommandLine":"whoami /groups","ProcessId":"4120","User":"CORP\\ada",
"ParentImage":"C:\\Windows\\System32\\cmd.exe","IntegrityLevel":"Medium"}}}

{"@timestamp":"2026-03-02T08:00:04.000Z","winlog":{"provider_name":"Microsoft-Windows-Security-Auditing","event_id":4625,
"channel":"Security","computer_name":"dc1.corp.example","record_id":900,
"event_data":{"TargetUserName":"grace","TargetDomainName":"CORP","LogonType":"3","IpAddress":"192.0.2.44",
"Status":"0xc000006d","SubStatus":"0xc000006a","WorkstationName":"WS9"}}}

{"@timestamp":"2026-03-02T08:00:09.500Z","winlog":{"provider_name":"Service Control Manager","event_id":7045,
"channel":"System","computer_name":"ws7.corp.example","record_id":55,"event_data":{"ServiceName":"updater",
"ImagePath":"C:\\Program Files\\Updater\\updater.exe","StartType":"auto start","AccountName":"LocalSystem"}}}

{"@timestamp":"2026-03-02T08:00:10.000Z","winlog":{"provider_name":"Microsoft-Windows-Eventlog","event_id":1102,
"channel":"Security","computer_name":"ws7.corp.example","record_id":901,
"user_data":{"SubjectUserName":"ada","SubjectDomainName":"CORP"}}}
"""
"""One object per paragraph; as lines they are the example."""


class WinLog(Source):
    """Reads Windows events of any provider as JSON lines, JSON arrays or XML, and Sysmon for Linux out of syslog files.

    Forms of JSON: Winlogbeat and the Elastic Agent (``winlog``, also with dotted keys), Winlogbeat 6 (``event_data``), NXLog and other flat
    objects (``EventID``, ``SourceName`` ...), Azure Monitor's tables, `Get-WinEvent | ConvertTo-Json`, and ``Event.System`` as evtx_dump
    writes it. XML: `wevtutil qe /f:xml`, the event viewer's export. Provider and event id decide on the class (``events.windows``); a field
    without a place in OCSF is a column ``unmapped.NAME``.

    A local time without a zone (NXLog's ``EventTime``) is put right by the time that the collector adds. A record whose time is Windows'
    zero, 1601, gets that of its neighbour, or else that of the file. In a syslog file, lines without an event are rejects.
    """

    name: ClassVar[str] = "winlog"
    emits: ClassVar[tuple[EventClass, ...]] = EMITTED

    def __init__(self, origin: Origin | None = None) -> None:
        super().__init__(origin)
        self._lines = JsonLines(self.name)
        self._rows = WindowsRows(self.origin.modified)

    @classmethod
    def example(cls) -> Example:
        lines = [paragraph.replace(b"\n", b"") for paragraph in _EXAMPLE.split(b"\n\n")]
        return Example(b"\n".join(lines) + b"\n", "winlogbeat.ndjson", records=4)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        if _is_xml(head):
            return True
        record = first_record(head)
        line = record.split(b"\n", 1)[0]
        keys = frozenset(k.decode("utf-8", "replace") for k in _KEY.findall(line if len(line) > _SHORT else record))
        return record.startswith(b"{") and (
            _is_windows(keys) or (bool(keys & _SOME) and any(m in record for m in _MARKS))
        )

    @classmethod
    def cut(cls, data: bytes) -> int:
        if not _is_xml(data[:HEAD_BYTES]):
            return whole_records(data)
        return -1 if data.startswith(_UTF_16) else whole_events(data)

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        peeked = Peeked(stream, HEAD_BYTES)
        cut: SourceError | None = None
        try:
            if _is_xml(peeked.head):
                yield from self._xml(peeked)
            else:
                yield from self._json(cast("BinaryIO", peeked))
        except SourceError as error:
            cut = error
        yield from self._rows.batches()
        if self._lines.rejects:
            yield self._lines.rejects.batch()
        if cut:
            raise cut

    def _json(self, stream: BinaryIO) -> Iterator[EventBatch]:
        for block in records(stream):
            if _NESTED.search(block.data, 0, HEAD_BYTES):
                self._nested(block)
            else:
                self._any(block)
            yield from self._rows.full()

    def _nested(self, block: Block) -> None:
        """Read a block that begins with one of the forms that nest the event; a record of another form is read again."""
        others: set[int] = set()
        for form, rows, numbers in _grouped(self._lines.read(block, _quick), _quick_form):
            if form:
                self._take(block, quick(rows), numbers)
            else:
                others.update(numbers)
        if others:
            self._again(block, others)

    def _again(self, block: Block, others: set[int]) -> None:
        """Read some records of a block whole; what the quick reading passed over may be no UTF-8."""
        rows, numbers = [], []
        for number, offset, line in self._lines.texts(block, others):
            row = one(line, _whole)
            if isinstance(row, str):
                self._lines.rejects.add(sequence=number, offset=offset, reason=row, raw=line)
            else:
                rows.append(row)
                numbers.append(number)
        for form, found, at in _grouped([(rows, numbers)], _form):
            self._take(block, _taken(form, found), at)

    def _any(self, block: Block) -> None:
        for form, rows, numbers in _grouped(self._lines.read(block, _whole), _form):
            self._take(block, _taken(form, rows), numbers)

    def _take(self, block: Block, taken: Taken, numbers: Sequence[int]) -> None:
        for reason, odd in self._rows.take(taken, numbers).items():
            self._lines.reject(block, odd, reason)

    def _xml(self, stream: Peeked) -> Iterator[EventBatch]:
        for found in XmlEvents(self._lines.rejects).read(stream):
            odd = self._rows.take(event([f.row for f in found]), [f.number for f in found])
            places = {f.number: f.offset for f in found} if odd else {}
            for reason, numbers in odd.items():
                for number in sorted(numbers):
                    self._lines.rejects.add(sequence=number, offset=places[number], reason=reason)
            yield from self._rows.full()


def _grouped(
    pieces: Iterable[tuple[list[T], Sequence[int]]], form: Callable[[T], str]
) -> Iterator[tuple[str, list[T], list[int]]]:
    """Yield runs of records of one form, with their numbers."""
    pairs = [pair for rows, numbers in pieces for pair in zip(rows, numbers, strict=True)]
    for name, group in groupby(pairs, key=lambda pair: form(pair[0])):
        rows, numbers = zip(*group, strict=True)
        yield name, list(rows), list(numbers)


def _quick_form(row: Quick) -> str:
    return "winlog" if row.winlog is not None else "Event" if row.Event is not None else ""


def _taken(form: str, rows: Sequence[Row]) -> Taken:
    """Return what the form makes of rows."""
    if form == _DOTTED[0]:
        return FORMS["winlog"]([nested(row) for row in rows])
    return FORMS[form](rows) if form else flat(rows)


def _form(row: Row) -> str:
    """Return the key that tells a row's form, nothing for a flat one."""
    for key in FORMS:
        if key in row:
            return key
    return _DOTTED[0] if any(key in row for key in _DOTTED) else ""


def _is_windows(keys: frozenset[str]) -> bool:
    """Say whether the keys of a record, at any depth, are those of a Windows event."""
    if keys & {"winlog", *_DOTTED}:
        return bool(keys & {"channel", "provider_name", "event_id", *_DOTTED})
    if {"event_id", "source_name"} <= keys or {"event_id", "log_name"} <= keys:
        return True
    if "System" in keys:
        return {"Provider", "EventID"} <= keys or {"EventRecordID", "Channel"} <= keys
    known = {head: bool(keys & set(names)) for head, names in FLAT.items()}
    return known["code"] and ("ProviderGuid" in keys or (known["channel"] and (known["provider"] or known["host"])))


def _is_xml(head: bytes) -> bool:
    if head.lstrip()[:1] in {b"{", b"["}:
        return False
    if head.startswith(_UTF_16):
        head = head.decode("utf-16", "replace").encode()
    return bool(_XML_EVENT.search(head.replace(b"'", b'"')))
