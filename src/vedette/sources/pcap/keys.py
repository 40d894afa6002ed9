"""Which packets belong together: canonical 5-tuples packed in two integers, and their groups by one sort."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vedette.sources.pcap.container import Flags, Ints, Octets
from vedette.sources.pcap.packets import ICMP, ICMP6, V6, Packets

Words = npt.NDArray[np.uint64]

KEY = np.dtype(
    [
        ("lower", "V16"),
        ("upper", "V16"),
        ("lower_port", "<u2"),
        ("upper_port", "<u2"),
        ("protocol", "u1"),
        ("kind", "u1"),
        ("tunnel", "u1"),
    ]
)
"""A flow's identity across steps. For ICMP the ports are type and code, whichever way the packet went."""
_REPLIES = {
    ICMP: {0: 8, 9: 10, 14: 13, 16: 15, 18: 17},
    ICMP6: {129: 128, 131: 130, 134: 133, 136: 135, 140: 139, 145: 144},
}
"""ICMP types that answer another type: one flow with it (RFC 792, 950, 1256, 4443, 2710, 4861, 4620, 6275)."""
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))


@dataclass(frozen=True, slots=True)
class Grouping:
    """Packets in groups of equal key.

    Attributes:
        order: (n,) packet indices, group by group, in packet order within each.
        start: (n_groups,) index into ``order`` where each group starts.
        keys: (n_groups,) of ``KEY``.
        side: (n,) 1 where the packet came from the upper endpoint, in packet order.
    """

    order: Ints
    start: Ints
    keys: npt.NDArray[np.void]
    side: Ints


def group(packets: Packets, octets: Octets) -> Grouping:
    """Group packets by unordered endpoints, ports, protocol and tunnel; ``octets`` are the IPv6 addresses by number."""
    icmp = _icmp_types(packets)
    here, there = packets.source << 16, packets.target << 16
    if icmp is None:
        here, there = here | packets.source_port, there | packets.target_port
    else:
        plain = icmp < 0
        here, there = here | np.where(plain, packets.source_port, 0), there | np.where(plain, packets.target_port, 0)
    side = here > there
    lower, upper = np.minimum(here, there), np.maximum(here, there)
    first = lower.astype(np.uint64) << np.uint64(16) | (
        packets.protocol << 8 | packets.kind << 4 | packets.tunnel
    ).astype(np.uint64)
    second = upper.astype(np.uint64)
    if icmp is not None:
        second |= np.where(plain, 0, icmp << 8 | packets.target_port).astype(np.uint64) << np.uint64(48)
    order, start = _sorted(first, second)
    return Grouping(order, start, _keys(first[order[start]], second[order[start]], octets), side.astype(np.int64))


def stamp(keys: npt.NDArray[np.void], time: Ints) -> Words:
    """Return (n,) 63-bit ids made from keys and first packet times: the same on every machine and in every version of numpy."""
    octets = np.zeros((len(keys), 40), np.uint8)
    octets[:, : KEY.itemsize] = keys.copy().view(np.uint8).reshape(-1, KEY.itemsize)
    mixed = time.astype(np.uint64)
    for word in octets.view("<u8").T:
        mixed = (mixed ^ word) * _MIX[0]
        mixed = (mixed ^ (mixed >> np.uint64(29))) * _MIX[1]
        mixed ^= mixed >> np.uint64(32)
    return mixed >> np.uint64(1)


def _icmp_types(packets: Packets) -> Ints | None:
    """Return the asking type of each ICMP packet, -1 for other protocols; None when there is no ICMP at all."""
    found: Ints | None = None
    for protocol, replies in _REPLIES.items():
        mine = packets.protocol == protocol
        if mine.any():
            table = np.arange(256)
            table[list(replies)] = list(replies.values())
            found = np.full(len(packets), -1, np.int64) if found is None else found
            found[mine] = table[packets.source_port[mine] & 0xFF]
    return found


def _sorted(first: Words, second: Words) -> tuple[Ints, Ints]:
    """Return the stable order that puts equal pairs side by side, and where each run of equals starts.

    One unstable sort of (hash, index) in a single integer; should two different keys share the hash bits, a slower exact sort.
    """
    bits = max(len(first) - 1, 1).bit_length()
    index_mask = np.uint64((1 << bits) - 1)
    mixed = (first * _MIX[0]) ^ (second * _MIX[1])
    mixed = (mixed ^ (mixed >> np.uint64(32))) * _MIX[0]
    packed = np.sort((mixed & ~index_mask) | np.arange(len(first), dtype=np.uint64))
    order = (packed & index_mask).astype(np.int64)
    new = _changes(first[order], second[order])
    same_hash = packed[1:] >> np.uint64(bits) == packed[:-1] >> np.uint64(bits)
    if (new[1:] & same_hash).any():
        order = np.lexsort((second, first))
        new = _changes(first[order], second[order])
    return order, np.flatnonzero(new)


def _changes(first: Words, second: Words) -> Flags:
    new: Flags = np.ones(len(first), np.bool_)
    new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    return new


def _keys(first: Words, second: Words, octets: Octets) -> npt.NDArray[np.void]:
    keys = np.zeros(len(first), KEY)
    kind = (first >> np.uint64(4)).astype(np.uint8) & 15
    icmp = second >> np.uint64(48)
    port_less = np.isin((first >> np.uint64(8)).astype(np.uint8), tuple(_REPLIES))
    keys["protocol"], keys["kind"], keys["tunnel"] = (
        (first >> np.uint64(8)).astype(np.uint8),
        kind,
        first.astype(np.uint8) & 15,
    )
    for name, word in (("lower", first >> np.uint64(16)), ("upper", second)):
        number = (word >> np.uint64(16)) & np.uint64(0xFFFFFFFF)
        keys[name] = spelled(number, kind == V6, octets)
        part = icmp >> np.uint64(8) if name == "lower" else icmp & np.uint64(0xFF)
        keys[name + "_port"] = np.where(port_less, part, word & np.uint64(0xFFFF))
    return keys


def spelled(number: Words | Ints, long: Flags, octets: Octets) -> npt.NDArray[np.void]:
    """Return (n,) 16 bytes for each address: IPv4 in the first four, most significant first; IPv6, where ``long``, from ``octets``."""
    address = np.zeros((len(number), 16), np.uint8)
    address[:, :4] = number.astype(">u4").view(np.uint8).reshape(-1, 4)
    if long.any():
        address[long] = octets[number[long].astype(np.int64)]
    return address.view("V16").ravel()
