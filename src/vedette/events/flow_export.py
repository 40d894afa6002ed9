"""Packets of flow exporters as they are kept: NetFlow version 5 (Cisco), version 9 (RFC 3954) and IPFIX (RFC 7011).

The container: ``MAGIC``, then datagrams, each after a head of 12 bytes in network order: its length (16 bits), 1 where it only tells
templates that were told before and counts as no record (16 bits), when it came in microseconds since 1970 (64 bits).

Versions 9 and 10 describe their records by templates, which come now and then. ``Templates`` remembers those of one exporter, and writes
them as datagrams again, so that every part of what an exporter sent can be read alone.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

MAGIC = b"vedette flow packets 1\n"
HEAD = struct.Struct(">HHq")
TOLD_BEFORE = 1
V5, V9, IPFIX = 5, 9, 10
V5_HEAD_BYTES, V5_RECORD_BYTES, V5_MOST = 24, 48, 30
FIRST_DATA_SET = 256

MOST_DOMAINS = 64
MOST_TEMPLATES = 256
"""Of one domain; the one told longest ago goes first."""
MOST_FIELDS = 256
SPOKEN = 0x7FFF
"""The sign of an enterprise's own element."""
VARIABLE = 0xFFFF
"""The length of a field whose length stands before it."""
SAMPLING = frozenset({34, 50, 305, 306})
"""Elements that tell how many packets stand for one: options with one of these are remembered."""

_SET = struct.Struct(">HH")
_PAIR = struct.Struct(">HH")
_TEMPLATES = {V9: 0, IPFIX: 2}
_OPTIONS = {V9: 1, IPFIX: 3}
_HEAD_BYTES = {V9: 20, IPFIX: 16}
_DATAGRAM_BYTES = 1400
_ENTERPRISE = 0x8000


class Element(NamedTuple):
    """One field of a template: its number, bytes (``VARIABLE``: told in the record), and whose number it is (0: IANA's)."""

    number: int
    length: int
    enterprise: int


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """How records of one set look.

    Attributes:
        number: that sets name it by.
        fields: in order, scopes first.
        options: it describes the exporter, not flows.
        raw: the template as it was written.
    """

    number: int
    fields: tuple[Element, ...]
    options: bool
    raw: bytes

    @property
    def record_bytes(self) -> int:
        """Bytes of a record; the least where fields vary."""
        return sum(1 if f.length == VARIABLE else f.length for f in self.fields)

    @property
    def varies(self) -> bool:
        """Whether records differ in length."""
        return any(f.length == VARIABLE for f in self.fields)


class Set(NamedTuple):
    """A part of a datagram: which template, and where its records lie."""

    number: int
    start: int
    end: int


@dataclass(slots=True)
class _Domain:
    templates: dict[int, Template] = field(default_factory=dict)
    told: dict[int, bytes] = field(default_factory=dict)  # options template -> its last set that tells the sampling


class Templates:
    """What one exporter told so far; bounded."""

    def __init__(self) -> None:
        self._domains: dict[tuple[int, int], _Domain] = {}
        self.changes = 0
        """Grows with every template and option that is new or other than before."""

    def of(self, version: int, domain: int) -> dict[int, Template]:
        """Return the templates of a domain by number."""
        found = self._domains.get((version, domain))
        return found.templates if found else {}

    def learn(self, version: int, domain: int, data: bytes, part: Set) -> bool:
        """Remember what a set tells; False where it is damaged. Sets of flows tell nothing."""
        known = self._domain(version, domain)
        if part.number in (_TEMPLATES[version], _OPTIONS[version]):
            return self._templates(known, version, data, part)
        template = known.templates.get(part.number)
        if template and template.options and any(f.number in SAMPLING for f in template.fields):
            raw = data[part.start - _SET.size : part.end]
            if len(raw) <= _DATAGRAM_BYTES and known.told.get(part.number) != raw:
                known.told[part.number] = raw
                self.changes += 1
        return True

    def datagrams(self) -> Iterator[bytes]:
        """Yield all that is known as datagrams."""
        for (version, domain), known in self._domains.items():
            parts = [
                _set(_OPTIONS[version] if t.options else _TEMPLATES[version], t.raw) for t in known.templates.values()
            ]
            parts += [raw for number, raw in known.told.items() if number in known.templates]
            held: list[bytes] = []
            for part in parts:
                if held and sum(map(len, held)) + len(part) > _DATAGRAM_BYTES:
                    yield _datagram(version, domain, held)
                    held = []
                held.append(part)
            if held:
                yield _datagram(version, domain, held)

    def _domain(self, version: int, domain: int) -> _Domain:
        key = version, domain
        if key not in self._domains and len(self._domains) >= MOST_DOMAINS:
            del self._domains[next(iter(self._domains))]
        return self._domains.setdefault(key, _Domain())

    def _templates(self, known: _Domain, version: int, data: bytes, part: Set) -> bool:
        options = part.number == _OPTIONS[version]
        at = part.start
        while at + 4 <= part.end:  # where a template begins is known when the one before was read
            found = _template(version, data, at, part.end, options=options)
            if found is None:
                return part.end - at < 8 and not any(data[at : part.end])  # noqa: PLR2004 - only padding
            at += len(found.raw)
            before = known.templates.pop(found.number, None)
            if found.fields:
                known.templates[found.number] = found
            if before is None or before.raw != found.raw:
                self.changes += 1
                known.told.pop(found.number, None)
            if len(known.templates) > MOST_TEMPLATES:
                del known.templates[next(iter(known.templates))]
        return True


def framed(datagram: bytes, came: int, flags: int = 0) -> bytes:
    """Return a datagram as the container holds it."""
    return HEAD.pack(len(datagram), flags, came) + datagram


def sets(data: bytes, start: int, end: int) -> Iterator[Set]:
    """Yield the parts of a datagram of version 9 or 10, without their heads; what is damaged ends it with a part of number -1."""
    at = start
    while at + _SET.size <= end:  # where a set begins is known when the one before was read
        number, size = _SET.unpack_from(data, at)
        if size < _SET.size or at + size > end:
            yield Set(-1, at, end)
            return
        yield Set(number, at + _SET.size, at + size)
        at += size


def head_bytes(version: int) -> int:
    """Return how many bytes stand before the sets of a datagram."""
    return _HEAD_BYTES[version]


def _template(version: int, data: bytes, at: int, end: int, *, options: bool) -> Template | None:
    """Return the template at ``at``, or None where it is none."""
    number, count = _PAIR.unpack_from(data, at)
    begin = at + 4
    if options:
        if begin + 2 > end:
            return None
        (second,) = struct.unpack_from(">H", data, begin)
        begin += 2
        count = (count + second) // 4 if version == V9 else count
    if number < FIRST_DATA_SET or count > MOST_FIELDS:
        return None
    fields = []
    for _ in range(count):  # a field's place depends on those before: some have an enterprise
        if begin + 4 > end:
            return None
        element, length = _PAIR.unpack_from(data, begin)
        begin += 4
        enterprise = 0
        if version == IPFIX and element & _ENTERPRISE:
            if begin + 4 > end:
                return None
            (enterprise,) = struct.unpack_from(">I", data, begin)
            begin += 4
            element &= SPOKEN
        fields.append(Element(element, length, enterprise))
    return Template(number, tuple(fields), options, data[at:begin])


def _set(number: int, content: bytes) -> bytes:
    padding = -len(content) % 4
    return _SET.pack(number, _SET.size + len(content) + padding) + content + bytes(padding)


def _datagram(version: int, domain: int, parts: list[bytes]) -> bytes:
    body = b"".join(parts)
    if version == V9:
        return struct.pack(">HHIIII", version, len(parts), 0, 0, 0, domain) + body
    return struct.pack(">HHIII", version, _HEAD_BYTES[IPFIX] + len(body), 0, 0, domain) + body
