"""Transport layer, as columns: ports, flags, payload; and the packets that tunnels carry, one level deep."""

from __future__ import annotations

import numpy as np

from vedette.sources.pcap.container import Flags, Ints, Octets, gather
from vedette.sources.pcap.link import BRIDGED, IPV4, IPV6, ethernet
from vedette.sources.pcap.network import Frame, Refusals
from vedette.sources.pcap.packets import ASK, ICMP, ICMP6, SCTP, TCP, TUNNELS, UDP, V4, Packets

_TCP = np.dtype(
    [
        ("source", ">u2"),
        ("target", ">u2"),
        ("number", ">u4"),
        ("ack", ">u4"),
        ("size", "u1"),
        ("flags", "u1"),
        ("rest", "V6"),
    ]
)
_PORTS = np.dtype([("source", ">u2"), ("target", ">u2"), ("rest", "V4")])
_TYPE = np.dtype([("type", "u1"), ("code", "u1")])
HEADER_BYTES = {TCP: 20, UDP: 8, SCTP: 12, ICMP: 8, ICMP6: 8}
_NAMES = {TCP: "TCP", UDP: "UDP", SCTP: "SCTP", ICMP: "ICMP", ICMP6: "ICMPv6"}
_GRE, _IPIP, _IP6IP = 47, 4, 41
_VXLAN_PORT = 4789
_GRE_CHECKSUM, _GRE_KEY, _GRE_SEQUENCE = 0x8000, 0x2000, 0x1000
_GRE_HEAD = np.dtype([("flags", ">u2"), ("kind", ">u2")])


def read(data: Octets, packets: Packets, refused: Refusals) -> Packets:
    """Fill ports, flags, sequence numbers, payload start and length; return the packets whose header is whole."""
    keep: Flags = np.ones(len(packets), np.bool_)
    columns = ("source_port", "target_port", "flags", "number", "start", "length")
    for name in columns:
        setattr(packets, name, getattr(packets, name).copy())
    headed = (packets.fragment < 1) & (packets.kind != ASK)
    present = np.bincount(packets.protocol, minlength=256)
    for protocol, size in HEADER_BYTES.items():
        if not present[protocol]:
            continue
        mine = headed if present[protocol] == len(packets) else headed & (packets.protocol == protocol)
        whole = mine & (packets.start + size <= packets.end)
        cut = mine & ~whole
        if cut.any():
            refused.append((f"{_NAMES[protocol]} header cut off", packets.row[cut]))
            keep &= ~cut
        rows = np.flatnonzero(whole)
        if len(rows):
            _fill(data, packets, rows, protocol)
    return packets if keep.all() else packets.take(keep)


def _fill(data: Octets, packets: Packets, rows: Ints, protocol: int) -> None:
    at = packets.start[rows]
    size: Ints | int = HEADER_BYTES[protocol]
    if protocol == TCP:
        head = gather(data, at, _TCP)
        size = np.maximum((head["size"] >> 4).astype(np.int64) * 4, 20)
        packets.flags[rows], packets.number[rows] = head["flags"], head["number"]
    elif protocol in (ICMP, ICMP6):
        head = gather(data, at, _TYPE)
        packets.source_port[rows], packets.target_port[rows] = head["type"], head["code"]
    else:
        head = gather(data, at, _PORTS)
    if protocol not in (ICMP, ICMP6):
        packets.source_port[rows], packets.target_port[rows] = head["source"], head["target"]
    packets.start[rows] = np.minimum(at + size, packets.end[rows])
    packets.length[rows] = np.maximum(packets.length[rows] - size, 0)


def inner(data: Octets, packets: Packets) -> list[tuple[int, Frame]]:
    """Return what tunnels carry, as (index into ``TUNNELS``, frames); packets within an inner packet stay closed."""
    whole = packets.fragment < 1  # a first fragment holds the headers that count
    found = [
        *_carried_ip(packets, whole & (packets.protocol == _IPIP), IPV4),
        *_carried_ip(packets, whole & (packets.protocol == _IP6IP), IPV6),
        *_gre(data, packets, np.flatnonzero(whole & (packets.protocol == _GRE) & (packets.start + 4 <= packets.end))),
        *_vxlan(data, packets, np.flatnonzero(_is_vxlan(data, packets, whole))),
    ]
    return [(tunnel, frame) for tunnel, frame in found if len(frame.row)]


def _carried_ip(packets: Packets, rows: Flags, kind: int) -> list[tuple[int, Frame]]:
    if not rows.any():
        return []
    found = []
    for outer, digit in ((packets.kind == V4, "4"), (packets.kind != V4, "6")):
        mine = np.flatnonzero(rows & outer)
        name = f"{'4' if kind == IPV4 else '6'}in{digit}"
        found.append(
            (TUNNELS.index(name), _frame(packets, mine, packets.start[mine], np.full(len(mine), kind, np.int64)))
        )
    return found


def _gre(data: Octets, packets: Packets, rows: Ints) -> list[tuple[int, Frame]]:
    """RFC 2784 and 2890: optional checksum, key and sequence number, four bytes each."""
    if not len(rows):
        return []
    at, end = packets.start[rows], packets.end[rows]
    head = gather(data, at, _GRE_HEAD)
    offset = at + 4
    for bit in (_GRE_CHECKSUM, _GRE_KEY, _GRE_SEQUENCE):
        offset = offset + np.where(head["flags"] & bit, 4, 0)
    kind = head["kind"].astype(np.int64)
    bridged = np.flatnonzero((kind == BRIDGED) & (offset <= end))
    offset[bridged], kind[bridged] = ethernet(data, offset[bridged], end[bridged])
    fit = np.isin(kind, (IPV4, IPV6)) & (offset < end) & (head["flags"] & 7 == 0)
    return [(TUNNELS.index("gre"), _frame(packets, rows[fit], offset[fit], kind[fit]))]


def _is_vxlan(data: Octets, packets: Packets, whole: Flags) -> Flags:
    """RFC 7348: its port, and the flag that says that the network identifier is valid."""
    likely: Flags = (
        whole & (packets.protocol == UDP) & (packets.target_port == _VXLAN_PORT) & (packets.start + 22 <= packets.end)
    )
    rows = np.flatnonzero(likely)
    likely[rows] = data[packets.start[rows]] == 8  # noqa: PLR2004
    return likely


def _vxlan(data: Octets, packets: Packets, rows: Ints) -> list[tuple[int, Frame]]:
    if not len(rows):
        return []
    offset, kind = ethernet(data, packets.start[rows] + 8, packets.end[rows])
    return [(TUNNELS.index("vxlan"), _frame(packets, rows, offset, kind))]


def _frame(packets: Packets, rows: Ints, offset: Ints, kind: Ints) -> Frame:
    wire = packets.start[rows] + packets.length[rows]
    return Frame(packets.row[rows], offset, packets.end[rows], wire, kind)
