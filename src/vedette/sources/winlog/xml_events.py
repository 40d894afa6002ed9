"""Windows events as XML: `wevtutil qe /f:xml`, the event viewer's export, and Sysmon for Linux in a syslog file.

An element ``Event`` is cut out of the stream by search and parsed alone, so neither a document type nor its entities can stand before it;
one with a declaration inside is refused unread.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol
from xml.etree import ElementTree

from vedette.events.batch import Rejects
from vedette.events.lines import LINE_LIMIT_BYTES

PIECE_BYTES = 1 << 20
_END = b"</Event>"
_STARTS = (b"<Event>", b"<Event ")
_FRAME = (b"<?xml", b"<Events", b"</Events", b"</event")
_TOO_LONG = f"an event of more than {LINE_LIMIT_BYTES:,} bytes"
_NO_EVENT = "a line without an event"
_NOT_XML = "not XML"

Row = dict[str, Any]


class Readable(Protocol):
    """What is read from."""

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes."""


class Numbered(NamedTuple):
    """An event, the number of its record, and where it starts."""

    number: int
    offset: int
    row: Row


def whole_events(data: bytes) -> int:
    """Return how many of the first bytes are whole events, with the line break behind the last."""
    end = data.rfind(_END) + len(_END)
    return 0 if end < len(_END) else end + (data[end : end + 1] == b"\n")


class XmlEvents:
    """Reads events out of a stream.

    Args:
        rejects: takes what cannot be read.
    """

    def __init__(self, rejects: Rejects) -> None:
        self.records = 0
        self._rejects = rejects
        self._offset = 0

    def read(self, stream: Readable) -> Iterator[list[Numbered]]:
        """Yield the events, some at a time."""
        held = b""
        skipping = False
        for piece in _utf8(stream):
            held += piece
            if skipping:
                end = held.find(_END)
                skipping = end < 0
                held = self._gone(held, end + len(_END) if end >= 0 else max(0, len(held) - len(_END)))
                if skipping:
                    continue
            cut = held.rfind(_END) + len(_END)
            if cut >= len(_END):
                yield list(self._events(held[:cut]))
                held = held[cut:]
            if len(held) > LINE_LIMIT_BYTES:
                self._reject(_TOO_LONG, held)
                held, skipping = self._gone(held, len(held) - len(_END)), True
        if not skipping:
            self._outside(held, last=True)

    def _gone(self, held: bytes, size: int) -> bytes:
        self._offset += size
        return held[size:]

    def _events(self, data: bytes) -> Iterator[Numbered]:
        for part in data.split(_END)[:-1]:
            begin = max(part.rfind(s) for s in _STARTS)
            self._outside(part if begin < 0 else part[:begin], last=begin < 0)
            if begin >= 0:
                row = event_of(part[begin:] + _END)
                if isinstance(row, str):
                    self._reject(row, part[begin:])
                else:
                    yield Numbered(self.records, self._offset + begin, row)
                    self.records += 1
            self._offset += len(part) + len(_END)

    def _outside(self, text: bytes, last: bool) -> None:
        """Count whole lines beside events as rejects; the last line is what stands before an event on its own line."""
        lines = text.split(b"\n")
        for line in lines if last else lines[:-1]:
            if (bare := line.strip()) and not bare.startswith(_FRAME):
                self._reject(_NO_EVENT, bare)

    def _reject(self, reason: str, raw: bytes) -> None:
        self._rejects.add(sequence=self.records, offset=self._offset, reason=reason, raw=raw)
        self.records += 1


def _utf8(stream: Readable) -> Iterator[bytes]:
    """Yield the stream as UTF-8: what PowerShell writes is UTF-16 with a mark in front."""
    first = b""
    while len(first) < 4 and (more := stream.read(PIECE_BYTES)):  # noqa: PLR2004 - the longest mark
        first += more
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        decode = codecs.getincrementaldecoder("utf-16")("replace").decode
        yield decode(first).encode()
        while data := stream.read(PIECE_BYTES):
            yield decode(data).encode()
        return
    yield first.removeprefix(codecs.BOM_UTF8)
    while data := stream.read(PIECE_BYTES):
        yield data


def event_of(text: bytes) -> Row | str:
    """Return an ``Event`` element as ``json_forms.event`` takes it, or why it cannot be read.

    Example:
        >>> event_of(b"<Event><System><EventID>1</EventID></System><EventData><Data Name='Image'>a</Data></EventData></Event>")
        {'System': {'EventID': '1'}, 'EventData': {'Image': 'a'}}
    """
    if b"<!" in text and b"<!" in text.replace(b"<![CDATA[", b""):
        return "a declaration inside of an event"
    try:
        root = ElementTree.fromstring(text.decode("utf-8", "replace"))  # noqa: S314 - without declarations there are no entities
    except (ElementTree.ParseError, ValueError):
        return _NOT_XML
    parts = {_name(e.tag): e for e in root}
    row: Row = {}
    if (system := parts.get("System")) is not None:
        row["System"] = {_name(e.tag): e.text if e.text else dict(e.attrib) or None for e in system}
    if (data := parts.get("EventData")) is not None:
        row["EventData"] = _data(data)
    if (user := parts.get("UserData")) is not None:
        row["UserData"] = _elements(user)
    return row


def data_of(text: str) -> Row:
    """Return the fields of an ``EventData`` element, such as Azure Monitor keeps; none where it is not one."""
    if "<!" in text or len(text) > LINE_LIMIT_BYTES:
        return {}
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - as above
    except (ElementTree.ParseError, ValueError):
        return {}
    if _name(root.tag) == "DataItem":
        root = next((e for e in root.iter() if _name(e.tag) == "EventData"), root)
    return _data(root)


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _data(element: ElementTree.Element) -> Row:
    out: Row = {}
    unnamed: list[str] = []
    for child in element:
        name = child.get("Name")
        if name is None and _name(child.tag) == "Data":
            unnamed.append(child.text or "")
        else:
            out[name or _name(child.tag)] = child.text or ""
    if unnamed:
        out["Data"] = "\n".join(unnamed)
    return out


def _elements(element: ElementTree.Element) -> Row:
    """Return UserData: the leaves below its one element, by name."""
    return {_name(e.tag): e.text or "" for e in element.iter() if len(e) == 0 and e is not element}
