"""Packet captures: pcap and pcapng, to flows and to what was said in them.

The steps, each a file: ``container`` (with ``classic`` and ``pcapng``) finds the records; ``link``, ``network`` and ``transport`` read
headers as columns; ``keys``, ``segments``, ``parts`` and ``flows`` assemble flows; ``history`` and ``conn`` say what they were;
``sessions`` reads chosen payloads. There is no Python object per packet anywhere.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, ClassVar

import numpy as np
import polars as pl

from vedette.abc import Example, Origin, Source
from vedette.errors import SourceError
from vedette.events.batch import EventBatch, Rejects
from vedette.events.schema import EventClass
from vedette.sources.pcap import classic, conn, network, pcapng, transport
from vedette.sources.pcap.clock import Clock
from vedette.sources.pcap.container import Buffer, Chunk, Octets
from vedette.sources.pcap.flows import Flows, Membership
from vedette.sources.pcap.fragments import Fragments
from vedette.sources.pcap.keys import spelled
from vedette.sources.pcap.leftover import Leftover
from vedette.sources.pcap.link import locate
from vedette.sources.pcap.packets import TCP, UDP, V6, AddressBook, Packets
from vedette.sources.pcap.parts import Rows
from vedette.sources.pcap.sessions import Sessions

CHUNK_BYTES = 1 << 25
STEP = 1 << 16
"""Packets between two looks at the time-outs; flows are given out at packet numbers divisible by it."""


class Pcap(Source):
    """Packet captures (pcap, pcapng): flows with Zeek's meaning, and what is said by DNS, HTTP, TLS, SSH, SMB, RPC, Kerberos and RDP.

    A flow's ``connection_info.uid`` is the hexadecimal form of the ``flow`` number that its sessions know. Every packet is counted in one
    flow (``records``), in a reject, or in a summary of what is not IP; packets in tunnels make flows of their own, which count no records.
    """

    name = "pcap"
    emits = (
        EventClass.NETWORK_ACTIVITY,
        EventClass.DNS_ACTIVITY,
        EventClass.HTTP_ACTIVITY,
        EventClass.TLS_HANDSHAKE,
        EventClass.SSH_ACTIVITY,
        EventClass.SMB_ACTIVITY,
        EventClass.RPC_ACTIVITY,
        EventClass.RDP_ACTIVITY,
        EventClass.AUTHENTICATION,
        EventClass.EVENT_LOG,
    )
    chunk_bytes: ClassVar[int] = CHUNK_BYTES

    def __init__(self, origin: Origin | None = None) -> None:
        super().__init__(origin)
        self._rejects = Rejects(self.name)
        self._clock = Clock()
        self._flows = Flows()
        self._fragments = Fragments()
        self._leftover = Leftover()
        self._sessions = Sessions(self.origin)

    @classmethod
    def example(cls) -> Example:
        return Example(_example(), "example.pcap", 3)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        if head[:4] == pcapng.MAGIC:
            return head[8:12] in pcapng.ORDER
        return head[:4] in classic.MAGIC and len(head) >= classic.HEADER_BYTES

    @classmethod
    def cut(cls, data: bytes) -> int:
        return -1

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        for chunk in _chunks(stream, self.chunk_bytes, self._rejects):
            for step in chunk.steps(STEP):
                yield from self._step(step)
                if (step.sequence + len(step)) % STEP == 0:
                    yield from self._sessions.batches()
                    yield from self._reports(self._flows.expire(self._clock.now))
                    yield from self._rejected()
        yield from self._sessions.close()
        yield from self._reports(self._flows.close())
        yield from self._leftover.batches()
        yield from self._rejected()

    def _step(self, chunk: Chunk) -> Iterator[EventBatch]:
        """Add consecutive packets to the flows; yield what their payloads said."""
        clock = self._clock.advance(chunk.time)
        packets, book = self._packets(chunk)
        if not len(packets):
            return
        octets = book.octets()
        if (packets.fragment >= 0).any():
            self._fragments.fill(packets, octets)
        row = packets.row
        membership = self._flows.add(
            packets, octets, chunk.sequence + row, chunk.time[row], clock[row], chunk.length[row]
        )
        yield from self._sessions.feed(_payloads(chunk, packets, membership), chunk.data, partial(_addressed, octets))

    def _packets(self, chunk: Chunk) -> tuple[Packets, AddressBook]:
        """Read the headers of a step; refusals become rejects, what is not IP goes to the leftover."""
        book = AddressBook()
        refused: network.Refusals = []
        offset, kind = locate(chunk)
        everything = np.arange(len(chunk))
        frame = network.Frame(everything, offset, chunk.end, chunk.start + chunk.length, kind)
        outer, other = network.read(chunk.data, frame, book, refused)
        self._leftover.add(chunk, kind, other)
        parts = [transport.read(chunk.data, part, refused) for part in outer]
        self._refuse(chunk, refused)
        parts += [p for part in parts for p in _inner(chunk, part, book)]
        return Packets.join([p for p in parts if len(p)] or [network.none()]), book

    def _refuse(self, chunk: Chunk, refused: network.Refusals) -> None:
        for reason, rows in refused:
            first = int(rows[0])
            offset = chunk.origin + int(chunk.start[first])
            raw = chunk.data[chunk.start[first] : chunk.end[first]].tobytes()
            self._rejects.add(sequence=chunk.sequence + first, offset=offset, reason=reason, raw=raw, count=len(rows))

    def _reports(self, rows: Rows) -> Iterator[EventBatch]:
        for begin in range(0, len(rows), STEP):
            part = rows[begin : begin + STEP]
            names = self._sessions.protocols()
            yield conn.batch(part, names)
            for uid in part["uid"].tolist() if names else ():
                names.pop(uid, None)

    def _rejected(self) -> Iterator[EventBatch]:
        if self._rejects:
            yield self._rejects.batch()


def _chunks(stream: BinaryIO, size: int, rejects: Rejects) -> Iterator[Chunk]:
    """Read whichever format the first four bytes announce.

    Raises:
        SourceError: neither.
    """
    buffer = Buffer(stream, size)
    while buffer.left < classic.HEADER_BYTES and buffer.more():
        pass
    magic = bytes(buffer.data[: min(4, buffer.left)])
    if magic == pcapng.MAGIC:
        yield from pcapng.chunks(buffer, rejects)
    elif magic in classic.MAGIC:
        yield from classic.chunks(buffer, rejects)
    else:
        raise SourceError(
            f"not a packet capture: it begins with {magic.hex() or 'nothing'}", hint="pcap or pcapng is read"
        )


def _inner(chunk: Chunk, outer: Packets, book: AddressBook) -> Iterator[Packets]:
    """Yield the packets that tunnels carry; those that make no sense are passed over, as their outer packet is counted."""
    for tunnel, frame in transport.inner(chunk.data, outer):
        parts, _ = network.read(chunk.data, frame, book, [])
        for part in parts:
            part.tunnel = np.full(len(part), tunnel, np.int64)
            yield transport.read(chunk.data, part, [])


def _payloads(chunk: Chunk, packets: Packets, membership: Membership) -> pl.DataFrame:
    """Return the TCP and UDP packets with payload as the sessions want them, in packet order; addresses still as numbers."""
    length = packets.end - packets.start
    spoken = ((packets.protocol == TCP) | (packets.protocol == UDP)) & (packets.fragment < 0)
    rows = np.flatnonzero(spoken & (length > 0) & (packets.length > 0))
    if (np.diff(packets.row[rows]) < 0).any():
        rows = rows[np.argsort(packets.row[rows], kind="stable")]
    outward, source, target = membership.outward[rows], packets.source[rows], packets.target[rows]
    source_port, target_port = packets.source_port[rows].astype(np.int32), packets.target_port[rows].astype(np.int32)
    return pl.DataFrame(
        {
            "sequence": chunk.sequence + packets.row[rows],
            "time": chunk.time[packets.row[rows]],
            "flow": membership.rows["uid"][membership.flow[rows]],
            "from_orig": outward,
            "protocol": packets.protocol[rows].astype(np.int32),
            "kind": packets.kind[rows],
            "source": np.where(outward, source, target),
            "target": np.where(outward, target, source),
            "src_port": np.where(outward, source_port, target_port),
            "dst_port": np.where(outward, target_port, source_port),
            "seq": packets.number[rows].astype(np.uint32),
            "flags": packets.flags[rows].astype(np.uint8),
            "start": packets.start[rows],
            "length": np.minimum(length, packets.length)[rows],
        }
    )


def _addressed(octets: Octets, chosen: pl.DataFrame) -> pl.DataFrame:
    """Return some packets of ``_payloads`` with their addresses as text; ``octets`` are the IPv6 addresses by number."""
    numbers = np.concatenate([chosen["source"].to_numpy(), chosen["target"].to_numpy()])
    long = np.tile(chosen["kind"].to_numpy() == V6, 2)
    texts, index = conn.addresses(spelled(numbers, long, octets), long)
    return chosen.with_columns(src_ip=texts.gather(index[: len(chosen)]), dst_ip=texts.gather(index[len(chosen) :]))


def _example() -> bytes:
    """Return three packets between documentation addresses: a DNS question, its answer without records, and a ping."""
    asked = bytes.fromhex("2b67012000010000000000000377777707") + b"example" + bytes.fromhex("03636f6d0000010001")
    frames = (
        _ipv4(17, "c6336401c0000235", struct.pack(">HHHH", 40000, 53, 8 + len(asked), 0) + asked),
        _ipv4(
            17,
            "c0000235c6336401",
            struct.pack(">HHHH", 53, 40000, 8 + len(asked), 0) + asked[:2] + b"\x81\x83" + asked[4:],
        ),
        _ipv4(1, "c6336401cb007101", bytes.fromhex("0800f7fd00010001")),
    )
    records = (struct.pack("<IIII", 1_700_000_000 + n, 0, len(f), len(f)) + f for n, f in enumerate(frames))
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + b"".join(records)


def _ipv4(protocol: int, addresses: str, payload: bytes) -> bytes:
    """Return an Ethernet frame with an IPv4 packet; the checksum is right."""
    fixed = struct.pack(">BBHHHBB", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol)
    words = struct.unpack(">9H", fixed[:10] + bytes.fromhex(addresses))
    total = sum(words)
    total = (total & 0xFFFF) + (total >> 16)
    checksum = struct.pack(">H", ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF)
    return bytes.fromhex("0200000000010200000000020800") + fixed + checksum + bytes.fromhex(addresses) + payload
