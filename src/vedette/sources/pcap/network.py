"""Network layer, as columns: IPv4 (RFC 791), IPv6 with extension headers (RFC 8200), ARP (RFC 826)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vedette.sources.pcap.container import Flags, Ints, Octets, gather
from vedette.sources.pcap.link import ARP, CUT, IPV4, IPV6
from vedette.sources.pcap.packets import ASK, V4, V6, AddressBook, Packets, blank

_IPV4 = np.dtype(
    [
        ("version", "u1"),
        ("service", "u1"),
        ("total", ">u2"),
        ("ident", ">u2"),
        ("fragment", ">u2"),
        ("life", "u1"),
        ("protocol", "u1"),
        ("checksum", ">u2"),
        ("source", ">u4"),
        ("target", ">u4"),
    ]
)
_IPV6 = np.dtype(
    [
        ("version", "u1"),
        ("flow", "V3"),
        ("length", ">u2"),
        ("next", "u1"),
        ("hops", "u1"),
        ("source", "S16"),
        ("target", "S16"),
    ]
)
_EXTENSION = np.dtype([("next", "u1"), ("length", "u1"), ("fragment", ">u2"), ("ident", ">u4")])
_ARP = np.dtype(
    [
        ("hardware", ">u2"),
        ("protocol", ">u2"),
        ("sizes", ">u2"),
        ("operation", ">u2"),
        ("sender_mac", "V6"),
        ("sender", ">u4"),
        ("target_mac", "V6"),
        ("target", ">u4"),
    ]
)
SHORTEST = 20
"""Bytes of an IPv4 header without options."""
_ARP_SHAPE = 0x0604
"""Six bytes of hardware address, four of protocol address."""
_FRAGMENT, _AUTHENTICATION = 44, 51
_EXTENSIONS = (0, 43, _FRAGMENT, _AUTHENTICATION, 60, 135, 139, 140)
_EXTENSION_LIMIT = 8


@dataclass(frozen=True, slots=True)
class Frame:
    """Where network headers stand, (n,) each: ``wire`` is the offset behind the last byte on the wire, captured or not."""

    row: Ints
    offset: Ints
    end: Ints
    wire: Ints
    kind: Ints

    def take(self, rows: Ints | Flags) -> Frame:
        return Frame(self.row[rows], self.offset[rows], self.end[rows], self.wire[rows], self.kind[rows])


Refusals = list[tuple[str, Ints]]
"""Reasons, and the rows that they hold for."""


def read(data: Octets, frame: Frame, book: AddressBook, refused: Refusals) -> tuple[list[Packets], Ints]:
    """Return packets by kind, and the indices of frames that are none of the three protocols."""
    parts: list[Packets] = []
    other: Flags = np.ones(len(frame.row), np.bool_)
    for kind, reader in READERS.items():
        mine = frame.kind == kind
        if mine.any():
            other &= ~mine
            parts.append(reader(data, frame if mine.all() else frame.take(mine), book, refused))
    cut = frame.kind == CUT
    if cut.any():
        refused.append(("link header cut off", frame.row[cut]))
    return [p for p in parts if len(p)], np.flatnonzero(other & ~cut)


def none() -> Packets:
    """Return no packets."""
    return blank(np.zeros(0, np.int64))


def _ipv4(data: Octets, frame: Frame, _book: AddressBook, refused: Refusals) -> Packets:
    head = gather(data, np.minimum(frame.offset, frame.end), _IPV4)
    header = (head["version"] & 15).astype(np.int64) * 4
    total = head["total"].astype(np.int64)
    total = np.where(total == 0, frame.wire - frame.offset, total)  # segmentation offload leaves 0
    whole = frame.offset + np.maximum(header, SHORTEST) <= frame.end
    four = head["version"] >> 4 == 4  # noqa: PLR2004 - the version
    sound = four & (header >= SHORTEST) & (total >= header)
    keep = _keep(frame, whole, sound, "IPv4", refused)
    if not keep.all():
        frame, head, header, total = frame.take(keep), head[keep], header[keep], total[keep]
    place = head["fragment"].astype(np.int64)
    fragment = np.where(place & 0x3FFF, (place & 0x1FFF) * 8, -1)
    return blank(
        frame.row,
        kind=V4,
        protocol=head["protocol"].astype(np.int64),
        source=head["source"].astype(np.int64),
        target=head["target"].astype(np.int64),
        start=frame.offset + header,
        end=np.minimum(frame.end, frame.offset + total),
        length=total - header,
        size=total,
        bad=_bad_checksum(data, frame.offset, head.view("<u2").reshape(-1, 10), header),
        fragment=fragment,
        ident=head["ident"].astype(np.int64),
    )


def _bad_checksum(
    data: Octets, offset: Ints, words: np.ndarray[tuple[int, int], np.dtype[np.uint16]], header: Ints
) -> Flags:
    """Say which headers do not add up to 0xFFFF in one's complement (RFC 1071; the byte order does not matter)."""
    total = np.zeros(len(words), np.uint32)
    for column in range(10):
        total += words[:, column]
    long = np.flatnonzero(header > SHORTEST)  # options are rare
    for step in range(SHORTEST, int(header.max(initial=0)), 2):
        rows = long[header[long] > step]
        total[rows] += gather(data, offset[rows] + step, np.dtype([("word", "<u2")]))["word"]
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    wrong: Flags = total != 0xFFFF  # noqa: PLR2004
    return wrong


def _ipv6(data: Octets, frame: Frame, book: AddressBook, refused: Refusals) -> Packets:
    head = gather(data, np.minimum(frame.offset, frame.end), _IPV6)
    sound = head["version"] >> 4 == 6  # noqa: PLR2004
    keep = _keep(frame, frame.offset + 40 <= frame.end, sound, "IPv6", refused)
    if not keep.all():
        frame, head = frame.take(keep), head[keep]
    payload = head["length"].astype(np.int64)
    size = np.where(payload == 0, frame.wire - frame.offset, payload + 40)  # 0: jumbogram or segmentation offload
    source, target = book.add(head["source"], head["target"])
    packets = blank(
        frame.row,
        kind=V6,
        protocol=head["next"].astype(np.int64),
        source=source,
        target=target,
        start=frame.offset + 40,
        end=np.minimum(frame.end, frame.offset + size),
        length=np.maximum(size - 40, 0),
        size=size,
    )
    packets.ident, packets.fragment = packets.ident.copy(), packets.fragment.copy()
    _pass_extensions(data, packets)
    return packets


def _pass_extensions(data: Octets, packets: Packets) -> None:
    """Move ``start`` behind the extension headers, in place; a header that is cut off ends the chain."""
    for _ in range(_EXTENSION_LIMIT):
        rows = np.flatnonzero(
            np.isin(packets.protocol, _EXTENSIONS) & (packets.start + 8 <= packets.end) & (packets.fragment < 1)
        )
        if not len(rows):
            return
        head = gather(data, packets.start[rows], _EXTENSION)
        kind = packets.protocol[rows]
        fragment = kind == _FRAGMENT
        units = head["length"].astype(np.int64)
        skip = np.where(fragment, 8, np.where(kind == _AUTHENTICATION, units * 4 + 8, units * 8 + 8))
        place = head["fragment"].astype(np.int64)
        split = fragment & (place & 0xFFF9 != 0)
        packets.fragment[rows[split]] = place[split] & 0xFFF8
        packets.ident[rows[split]] = head["ident"][split]
        packets.protocol[rows] = head["next"]
        packets.start[rows] = np.minimum(packets.start[rows] + skip, packets.end[rows])
        packets.length[rows] = np.maximum(packets.length[rows] - skip, 0)


def _arp(data: Octets, frame: Frame, _book: AddressBook, refused: Refusals) -> Packets:
    head = gather(data, np.minimum(frame.offset, frame.end), _ARP)
    sound = (head["protocol"] == IPV4) & (head["sizes"] == _ARP_SHAPE)
    keep = _keep(frame, frame.offset + 28 <= frame.end, sound, "ARP", refused)
    if not keep.all():
        frame, head = frame.take(keep), head[keep]
    return blank(
        frame.row,
        kind=ASK,
        source=head["sender"].astype(np.int64),
        target=head["target"].astype(np.int64),
        flags=head["operation"].astype(np.int64),
        start=frame.offset + 28,
        end=frame.offset + 28,
        size=28,
    )


def _keep(frame: Frame, whole: Flags, sound: Flags, what: str, refused: Refusals) -> Flags:
    """Note what is refused and why; return the rest."""
    for reason, bad in ((f"{what} header cut off", ~whole), (f"{what} header malformed", whole & ~sound)):
        if bad.any():
            refused.append((reason, frame.row[bad]))
    return whole & sound


READERS: dict[int, Callable[[Octets, Frame, AddressBook, Refusals], Packets]] = {IPV4: _ipv4, IPV6: _ipv6, ARP: _arp}
