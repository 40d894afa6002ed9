"""Messages of application protocols, made from their fields, and packets as the pcap source hands them to its sessions."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

PACKETS: dict[str, type[pl.DataType]] = {
    "sequence": pl.Int64,
    "time": pl.Int64,
    "flow": pl.UInt64,
    "from_orig": pl.Boolean,
    "protocol": pl.Int32,
    "src_ip": pl.String,
    "src_port": pl.Int32,
    "dst_ip": pl.String,
    "dst_port": pl.Int32,
    "seq": pl.UInt32,
    "flags": pl.UInt8,
    "start": pl.Int64,
    "length": pl.Int64,
}
TCP, UDP = 6, 17
FIRST_TIME = 1_767_225_600_000_000
STEP_US = 1_000


@dataclass(slots=True)
class Conversation:
    """Packets with payload, one millisecond apart, in the order in which they are added."""

    rows: list[tuple[object, ...]] = field(default_factory=list)
    data: bytearray = field(default_factory=bytearray)
    seqs: dict[tuple[int, bool], int] = field(default_factory=dict)

    def add(  # noqa: PLR0913 - an argument for each column
        self,
        payload: bytes,
        *,
        orig: bool = True,
        flow: int = 1,
        port: int = 80,
        protocol: int = TCP,
        seq: int | None = None,
        later_us: int = 0,
    ) -> Conversation:
        """Add a packet; ``seq`` continues that direction's stream by default, ``later_us`` moves the clock for good."""
        at = self.seqs.get((flow, orig), 1_000) if seq is None else seq
        self.seqs[flow, orig] = (at + len(payload)) & 0xFFFF_FFFF
        before = int(str(self.rows[-1][1])) if self.rows else FIRST_TIME - STEP_US
        ends = ("10.0.0.1", 40_000 + flow % 1_000, "192.0.2.9", port)
        row = (
            len(self.rows),
            before + STEP_US + later_us,
            flow,
            orig,
            protocol,
            *ends,
            at,
            0x18,
            len(self.data),
            len(payload),
        )
        self.rows.append(row)
        self.data += payload
        return self

    def packets(self, start: int = 0, stop: int | None = None) -> pl.DataFrame:
        """Return the packets as a frame; ``start`` counts in ``data``."""
        return pl.DataFrame(self.rows[start:stop], schema=PACKETS, orient="row")


def dns_name(name: str) -> bytes:
    """Return a name in wire form, without compression."""
    labels = [part.encode() for part in name.split(".") if part]
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def dns_message(
    name: str, kind: int = 1, *, ident: int = 1, flags: int = 0x0100, answers: Iterable[tuple[int, int, bytes]] = ()
) -> bytes:
    """Return a message with one question and answers (type, time-to-live, data) that point back to its name."""
    records = [b"\xc0\x0c" + struct.pack("!HHIH", k, 1, ttl, len(data)) + data for k, ttl, data in answers]
    head = struct.pack("!HHHHHH", ident, flags, 1, len(records), 0, 0)
    return head + dns_name(name) + struct.pack("!HH", kind, 1) + b"".join(records)


def tls_extension(kind: int, body: bytes) -> bytes:
    """Return an extension of a hello."""
    return struct.pack("!HH", kind, len(body)) + body


def words(values: Sequence[int]) -> bytes:
    """Return a list of two-byte numbers behind its length in bytes."""
    return struct.pack(f"!H{len(values)}H", 2 * len(values), *values)


def tls_record(kind: int, body: bytes, *, record_bytes: int = 16_384) -> bytes:
    """Return a handshake message in as many records as it needs."""
    message = bytes((kind,)) + len(body).to_bytes(3, "big") + body
    parts = [message[i : i + record_bytes] for i in range(0, len(message), record_bytes)]
    return b"".join(b"\x16\x03\x01" + struct.pack("!H", len(part)) + part for part in parts)


def client_hello(
    ciphers: Sequence[int], extensions: Iterable[bytes], *, version: int = 0x0303, record_bytes: int = 16_384
) -> bytes:
    """Return a client hello."""
    tail = b"".join(extensions)
    body = struct.pack("!H", version) + bytes(range(32)) + b"\0" + words(ciphers) + b"\x01\0"
    return tls_record(1, body + (struct.pack("!H", len(tail)) + tail if tail else b""), record_bytes=record_bytes)


def server_hello(
    cipher: int, extensions: Iterable[bytes] = (), *, version: int = 0x0303, random: bytes = bytes(32)
) -> bytes:
    """Return a server hello."""
    tail = b"".join(extensions)
    body = struct.pack("!H", version) + random + b"\0" + struct.pack("!H", cipher) + b"\0"
    return tls_record(2, body + (struct.pack("!H", len(tail)) + tail if tail else b""))


def server_name(name: str) -> bytes:
    """Return a server name extension (RFC 6066)."""
    raw = name.encode()
    return tls_extension(0, struct.pack("!HBH", len(raw) + 3, 0, len(raw)) + raw)


def alpn(*protocols: bytes) -> bytes:
    """Return a protocol negotiation extension (RFC 7301)."""
    raw = b"".join(bytes((len(p),)) + p for p in protocols)
    return tls_extension(16, struct.pack("!H", len(raw)) + raw)


def ssh_offer(lists: Sequence[str]) -> bytes:
    """Return an SSH_MSG_KEXINIT packet with ten name lists (RFC 4253, 7.1)."""
    names = [name.encode() for name in lists]
    body = b"\x14" + bytes(16) + b"".join(struct.pack("!I", len(n)) + n for n in names) + bytes(5)
    return struct.pack("!IB", len(body) + 5, 4) + body + bytes(4)
