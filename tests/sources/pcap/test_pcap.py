"""The whole source: mutated bytes, real captures, chunk sizes."""

from __future__ import annotations

import io
import random
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.errors import SourceError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.sources.pcap import Pcap
from vedette.testing import packets as p

A, B, A6, B6 = "10.0.0.1", "192.0.2.53", "2001:db8::1", "2001:db8::2"
Read = Callable[..., list[EventBatch]]
FRAMES = [
    p.ethernet(p.ipv4(A, B, p.TCP, p.tcp(A, B, 40000, 80, flags=p.SYN))),
    p.ethernet(p.ipv4(B, A, p.TCP, p.tcp(B, A, 80, 40000, flags=p.SYN | p.ACK, options=bytes(4)))),
    p.ethernet(p.ipv4(A, B, p.TCP, p.tcp(A, B, 40000, 80, b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", seq=1))),
    p.ethernet(
        p.vlan(p.ipv6(A6, B6, 0, b"\x11\0" + bytes(6) + p.udp(A6, B6, 5, 53, bytes(30))), 3, 0x86DD), kind=0x8100
    ),
    p.ethernet(p.ipv4(A, B, 47, b"\0\0\x08\0" + p.ipv4(B, A, p.ICMP, p.icmp(8)))),
    p.ethernet(p.ipv4(A, B, p.UDP, p.udp(A, B, 9, 4789, b"\x08" + bytes(7) + p.arp(A, B)))),
    p.ethernet(p.ipv4(A, B, p.UDP, p.udp(A, B, 9, 7, bytes(24)), ident=5, fragment=0x2000)),
    p.arp(A, B),
]


@pytest.fixture(scope="module")
def seeds(capture: Callable[..., bytes]) -> list[bytes]:
    """Return a classic capture and the same packets as pcapng."""
    old = capture(FRAMES)
    blocks = bytes.fromhex(
        "0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000010000001400000001000000000000001400000000"
    )[:-1]
    for frame in FRAMES:
        body = bytes(12) + len(frame).to_bytes(4, "little") * 2 + frame + bytes(-len(frame) % 4)
        length = (12 + len(body)).to_bytes(4, "little")
        blocks += b"\6\0\0\0" + length + body + length
    return [old, blocks]


@settings(max_examples=100, deadline=None)
@given(
    which=st.integers(0, 1),
    edits=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=8),
    cut=st.integers(0, 2000),
)
def test_mutated_captures_give_rows_rejects_or_a_source_error(
    which: int, edits: list[tuple[int, int]], cut: int, seeds: list[bytes]
) -> None:
    data = bytearray(seeds[which])
    for place, value in edits:
        data[place % len(data)] = value
    del data[len(data) - cut % 100 :]
    outcomes = [_outcome(bytes(data), chunk) for chunk in (1 << 20, 50)]
    assert outcomes[0] == outcomes[1]


def _outcome(data: bytes, chunk: int) -> object:
    """Return the flows and the records of a capture, or the error."""
    source = Pcap()
    source.chunk_bytes = chunk  # type: ignore[misc]
    frames, records = [], 0
    try:
        for batch in source.read(io.BytesIO(data)):
            records += batch.records
            if batch.kind is EventClass.NETWORK_ACTIVITY:
                frames += batch.frame.rows()
    except SourceError as error:
        return str(error)
    return frames, records


def test_the_seed_is_whole(seeds: list[bytes], read: Read) -> None:
    for data in seeds:
        batches = read(data)
        assert sum(b.records for b in batches) == len(FRAMES)
        assert not [b for b in batches if b.kind is EventClass.REJECT]


def test_flows_end_while_the_capture_goes_on(
    capture: Callable[..., bytes], read: Read, rows: Callable[..., pl.DataFrame]
) -> None:
    frames = [(n / 100, p.ethernet(p.ipv4(A, B, p.UDP, p.udp(A, B, 1000 + n // 8192, 7)))) for n in range(140_000)]
    data = capture(frames)
    whole, pieces = read(data), read(data, 1 << 16)
    flows = [b for b in whole if b.kind is EventClass.NETWORK_ACTIVITY]
    assert len(flows) > 1
    assert [b.frame.height for b in flows] == [b.frame.height for b in pieces if b.kind is EventClass.NETWORK_ACTIVITY]
    assert rows(whole).equals(rows(pieces))
    assert sum(b.records for b in whole) == len(frames)


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    packed = io.BytesIO(archive.read_bytes())
    with zstandard.ZstdDecompressor().stream_reader(packed) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is not None:
                yield member.name, content.read()


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize(
    "folder",
    [
        "pcap-attack",
        "pcap-markofu",
        "pcap-stopddos",
        "pcap-suricata-verify",
        "pcap-tcpdump-malformed",
        "pcap-zeek-traces",
        "slips-dataset",
    ],
)
def test_real_captures_are_read_to_their_end(folder: str, shared_data: Path, read: Read) -> None:
    count = 0
    for name, data in _members(shared_data / "net" / folder / f"{folder}.tar.zst"):
        if Pcap.sniff(data[:4096], name):
            count += 1
            whole = read(data)
            if random.Random(count).random() < 0.05 and len(data) < 1 << 16:
                assert sum(b.records for b in whole) == sum(b.records for b in read(data, 100)), name
    assert count
