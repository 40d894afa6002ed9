"""Packets carry right lengths and checksums: the receiver's rule (RFC 1071) is applied to each."""

from __future__ import annotations

import io
import struct

import pytest

from vedette.testing import packets as p

SRC, DST = "10.0.0.1", "192.0.2.9"
SRC6, DST6 = "2001:db8::1", "2001:db8::2"


def ones_sum(data: bytes) -> int:
    """Add 16-bit words with end-around carry, word by word: the slow definition."""
    total = 0
    for (word,) in struct.iter_unpack(">H", data + b"\0" * (len(data) % 2)):
        total += word
        total = (total & 0xFFFF) + (total >> 16)
    return total


def pseudo(src: str, dst: str, protocol: int, segment: bytes) -> bytes:
    return p.packed(src) + p.packed(dst) + struct.pack(">II", len(segment), protocol) + segment


@pytest.mark.parametrize(
    "data", [b"", b"\0\0", b"\xff\xff", b"\xff\xff\xff\xff", b"abc", bytes(range(255)), b"\x80\x01" * 9]
)
def test_checksum_is_the_complement_of_the_word_sum(data: bytes) -> None:
    assert p.checksum(data) == 0xFFFF - ones_sum(data)


@pytest.mark.parametrize("payload", [b"", b"x", b"hello", b"\0" * 1460])
@pytest.mark.parametrize(("src", "dst"), [(SRC, DST), (SRC6, DST6)])
def test_transport_checksums_verify(payload: bytes, src: str, dst: str) -> None:
    segment = p.tcp(src, dst, 1, 2, payload, seq=2**32 + 5, flags=p.PSH | p.ACK, options=b"\x02\x04\x05\xb4")
    assert ones_sum(pseudo(src, dst, p.TCP, segment)) == 0xFFFF
    assert segment[4:8] == b"\0\0\0\x05"
    assert segment[24:] == payload
    datagram = p.udp(src, dst, 53, 53, payload)
    assert ones_sum(pseudo(src, dst, p.UDP, datagram)) == 0xFFFF
    assert struct.unpack(">H", datagram[4:6])[0] == len(datagram)


def test_headers_verify() -> None:
    packet = p.ipv4(SRC, DST, p.UDP, b"four", ttl=9, ident=70000)
    assert ones_sum(packet[:20]) == 0xFFFF
    assert struct.unpack(">H", packet[2:4])[0] == len(packet) == 24
    assert ones_sum(p.icmp(8, ident=7, sequence=1, payload=b"ping")) == 0xFFFF
    message = p.icmp6(SRC6, DST6, 135, payload=p.packed(DST6))
    assert ones_sum(pseudo(SRC6, DST6, p.ICMP6, message)) == 0xFFFF
    assert p.ipv6(SRC6, DST6, p.ICMP6, message)[4:6] == len(message).to_bytes(2, "big")


def test_arp_asks_everybody_and_answers_one() -> None:
    ask, answer = p.arp(SRC, DST), p.arp(DST, SRC, reply=True)
    assert (ask[:6], answer[:6]) == (b"\xff" * 6, p.mac(SRC))
    assert (ask[12:14], ask[20:22], answer[20:22]) == (b"\x08\x06", b"\0\x01", b"\0\x02")
    assert ask[28:32] == p.packed(SRC)
    assert ask[38:42] == p.packed(DST)


def test_writer_cuts_to_the_snap_length_and_tells_the_whole() -> None:
    stream = io.BytesIO()
    writer = p.PcapWriter(stream, snaplen=60)
    writer.write(1_700_000_000_000_001, p.ethernet(p.vlan(b"x" * 80, 7), kind=0x8100))
    data = stream.getvalue()
    assert struct.unpack("<I", data[20:24])[0] == p.LINK_ETHERNET
    assert struct.unpack("<IIII", data[24:40]) == (1_700_000_000, 1, 60, 98)
    assert len(data) == 24 + 16 + 60
