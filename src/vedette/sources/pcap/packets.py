"""Packet columns: the one table that network and transport layers fill and the flows read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from vedette.sources.pcap.container import Flags, Ints, Octets

V4, V6, ASK = 0, 1, 2
"""What the addresses of a packet are: IPv4, IPv6, or IPv4 in an ARP message."""
TUNNELS = ("", "gre", "vxlan", "4in4", "6in4", "4in6", "6in6")
ICMP, TCP, UDP, ICMP6, SCTP = 1, 6, 17, 58, 132
FIN, SYN, RST, ACK = 1, 2, 4, 16
Addresses = npt.NDArray[np.bytes_]


@dataclass(slots=True)
class Packets:
    """Packets of one step that belong to flows; every array is (n,), in packet order within each kind.

    Attributes:
        row: index of the record in the chunk; an inner packet shares that of its outer one.
        kind: ``V4``, ``V6`` or ``ASK``.
        tunnel: index into ``TUNNELS``.
        protocol: IP protocol number; 0 for ARP.
        source: IPv4 address as a number, or the index of an IPv6 address in the book; likewise ``target``.
        source_port: port, or ICMP type; 0 where there is none. ``target_port``: port, or ICMP code.
        flags: TCP flags (ARP: the operation); ``number``: TCP sequence number.
        start: offset of the transport header, then of its payload; ``end``: behind the last captured byte of the datagram.
        length: transport payload bytes on the wire; ``size``: IP bytes on the wire.
        bad: the IP header checksum is wrong.
        fragment: offset of the fragment, -1 for a whole datagram; ``more``: fragments follow; ``ident``: the datagram's id.
    """

    row: Ints
    kind: Ints
    tunnel: Ints
    protocol: Ints
    source: Ints
    target: Ints
    source_port: Ints
    target_port: Ints
    flags: Ints
    number: Ints
    start: Ints
    end: Ints
    length: Ints
    size: Ints
    bad: Flags
    fragment: Ints
    ident: Ints

    def __len__(self) -> int:
        return len(self.row)

    def take(self, rows: Ints | Flags) -> Packets:
        """Return the packets at ``rows``."""
        return Packets(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    @staticmethod
    def join(parts: Sequence[Packets]) -> Packets:
        """Return all packets of ``parts``."""
        if len(parts) == 1:
            return parts[0]
        return Packets(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Packets)})


def blank(rows: Ints, **columns: Ints | Flags | int) -> Packets:
    """Return packets at ``rows`` with the given columns and zero elsewhere (no fragment)."""
    zero: Ints = np.zeros(len(rows), np.int64)
    base: dict[str, Ints | Flags] = {f.name: zero for f in fields(Packets)}
    base |= {"row": rows, "bad": np.zeros(len(rows), np.bool_), "fragment": np.full(len(rows), -1, np.int64)}
    for name, value in columns.items():
        base[name] = np.full(len(rows), value, np.int64) if isinstance(value, int) else value
    return Packets(**base)  # type: ignore[arg-type]


class AddressBook:
    """The IPv6 addresses of one step: each set that is added gets its own run of numbers."""

    def __init__(self) -> None:
        self._sets: list[Addresses] = []
        self._count = 0

    def add(self, source: Addresses, target: Addresses) -> tuple[Ints, Ints]:
        """Return (n,) numbers for two (n,) arrays of 16-byte addresses; equal addresses of one call get equal numbers."""
        known, numbers = np.unique(np.concatenate([source, target]), return_inverse=True)
        numbers = numbers + self._count
        self._sets.append(known)
        self._count += len(known)
        return numbers[: len(source)], numbers[len(source) :]

    def octets(self) -> Octets:
        """Return (n_addresses, 16) bytes, by number."""
        if not self._sets:
            return np.zeros((0, 16), np.uint8)
        return np.concatenate(self._sets).view(np.uint8).reshape(-1, 16)
