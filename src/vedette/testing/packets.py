r"""Packets as bytes, with right checksums: for tests, examples and drills. Not for sending.

Each layer is a function from its fields and its payload to bytes, so that a packet reads from the outside in:

    >>> hello = tcp("10.0.0.1", "10.0.0.2", 40000, 80, seq=1, flags=SYN)
    >>> len(ethernet(ipv4("10.0.0.1", "10.0.0.2", TCP, hello)))
    54
"""

from __future__ import annotations

import struct
from functools import lru_cache
from ipaddress import ip_address
from typing import BinaryIO

FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
ICMP, TCP, UDP, ICMP6 = 1, 6, 17, 58
ETHER_IPV4, ETHER_ARP, ETHER_IPV6 = 0x0800, 0x0806, 0x86DD
LINK_ETHERNET = 1
_BROADCAST = b"\xff" * 6


@lru_cache(maxsize=65536)
def packed(address: str) -> bytes:
    """Return an IPv4 or IPv6 address as 4 or 16 bytes."""
    return ip_address(address).packed


@lru_cache(maxsize=65536)
def mac(address: str) -> bytes:
    """Return a locally administered hardware address made from an IP address."""
    return b"\x02\x00" + packed(address)[-4:]


def checksum(data: bytes) -> int:
    """Return the Internet checksum (RFC 1071): a one's complement sum is a remainder modulo 0xFFFF."""
    total = int.from_bytes(data + b"\0" if len(data) % 2 else data, "big")
    rest = total % 0xFFFF
    return 0xFFFF - rest if rest or not total else 0


def ethernet(
    payload: bytes, src: bytes = mac("10.0.0.1"), dst: bytes = mac("10.0.0.2"), kind: int = ETHER_IPV4
) -> bytes:
    """Return an Ethernet II frame, not padded."""
    return b"%b%b%b%b" % (dst, src, kind.to_bytes(2, "big"), payload)


def vlan(payload: bytes, number: int, kind: int = ETHER_IPV4) -> bytes:
    """Return an 802.1Q tag and what it carries: the payload of an Ethernet frame of kind 0x8100 (or 0x88A8)."""
    return struct.pack(">HH", number, kind) + payload


def ipv4(  # noqa: PLR0913 - an argument for each field of the header
    src: str, dst: str, protocol: int, payload: bytes, *, ttl: int = 64, ident: int = 0, fragment: int = 0
) -> bytes:
    """Return an IPv4 packet (RFC 791); ``fragment`` is the field of flags and offset."""
    size = 20 + len(payload)
    head = (
        struct.pack(">BBHHHBBH", 0x45, 0, size, ident & 0xFFFF, fragment, ttl, protocol, 0) + packed(src) + packed(dst)
    )
    return b"%b%b%b%b" % (head[:10], checksum(head).to_bytes(2, "big"), head[12:], payload)


def ipv6(src: str, dst: str, protocol: int, payload: bytes, *, hops: int = 64) -> bytes:
    """Return an IPv6 packet (RFC 8200); extension headers, if any, are part of ``payload``."""
    return struct.pack(">IHBB", 6 << 28, len(payload), protocol, hops) + packed(src) + packed(dst) + payload


def _transport_sum(src: str, dst: str, protocol: int, segment: bytes) -> bytes:
    """Return the checksum over the pseudo header and a segment whose own checksum is 0."""
    return checksum(
        b"%b%b%b%b" % (packed(src), packed(dst), struct.pack(">II", len(segment), protocol), segment)
    ).to_bytes(2)


def tcp(  # noqa: PLR0913 - an argument for each field of the header
    src: str,
    dst: str,
    sport: int,
    dport: int,
    payload: bytes = b"",
    *,
    seq: int = 0,
    ack: int = 0,
    flags: int = ACK,
    window: int = 64240,
    options: bytes = b"",
) -> bytes:
    """Return a TCP segment (RFC 9293); ``options`` are padded to four bytes by the caller."""
    offset = (20 + len(options)) // 4 << 4
    seq, ack = seq & 0xFFFFFFFF, ack & 0xFFFFFFFF
    head = struct.pack(">HHIIBBHHH", sport, dport, seq, ack, offset, flags, window, 0, 0)
    segment = b"%b%b%b" % (head, options, payload)
    return b"%b%b%b" % (segment[:16], _transport_sum(src, dst, TCP, segment), segment[18:])


def udp(src: str, dst: str, sport: int, dport: int, payload: bytes = b"") -> bytes:
    """Return a UDP datagram (RFC 768); a checksum of 0 is sent as 0xFFFF."""
    datagram = struct.pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload
    total = _transport_sum(src, dst, UDP, datagram)
    return b"%b%b%b" % (datagram[:6], total if any(total) else b"\xff\xff", payload)


def icmp(kind: int, code: int = 0, ident: int = 0, sequence: int = 0, payload: bytes = b"") -> bytes:
    """Return an ICMP message (RFC 792) with the header of echo: 8 asks, 0 answers."""
    message = struct.pack(">BBHHH", kind, code, 0, ident, sequence & 0xFFFF) + payload
    return b"%b%b%b" % (message[:2], checksum(message).to_bytes(2, "big"), message[4:])


def icmp6(src: str, dst: str, kind: int, code: int = 0, payload: bytes = b"") -> bytes:
    """Return an ICMPv6 message (RFC 4443); its checksum covers the pseudo header."""
    message = struct.pack(">BBH", kind, code, 0) + payload
    return b"%b%b%b" % (message[:2], _transport_sum(src, dst, ICMP6, message), payload)


def arp(sender: str, target: str, *, reply: bool = False) -> bytes:
    """Return an Ethernet frame with an ARP request (broadcast) or reply (RFC 826)."""
    asked = mac(target) if reply else b"\0" * 6
    body = (
        struct.pack(">HHBBH", 1, ETHER_IPV4, 6, 4, 2 if reply else 1)
        + mac(sender)
        + packed(sender)
        + asked
        + packed(target)
    )
    return ethernet(body, mac(sender), mac(target) if reply else _BROADCAST, ETHER_ARP)


class PcapWriter:
    """Writes a classic pcap file, microseconds, little endian.

    Args:
        stream: where to; the file header is written at once.
        link: the link type, 1 for Ethernet.
        snaplen: bytes kept of each packet; the original length is always told.
    """

    def __init__(self, stream: BinaryIO, link: int = LINK_ETHERNET, snaplen: int = 262144) -> None:
        self._write = stream.write
        self._snaplen = snaplen
        self._write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snaplen, link))

    def write(self, time_us: int, frame: bytes) -> None:
        """Append a packet, captured ``time_us`` microseconds after the epoch."""
        seconds, micros = divmod(time_us, 1_000_000)
        kept = frame[: self._snaplen]
        self._write(struct.pack("<IIII", seconds, micros, len(kept), len(frame)) + kept)
