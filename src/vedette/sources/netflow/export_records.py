"""Packets of flow exporters -> columns: all records of one template at once.

Counts of sampled packets are multiplied by what the exporter says of its sampling, and ``unmapped`` says so. Times are those of the
exporter; where its clock is more than a day off the time of arrival it is put right by that. Records without addresses (of switches and
applications) are no flows, and options tell about the exporter: neither is counted.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

import polars as pl

from vedette.errors import SourceError
from vedette.events.batch import Rejects
from vedette.events.flow_export import (
    FIRST_DATA_SET,
    HEAD,
    IPFIX,
    MAGIC,
    TOLD_BEFORE,
    V5,
    V5_HEAD_BYTES,
    V5_MOST,
    V5_RECORD_BYTES,
    V9,
    VARIABLE,
    Element,
    Set,
    Template,
    Templates,
    framed,
    head_bytes,
    sets,
)
from vedette.sources.netflow.export_columns import Group, Head, flows
from vedette.sources.netflow.export_fields import NEEDED, known, places

BATCH_BYTES = 1 << 20
MOST_SAMPLERS = 1024
_DAY = 86_400_000_000
_FIXED_V5: tuple[tuple[int, int], ...] = (
    (8, 4), (12, 4), (15, 4), (10, 2), (14, 2), (2, 4), (1, 4), (22, 4), (21, 4), (7, 2), (11, 2), (0, 1), (6, 1), (4, 1), (5, 1),
    (0, 8),
)  # fmt: skip
TEMPLATE_V5 = Template(V5, tuple(Element(n, size, 0) for n, size in _FIXED_V5), options=False, raw=b"")
"""Version 5 as a template; 0 stands for what is not read."""


class _Told(NamedTuple):
    """What the head of a datagram says.

    Attributes:
        sent: when it was sent, in microseconds since 1970, put right; ``uptime``: milliseconds since the exporter began.
        shift: what was added to the exporter's clock.
        domain: whose templates count; ``sampling``: of version 5.
    """

    version: int
    sent: int
    uptime: int
    shift: int
    domain: int
    sampling: int


def is_export(head: bytes) -> bool:
    """Say whether ``head`` starts a container of flow packets."""
    return head.startswith(MAGIC)


def read_export(stream: BinaryIO, rejects: Rejects) -> Iterator[pl.DataFrame]:
    """Yield frames of ``FLOWS`` in the order of the packets.

    Raises:
        SourceError: it ends early, or is no container.
    """
    reader = _Reader(rejects)
    data, offset = stream.read(len(MAGIC)), len(MAGIC)
    while len(data) < len(MAGIC) and (more := stream.read(len(MAGIC) - len(data))):
        data += more
    if data != MAGIC:
        raise SourceError("no container of flow packets")
    data = b""
    while more := stream.read(BATCH_BYTES - len(data)):
        data += more
        if len(data) < BATCH_BYTES:
            continue
        used = reader.take(data, offset)
        data, offset = data[used:], offset + used
        yield reader.frame()
    used = reader.take(data, offset)
    yield reader.frame()
    if used < len(data):
        raise SourceError("the container of flow packets ends early")


def told(data: bytes) -> bytes:
    """Return what must stand before the packets that follow those of ``data``, a container: the templates told so far."""
    reader = _Reader(Rejects("netflow"))
    reader.take(data[len(MAGIC) :], 0)
    return MAGIC + b"".join(framed(datagram, 0, TOLD_BEFORE) for datagram in reader.templates.datagrams())


def whole(data: bytes) -> int:
    """Return how many bytes of ``data``, a container, are whole packets."""
    at = len(MAGIC)
    while at + HEAD.size <= len(data):
        size = HEAD.unpack_from(data, at)[0] + HEAD.size
        if at + size > len(data):
            break
        at += size
    return min(at, len(data))


@dataclass(slots=True)
class _Reader:
    """Walks over packets, remembers templates, and gathers the places of records by template."""

    rejects: Rejects
    templates: Templates = field(default_factory=Templates)
    _groups: dict[Template, Group] = field(default_factory=dict)
    _samplers: dict[tuple[int, int, int], int] = field(default_factory=dict)
    _sequence: int = 0
    _data: bytes = b""
    _offset: int = 0

    def take(self, data: bytes, offset: int) -> int:
        """Look at the whole packets of ``data``, which begins at ``offset`` of the stream; return how many bytes they are."""
        self._data = data
        at = 0
        while at + HEAD.size <= len(data):  # a packet's place depends on the length of those before
            size, flags, came = HEAD.unpack_from(data, at)
            start, end = at + HEAD.size, at + HEAD.size + size
            if end > len(data):
                break
            self._offset = offset + at
            self._packet(start, end, came, again=bool(flags & TOLD_BEFORE))
            at = end
        return at

    def frame(self) -> pl.DataFrame:
        """Return the flows of what was taken since the last call."""
        groups, self._groups = self._groups, {}
        return flows(list(groups.values()))

    def _packet(self, start: int, end: int, came: int, *, again: bool) -> None:
        data = self._data
        version = struct.unpack_from(">H", data, start)[0] if end - start > V5_RECORD_BYTES // 3 else 0
        if version == V5:
            self._v5(start, end, came)
        elif version in (V9, IPFIX):
            self._sets(version, start, end, came, again=again)
        else:
            self._odd("no NetFlow version 5, 9 or IPFIX")

    def _odd(self, reason: str, count: int = 1) -> None:
        self.rejects.add(sequence=self._sequence, offset=self._offset, reason=reason, count=count)
        self._sequence += count

    def _v5(self, start: int, end: int, came: int) -> None:
        if end - start < V5_HEAD_BYTES:
            self._odd("a packet shorter than its head")
            return
        _, count, uptime, seconds, nanos, _, engine, sampling = struct.unpack_from(">HHIIIIHH", self._data, start)
        if not 0 < count <= V5_MOST or V5_HEAD_BYTES + count * V5_RECORD_BYTES > end - start:
            self._odd("a packet that does not hold the records that it says")
            return
        sent, shift = _right(seconds * 1_000_000 + nanos // 1000, came)
        head = _Told(V5, sent, uptime, shift, engine, sampling & 0x3FFF)
        begin = start + V5_HEAD_BYTES
        self._gather(TEMPLATE_V5, head, self._data[begin : begin + count * V5_RECORD_BYTES], count)

    def _sets(self, version: int, start: int, end: int, came: int, *, again: bool) -> None:
        data, begin = self._data, start + head_bytes(version)
        if begin > end:
            self._odd("a packet shorter than its head")
            return
        if version == V9:
            _, _, uptime, seconds, _, domain = struct.unpack_from(">HHIIII", data, start)
        else:
            _, length, seconds, _, domain = struct.unpack_from(">HHIII", data, start)
            uptime, end = -1, min(end, start + length)
        sent, shift = _right(seconds * 1_000_000, came)
        head = _Told(version, sent, uptime, shift, domain, 0)
        for part in sets(data, begin, end):
            self._set(head, part, again=again)

    def _set(self, head: _Told, part: Set, *, again: bool) -> None:
        if part.number < 0 or not self.templates.learn(head.version, head.domain, self._data, part):
            self._odd("a damaged set")
            return
        if part.number < FIRST_DATA_SET:
            return
        template = self.templates.of(head.version, head.domain).get(part.number)
        if template is None:
            self._odd("a set whose template was not told yet")
        elif template.options:
            self._sampling(head, template, part)
        elif not again and {known(f) for f in template.fields} >= NEEDED:
            self._records(head, template, part)

    def _records(self, head: _Told, template: Template, part: Set) -> None:
        if template.varies:
            rows = _fixed(template, self._data, part)
            self._gather(template, head, b"".join(rows), len(rows))
        else:
            count = (part.end - part.start) // template.record_bytes
            self._gather(template, head, self._data[part.start : part.start + count * template.record_bytes], count)

    def _gather(self, template: Template, head: _Told, data: bytes, count: int) -> None:
        if not count:
            return
        if template not in self._groups:
            fixed = [f for f in template.fields if f.length != VARIABLE]
            self._groups[template] = Group(sum(f.length for f in fixed), places(fixed))
        group = self._groups[template]
        sampling = head.sampling or self._samplers.get((head.version, head.domain, 0), 0)
        group.data.append(data)
        group.heads.append(Head(count, self._sequence, head.sent, head.shift, head.uptime, sampling))
        if "sampler" in group.places:
            group.samplers = {
                n: r for (v, d, n), r in self._samplers.items() if (v, d) == (head.version, head.domain) and n
            }
        self._sequence += count

    def _sampling(self, head: _Told, template: Template, part: Set) -> None:
        """Remember what the exporter says of its samplers; few records."""
        if template.varies or not template.record_bytes:
            return
        where = places(template.fields)
        for at in range(part.start, part.end - template.record_bytes + 1, template.record_bytes):
            value = {n: int.from_bytes(self._data[at + o : at + o + size]) for n, (o, size) in where.items()}
            rate = value.get("sampling", 0)
            if value.get("sampled"):
                rate = (value["sampled"] + value.get("passed_over", 0)) // value["sampled"]
            if rate and len(self._samplers) < MOST_SAMPLERS:
                self._samplers[head.version, head.domain, value.get("sampler", 0)] = rate
                self._samplers[head.version, head.domain, 0] = rate


def _right(sent: int, came: int) -> tuple[int, int]:
    """Return when a packet was sent, and what was added to the exporter's clock."""
    if came > 0 and abs(sent - came) > _DAY:
        return came, came - sent
    return sent, 0


def _fixed(template: Template, data: bytes, part: Set) -> list[bytes]:
    """Return records without the fields that vary; a record's place depends on those before."""
    rows: list[bytes] = []
    at = part.start
    while at + template.record_bytes <= part.end:
        pieces: list[bytes] = []
        for element in template.fields:
            size = element.length
            if size == VARIABLE:
                size, at = _length(data, at, part.end)
            else:
                pieces.append(data[at : at + size])
            at += size
        if at > part.end:
            break
        rows.append(b"".join(pieces))
    return rows


def _length(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Return the length that stands at ``at``, and where the field begins (RFC 7011, section 7)."""
    if at >= end:
        return 0, end + 1
    if data[at] < 0xFF:  # noqa: PLR2004 - the sign of a longer one
        return data[at], at + 1
    return int.from_bytes(data[at + 1 : at + 3]), at + 3
