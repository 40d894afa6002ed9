"""Suricata's EVE JSON: flows, application records, and alerts as findings of their own."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import BinaryIO, ClassVar

import msgspec
import polars as pl

from vedette.abc import Example, Origin, Source
from vedette.events.batch import EventBatch
from vedette.events.jsonlines import JsonLines, one
from vedette.events.lines import Block, blocks
from vedette.events.schema import EventClass
from vedette.sources.suricata.events import EVENTS, event_of
from vedette.sources.suricata.expressions import Event
from vedette.sources.suricata.flows import FLOW
from vedette.sources.suricata.frames import HEAD, SEQUENCE, Fields, batch
from vedette.sources.suricata.netflow import Pairs, Whole
from vedette.sources.suricata.records import Eve
from vedette.sources.suricata.reports import OTHER
from vedette.sources.suricata.windows import kind_of

_KEY = re.compile(rb'"([^"\\]{1,64})" ?:')
_NO_TIME = "no readable time"
_HALVES = "halves"
BLOCK_BYTES = 1 << 24
"""Larger than elsewhere, since a block makes a batch per event type and each has its fixed cost."""
Group = tuple[list[Eve], Sequence[int]]
_decoder = msgspec.json.Decoder(Eve)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])

_EXAMPLE = b"""\
{"timestamp":"2025-07-01T09:00:01.500000+0000","flow_id":11,"event_type":"flow","src_ip":"192.0.2.10","src_port":50100,\
"dest_ip":"198.51.100.5","dest_port":443,"proto":"TCP","app_proto":"tls","flow":{"pkts_toserver":9,"pkts_toclient":8,"bytes_toserver":1514,\
"bytes_toclient":4740,"start":"2025-07-01T09:00:00.000000+0000","end":"2025-07-01T09:00:01.500000+0000","state":"closed",\
"reason":"timeout","alerted":false},"tcp":{"tcp_flags":"1b","tcp_flags_ts":"1b","tcp_flags_tc":"1b"}}
{"timestamp":"2025-07-01T09:00:02.000000+0000","flow_id":12,"event_type":"dns","src_ip":"192.0.2.10","src_port":50101,\
"dest_ip":"198.51.100.7","dest_port":53,"proto":"UDP","dns":{"version":2,"type":"query","id":7,"rrname":"example.org","rrtype":"A"}}
{"timestamp":"2025-07-01T09:00:03.000000+0000","flow_id":13,"event_type":"alert","src_ip":"203.0.113.9","src_port":40000,\
"dest_ip":"192.0.2.10","dest_port":22,"proto":"TCP","alert":{"action":"allowed","gid":1,"signature_id":9000001,"rev":1,\
"signature":"Example scan","category":"Attempted Information Leak","severity":2,"metadata":{"mitre_technique_id":["T1046"]}}}
"""


class Suricata(Source):
    """Suricata's ``eve.json``: flow, netflow, dns, http, tls, quic, ssh, smtp, fileinfo, dhcp, arp, smb, dcerpc, krb5, rdp, alert.

    An alert becomes a finding; an smb record that holds a remote procedure call, or a logon with its result, is that. Other event types are
    Event Log rows and keep their objects in ``unmapped``; of the types above, fields without an OCSF column are not kept. The flow inside
    an alert is not counted again. Where an input has flow events, its netflow events are the same flows a second time, and become Event
    Log rows.
    """

    name: ClassVar[str] = "suricata"
    emits: ClassVar[tuple[EventClass, ...]] = tuple(dict.fromkeys(e.kind for e in (*EVENTS.values(), OTHER)))

    def __init__(self, origin: Origin | None = None) -> None:
        super().__init__(origin)
        self._lines = JsonLines(self.name)
        self._pairs = Pairs()
        self._first_flow: int | None = None

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "eve.json", 3)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        line = head.lstrip().split(b"\n", 1)[0]
        keys = frozenset(_KEY.findall(line)) if line.startswith(b"{") else frozenset()
        return (
            b"timestamp" in keys
            and b"event_type" in keys
            and (b"flow_id" in keys or b"stats" in keys or b"src_ip" in keys)
        )

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        for block in blocks(stream, BLOCK_BYTES):
            fields: dict[str, Fields] = {}
            whole: list[Whole] = []
            for rows, numbers in self._lines.read(block, _decoder):
                for name, group in self._sorted(rows, numbers, whole):
                    fields.setdefault(name, Fields(event_of(name))).extend(*group)
            for name, found in fields.items():
                yield from self._batches(event_of(name), found.frame(), block)
            yield from self._whole(whole)
        yield from self._whole(list(self._pairs.close()))
        if self._lines.rejects:
            yield self._lines.rejects.batch()

    def _sorted(self, rows: list[Eve], numbers: Sequence[int], whole: list[Whole]) -> Iterator[tuple[str, Group]]:
        """Yield the records by type, ``""`` for those without columns; netflow records go to the pairs and come as ``whole`` flows."""
        groups = _by_type(rows, numbers)
        if self._first_flow is None and "flow" in groups:
            self._first_flow = groups["flow"][1][0]
        for kind, group in groups.items():
            for name, part in _with_object(kind, group):
                if name == "netflow":
                    yield from self._paired(part, whole)
                elif name == "smb":
                    yield from _smb_kinds(part)
                else:
                    yield name, part

    def _paired(self, group: Group, whole: list[Whole]) -> Iterator[tuple[str, Group]]:
        rows, numbers = group
        limit = len(numbers) if self._first_flow is None else bisect_left(numbers, self._first_flow)
        for row, number in zip(rows[:limit], numbers[:limit], strict=True):
            whole.extend(self._pairs.feed(row, number))
        if limit < len(numbers):
            yield "", (rows[limit:], numbers[limit:])

    def _batches(self, event: Event, typed: pl.DataFrame, block: Block) -> Iterator[EventBatch]:
        """Yield the rows of one event type; those without a time are rejects."""
        if event is OTHER:
            typed = typed.sort(SEQUENCE)
            typed = typed.with_columns(self._unmapped(block, typed[SEQUENCE].to_list()))
        timeless = typed[event.time].is_null()
        if timeless.any():
            self._lines.reject(block, frozenset(typed[SEQUENCE].filter(timeless)), _NO_TIME)
            typed = typed.filter(~timeless)
        if typed.height:
            yield batch(typed, event)

    def _whole(self, flows: list[Whole]) -> Iterator[EventBatch]:
        """Yield the flows that netflow records have made."""
        if not flows:
            return
        fields = Fields(FLOW)
        fields.extend([row for row, _, _ in flows], [number for _, number, _ in flows])
        typed = fields.frame().with_columns(pl.Series(_HALVES, [halves for _, _, halves in flows], dtype=pl.Int64))
        timeless = typed.filter(pl.col(FLOW.time).is_null())
        if timeless.height:
            self._lines.rejects.add(
                sequence=timeless[SEQUENCE][0], offset=0, reason=_NO_TIME, count=int(timeless[_HALVES].sum())
            )
            typed = typed.filter(pl.col(FLOW.time).is_not_null())
        if typed.height:
            yield batch(typed, FLOW, records=int(typed[_HALVES].sum()))

    def _unmapped(self, block: Block, numbers: Sequence[int]) -> pl.Series:
        """Return what the records hold besides their head, as JSON."""
        texts = []
        for _, _, line in self._lines.texts(block, frozenset(numbers)):
            members = one(line, _members)
            rest = {} if isinstance(members, str) else {k: v for k, v in members.items() if k not in HEAD}
            texts.append(msgspec.json.encode(rest).decode("utf-8", "replace") if rest else None)
        return pl.Series("unmapped", texts, dtype=pl.String)


def _by_type(rows: list[Eve], numbers: Sequence[int]) -> dict[str, Group]:
    """Return the records and their numbers by event type; a loop over rows, which are objects already."""
    kinds = [row.event_type for row in rows]
    groups: dict[str, tuple[list[Eve], list[int]]] = {kind: ([], []) for kind in dict.fromkeys(kinds)}
    if len(groups) == 1:
        return {kinds[0]: (rows, numbers)}
    for kind, row, number in zip(kinds, rows, numbers, strict=True):
        found, at = groups[kind]
        found.append(row)
        at.append(number)
    return dict(groups)


def _smb_kinds(group: Group) -> Iterator[tuple[str, Group]]:
    """Yield smb records by what they are; a loop over rows, which are objects already."""
    rows, numbers = group
    groups: dict[str, tuple[list[Eve], list[int]]] = {}
    for row, number in zip(rows, numbers, strict=True):
        found = groups.setdefault(kind_of(row), ([], []))
        found[0].append(row)
        found[1].append(number)
    yield from groups.items()


def _with_object(kind: str, group: Group) -> Iterator[tuple[str, Group]]:
    """Yield the records that hold the object of their type under its name, all others under ``""``."""
    rows, numbers = group
    objects = list(map(attrgetter(kind), rows)) if kind in EVENTS else [None] * len(rows)
    if None not in objects:
        yield kind, group
        return
    for name, wanted in ((kind, True), ("", False)):
        part = [
            (row, number)
            for row, number, held in zip(rows, numbers, objects, strict=True)
            if (held is not None) is wanted
        ]
        if part:
            yield name, ([row for row, _ in part], [number for _, number in part])
