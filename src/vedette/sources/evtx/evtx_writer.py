"""Writes small EVTX files, for the example, tests and drills: what we know of the format, the other way round.

Format: Joachim Metz, "Windows XML Event Log (EVTX) format" (libevtx documentation), and MS-EVEN6 2.2.12 for the binary XML. Elements are
written without templates, their names in place; Windows uses templates, which readers take as well as this.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

CHUNK_BYTES = 1 << 16
HEADER_BYTES = 4096
_CHUNK_HEADER = 512
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_FRAGMENT = b"\x0f\x01\x01\x00"
_OPEN, _OPEN_WITH, _CLOSE_START, _CLOSE_EMPTY, _CLOSE, _VALUE, _ATTRIBUTE, _MORE = (
    0x01,
    0x41,
    0x02,
    0x03,
    0x04,
    0x05,
    0x06,
    0x46,
)
_STRING = 0x01


@dataclass(frozen=True, slots=True)
class Element:
    """An XML element: its attributes, then its text or its children."""

    name: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: Sequence[Element] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """An event to write.

    Attributes:
        user_data: the element that stands in UserData; without one the event has EventData with ``fields``.
    """

    time: datetime
    provider: str
    code: int
    channel: str
    host: str
    fields: Mapping[str, str] = field(default_factory=dict)
    user_data: str = ""

    def element(self, record: int) -> Element:
        """Return the event as XML."""
        stamp = self.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
        system = Element(
            "System",
            children=(
                Element("Provider", attributes={"Name": self.provider}),
                Element("EventID", str(self.code)),
                Element("Level", "4"),
                Element("TimeCreated", attributes={"SystemTime": stamp}),
                Element("EventRecordID", str(record)),
                Element("Channel", self.channel),
                Element("Computer", self.host),
            ),
        )
        if self.user_data:
            inner = Element(self.user_data, children=[Element(k, v) for k, v in self.fields.items()])
            data = Element("UserData", children=[inner])
        else:
            data = Element("EventData", children=[Element("Data", v, {"Name": k}) for k, v in self.fields.items()])
        return Element("Event", children=(system, data))


def evtx(events: Sequence[Written], per_chunk: int = 50, first: int = 1, dirty: bool = False) -> bytes:
    """Return a file of events.

    Args:
        events: in the order of their record ids.
        per_chunk: events of each chunk of 64 KiB.
        first: the first record id.
        dirty: say that the file was not closed, as a copy of a live log does.
    """
    parts = [events[i : i + per_chunk] for i in range(0, len(events), per_chunk)]
    chunks = [_chunk(part, first + i * per_chunk) for i, part in enumerate(parts)]
    head = struct.pack(
        "<8sQQQIHHHH",
        b"ElfFile\0",
        0,
        max(len(chunks) - 1, 0),
        first + len(events),
        128,
        1,
        3,
        HEADER_BYTES,
        len(chunks),
    )
    head = head.ljust(120, b"\0")
    head += struct.pack("<II", int(dirty), zlib.crc32(head))
    return head.ljust(HEADER_BYTES, b"\0") + b"".join(chunks)


def _chunk(events: Sequence[Written], first: int) -> bytes:
    body = b""
    last_offset = _CHUNK_HEADER
    for number, written in enumerate(events, first):
        last_offset = _CHUNK_HEADER + len(body)
        body += _record(written, number, last_offset)
    free = _CHUNK_HEADER + len(body)
    if free > CHUNK_BYTES:
        raise ValueError(f"{len(events)} events make {free} bytes, more than a chunk of {CHUNK_BYTES}")
    last = first + len(events) - 1
    head = struct.pack("<8sQQQQIIII", b"ElfChnk\0", first, last, first, last, 128, last_offset, free, zlib.crc32(body))
    head = head.ljust(120, b"\0")
    tables = bytes(_CHUNK_HEADER - 128)
    head += struct.pack("<II", 0, zlib.crc32(tables, zlib.crc32(head)))
    return (head + tables + body).ljust(CHUNK_BYTES, b"\0")


def _record(written: Written, number: int, offset: int) -> bytes:
    ticks = (written.time.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1) * 10
    xml = _FRAGMENT + _element(written.element(number), offset + 24 + len(_FRAGMENT)) + b"\0"
    size = 24 + len(xml) + 4
    return struct.pack("<4sIQQ", b"**\0\0", size, number, ticks) + xml + struct.pack("<I", size)


def _name(name: str, offset: int) -> bytes:
    """Return a reference to a name that follows at once; ``offset`` is where the reference stands in the chunk."""
    code = 0
    for letter in name:
        code = (code * 65_599 + ord(letter)) & 0xFFFFFFFF
    text = name.encode("utf-16-le")
    return struct.pack("<IIHH", offset + 4, 0, code & 0xFFFF, len(name)) + text + b"\0\0"


def _value(text: str) -> bytes:
    data = text.encode("utf-16-le")
    return struct.pack("<BBH", _VALUE, _STRING, len(data) // 2) + data


def _element(element: Element, offset: int) -> bytes:
    """Return an element's binary XML; ``offset`` is where it stands in the chunk, since names refer to themselves."""
    at = offset + 5  # token, size; outside of templates an element names no dependency
    head = _name(element.name, at)
    attributes = b""
    if element.attributes:
        start = at + len(head) + 4
        rest = len(element.attributes)
        for name, text in element.attributes.items():
            rest -= 1
            token = bytes([_MORE if rest else _ATTRIBUTE])
            attributes += token + _name(name, start + len(attributes) + 1) + _value(text)
        attributes = struct.pack("<I", len(attributes)) + attributes
    inner = head + attributes
    if element.children or element.text:
        inner += bytes([_CLOSE_START])
        if element.text:
            inner += _value(element.text)
        for child in element.children:
            inner += _element(child, at + len(inner))
        inner += bytes([_CLOSE])
    else:
        inner += bytes([_CLOSE_EMPTY])
    return struct.pack("<BI", _OPEN_WITH if attributes else _OPEN, len(inner)) + inner
