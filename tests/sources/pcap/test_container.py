"""File formats: byte orders, resolutions, sections, interfaces, damage."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterable

import numpy as np
import polars as pl
import pytest

from vedette.errors import SourceError
from vedette.events.batch import EventBatch, Rejects
from vedette.events.schema import EventClass
from vedette.sources.pcap import Pcap, pcapng
from vedette.sources.pcap.container import Buffer, Chunk
from vedette.testing import packets as p

A, B = "10.0.0.1", "192.0.2.53"
FRAME = p.ethernet(p.ipv4(A, B, p.UDP, p.udp(A, B, 4000, 9999, b"payload")))
SECOND = 1_700_000_000
MICROS = SECOND * 1_000_000 + 123_456
Read = Callable[..., list[EventBatch]]
Rows = Callable[..., pl.DataFrame]


def classic(order: str, magic: int, tick: int, *, record: int = 16, link: int = 1, frames: int = 2) -> bytes:
    head = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, link)
    packet = struct.pack(order + "IIII", SECOND, tick, len(FRAME), len(FRAME)) + bytes(record - 16) + FRAME
    return head + packet * frames


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    body += bytes(-len(body) % 4)
    length = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + length + body + length


def section(order: str = "<") -> bytes:
    return block(pcapng.SECTION, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(order: str = "<", link: int = 1, options: bytes = b"", snap: int = 0) -> bytes:
    return block(pcapng.INTERFACE, struct.pack(order + "HHI", link, 0, snap) + options, order)


def resolution(code: int, order: str = "<") -> bytes:
    return struct.pack(order + "HHB3xHH", 9, 1, code, 0, 0)


def enhanced(ticks: int, order: str = "<", number: int = 0, frame: bytes = FRAME) -> bytes:
    body = struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame)) + frame
    return block(pcapng.ENHANCED, body, order)


CLASSIC = {
    "little, micro": classic("<", 0xA1B2C3D4, 123_456),
    "big, micro": classic(">", 0xA1B2C3D4, 123_456),
    "little, nano": classic("<", 0xA1B23C4D, 123_456_789),
    "big, nano": classic(">", 0xA1B23C4D, 123_456_789),
    "patched": classic("<", 0xA1B2CD34, 123_456, record=24),
    "with checksum length in the link type": classic("<", 0xA1B2C3D4, 123_456, link=0x54000001),
}
NEW = {
    "little": section() + interface() + enhanced(MICROS) * 2,
    "big": section(">") + interface(">") + enhanced(MICROS, ">") * 2,
    "nano": section() + interface(options=resolution(9)) + enhanced(MICROS * 1000 + 789) * 2,
    "milli": section() + interface(options=resolution(3)) + enhanced(MICROS // 1000) * 2,
    "2^-20 s": section() + interface(options=resolution(0x94)) + enhanced((MICROS << 20) // 1_000_000 + 1) * 2,
    "2^-32 s": section() + interface(options=resolution(0xA0)) + enhanced((MICROS << 32) // 1_000_000 + 1) * 2,
    "two interfaces": section() + interface(link=101) + interface() + enhanced(MICROS, number=1) * 2,
    "two sections": section() + interface(link=101) + section(">") + interface(">") + enhanced(MICROS, ">") * 2,
    "unknown blocks": section()
    + block(0xBAD, b"?")
    + interface()
    + enhanced(MICROS)
    + block(5, bytes(8))
    + enhanced(MICROS),
    "old packet blocks": section()
    + interface()
    + block(2, struct.pack("<HHIIII", 0, 9, MICROS >> 32, MICROS & 0xFFFFFFFF, len(FRAME), len(FRAME)) + FRAME) * 2,
}


@pytest.mark.parametrize("chunk", [1, 30, 77, 1 << 20])
@pytest.mark.parametrize("name", [*CLASSIC, *NEW])
def test_every_variant_gives_the_same_flow(name: str, chunk: int, read: Read, rows: Rows) -> None:
    data = (CLASSIC | NEW)[name]
    assert Pcap.sniff(data[:4096], "")
    batches = read(data, chunk)
    assert sum(b.records for b in batches) == 2
    (flow,) = rows(batches).iter_rows(named=True)
    assert (flow["src_endpoint.port"], flow["traffic.packets_out"], flow["vedette.frame_bytes_out"]) == (
        4000,
        2,
        2 * len(FRAME),
    )
    milli = name == "milli"
    assert flow["start_time"].timestamp() == (MICROS // 1000 * 1000 if milli else MICROS) / 1e6


def test_simple_packets_have_no_time(read: Read, rows: Rows) -> None:
    body = struct.pack("<I", len(FRAME)) + FRAME[:44]
    batches = read(section() + interface(snap=44) + block(pcapng.SIMPLE, body) * 2)
    (flow,) = rows(batches).iter_rows(named=True)
    assert (flow["start_time"].timestamp(), flow["traffic.packets_out"], flow["vedette.frame_bytes_out"]) == (
        0,
        2,
        2 * len(FRAME),
    )


def test_offset_of_interface_times(read: Read, rows: Rows) -> None:
    data = section() + interface(options=struct.pack("<HHqHH", 14, 8, 3600, 0, 0)) + enhanced(MICROS)
    assert rows(read(data))["start_time"].dt.timestamp("us").to_list() == [MICROS + 3_600_000_000]


DAMAGE = {
    "packet cut off by the end of the file": CLASSIC["little, micro"][:-3],
    "packet longer than 256 KiB: the rest is lost": classic("<", 0xA1B2C3D4, 1, frames=1)
    + struct.pack("<IIII", SECOND, 0, 1 << 19, 1 << 19)
    + bytes(1 << 20),
    "block cut off by the end of the file": NEW["little"][:-3],
    "block length is damaged: the rest is lost": section()
    + interface()
    + enhanced(MICROS)
    + struct.pack("<II", 6, 7)
    + bytes(64),
    "section header is damaged: the rest is lost": section()
    + interface()
    + enhanced(MICROS)
    + pcapng.MAGIC
    + bytes(64),
    "packet block without interface, or shorter than its packet": section()
    + interface()
    + enhanced(MICROS)
    + enhanced(MICROS, number=9),
}


@pytest.mark.parametrize("chunk", [1, 64, 1 << 21])
@pytest.mark.parametrize("reason", DAMAGE)
def test_damage_is_a_reject_and_what_was_read_stays(reason: str, chunk: int, read: Read, rows: Rows) -> None:
    batches = read(DAMAGE[reason], chunk)
    assert rows(batches)["traffic.packets_out"].to_list() == [1]
    rejected = rows(batches, EventClass.REJECT)
    assert [d.split(" (first")[0] for d in rejected["status_detail"]] == [reason]
    assert rejected["metadata.sequence"].to_list() == [1]
    assert sum(b.records for b in batches) == 2


@pytest.mark.parametrize("data", [b"", b"\xd4", b"GET / HTTP/1.1\r\n\r\n", CLASSIC["big, micro"][:20]])
def test_what_is_no_capture_is_a_source_error(data: bytes, read: Read) -> None:
    with pytest.raises(SourceError):
        read(data)


@pytest.mark.parametrize("data", [CLASSIC["little, micro"][:24], section(), section() + interface()])
def test_a_capture_without_packets_is_no_error(data: bytes, read: Read) -> None:
    assert read(data) == []


def test_packets_that_are_not_ip_are_counted_by_kind(capture: Callable[..., bytes], read: Read, rows: Rows) -> None:
    batches = read(
        capture([p.ethernet(b"lldp", kind=0x88CC), p.ethernet(bytes(50), kind=50), p.ethernet(b"", kind=0x88CC)])
    )
    assert rows(batches, EventClass.EVENT_LOG).select("message", "count", "metadata.sequence").rows() == [
        ("2 packets of EtherType 0x88cc (LLDP), not IP", 2, 0),
        ("1 packets of IEEE 802.2 LLC, not IP", 1, 1),
    ]
    batches = read(capture([b"wireless"] * 3, link=105))
    assert rows(batches, EventClass.EVENT_LOG)["message"].to_list() == ["3 packets of link type 105, not IP"]


def test_steps_end_at_the_same_packets_however_chunks_fall() -> None:
    def steps(sizes: Iterable[int]) -> list[tuple[int, int]]:
        found, sequence = [], 0
        for size in sizes:
            zero = np.zeros(size, np.int64)
            chunk = Chunk(np.zeros(0, np.uint8), sequence, 0, zero, zero, zero, zero, zero)
            found += [(s.sequence, s.sequence + len(s)) for s in chunk.steps(10)]
            sequence += size
        return found

    assert steps([25]) == [(0, 10), (10, 20), (20, 25)]
    assert {end for _, end in steps([3, 9, 1, 12])} >= {10, 20, 25}


def test_the_buffer_grows_only_when_nothing_can_be_used_up() -> None:
    buffer = Buffer(io.BytesIO(bytes(range(100))), 10)
    assert buffer.more()
    assert (buffer.left, buffer.origin) == (10, 0)
    buffer.begin = 7
    assert buffer.more()
    assert (bytes(buffer.data[: buffer.end]), buffer.origin) == (bytes(range(7, 17)), 7)
    assert buffer.more()
    assert buffer.left == 20


def test_interfaces_are_bounded() -> None:
    rejects = Rejects("pcap")
    buffer = Buffer(io.BytesIO(section() + interface() * (pcapng.INTERFACE_LIMIT + 1)), 1 << 22)
    buffer.more()
    assert list(pcapng.chunks(buffer, rejects)) == []
    assert rejects.batch().frame["status_detail"][0].startswith("more than 65,536 interfaces")
