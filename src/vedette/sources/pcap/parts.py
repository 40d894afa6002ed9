"""The part of each flow that one step shows: a row per segment."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vedette.sources.pcap import history
from vedette.sources.pcap.container import Flags, Ints
from vedette.sources.pcap.keys import KEY, Grouping, stamp
from vedette.sources.pcap.packets import ACK, ASK, ICMP, ICMP6, SYN, TCP, UDP, Packets
from vedette.sources.pcap.segments import Ordered, Segments

Rows = npt.NDArray[np.void]

# fmt: off
SERVER_PORTS = (
    20, 21, 22, 23, 25, 42, 43, 49, 53, 67, 69, 79, 80, 88, 102, 110,
    111, 113, 119, 123, 135, 137, 139, 143, 161, 179, 194, 389, 427, 443, 445, 465,
    500, 502, 514, 515, 543, 548, 554, 563, 587, 631, 636, 853, 873, 902, 989, 990,
    993, 995, 1080, 1194, 1433, 1434, 1521, 1723, 1812, 1883, 1900, 2049, 2181, 3128, 3268, 3306,
    3389, 3478, 4500, 4789, 5060, 5061, 5222, 5269, 5353, 5355, 5432, 5671, 5672, 5900, 5985, 6379,
    6443, 6667, 8000, 8080, 8443, 8883, 8888, 9092, 9200, 10001, 11211, 20000, 27017, 30718, 37810, 44818,
    47808,
)
# fmt: on
"""Ports on which servers listen: a first packet without SYN that comes from one of them is taken for an answer."""

FLOW = np.dtype(
    [
        ("key", KEY),
        ("id", "i8"),
        ("uid", "u8"),
        ("sequence", "i8"),
        ("type", "u1"),
        ("origin", "u1"),
        ("flipped", "?"),
        ("closed", "?"),
        ("deadline", "i8"),
        ("start", "i8"),
        ("end", "i8"),
        ("packets", "i8", 2),
        ("size", "i8", 2),
        ("payload", "i8", 2),
        ("frame", "i8", 2),
        ("flags", "u1"),
        ("next", "u4", 2),
        ("sent", "?", 2),
        ("marks", "i8", (2, len(history.LETTERS))),
    ]
)
"""One flow. Pairs are (lower, upper) endpoint of the key; ``origin`` says which of them is the originator.

``id`` orders flows by first packet, an inner one behind its outer; ``uid`` is the hash of key and time of the first packet.
``next`` is the TCP sequence number behind all payload seen, where ``sent``; ``type`` the ICMP type of the first packet.
"""
SUMS = ("packets", "size", "payload", "frame")
WHOLE = f"V{FLOW.itemsize}"
"""A flow as one run of bytes: numpy copies structures field by field, and these ten times as fast."""


def take(rows: Rows, index: Ints | Flags) -> Rows:
    """Return the flows at ``index``."""
    return rows.view(WHOLE)[index].view(FLOW)


def opened(packets: Ordered, groups: Grouping, segments: Segments) -> Rows:
    """Return a row per segment with what its first and last packet say."""
    rows = np.zeros(len(segments.start), FLOW)
    at, columns = segments.start, packets.all.take(packets.order[segments.start])
    rows["key"] = groups.keys.view(f"V{KEY.itemsize}")[segments.group].view(KEY)
    rows["sequence"] = packets.sequence[at]
    rows["id"] = packets.sequence[at] * 2 + (columns.tunnel > 0)
    rows["uid"] = stamp(rows["key"], packets.time[at])
    rows["type"] = np.where(np.isin(columns.protocol, (ICMP, ICMP6)), columns.source_port, 0)
    turned = _answers(columns)
    rows["origin"] = packets.side[at] ^ turned
    rows["flipped"] = turned & (columns.kind != ASK)
    rows["closed"] = segments.closed
    rows["deadline"] = packets.deadline[segments.stop]
    return rows


def _answers(packets: Packets) -> Flags:
    """Say which packets, being the first of a flow, come from its responder (Zeek: likely server ports)."""
    tcp, udp = packets.protocol == TCP, packets.protocol == UDP
    ports = np.zeros(1 << 16, np.bool_)
    ports[list(SERVER_PORTS)] = True
    likely = ports[packets.source_port] & ~ports[packets.target_port]
    syn = tcp & (packets.flags & SYN != 0)
    accepted = syn & (packets.flags & ACK != 0)
    replied = (packets.kind == ASK) & (packets.flags == 2)  # noqa: PLR2004 - RFC 826 ares_op$REPLY
    turned: Flags = accepted | (likely & ((tcp & ~syn) | udp)) | replied
    return turned


def total(packets: Ordered, segments: Segments, rows: Rows, repeated: Flags) -> None:
    """Fill counts, times, flags and history marks of each segment."""
    start, upper = segments.start, packets.side
    counts = {"size": packets.size, "payload": packets.length, "frame": packets.frame, "packets": np.ones_like(upper)}
    for name, value in counts.items():
        rows[name][:, 1] = np.add.reduceat(value * upper, start)
        rows[name][:, 0] = np.add.reduceat(value, start) - rows[name][:, 1]
    rows["start"] = np.minimum.reduceat(packets.time, start)
    rows["end"] = np.maximum.reduceat(packets.time, start)
    rows["flags"] = np.bitwise_or.reduceat(packets.flags, start)
    carried = history.masks(packets.flags, packets.length > 0, repeated, packets.bad)
    rows["marks"] = history.marks(carried, upper, segments.of, len(rows), packets.sequence)


def retransmissions(packets: Ordered, segments: Segments, rows: Rows) -> Flags:
    """Say which packets bring no payload that their side has not sent before; moves ``next`` on.

    Sequence numbers are compared as distances from one base per segment, so wrapping round does no harm.
    """
    repeated: Flags = np.zeros(len(packets.flags), np.bool_)
    loaded = packets.tcp & (packets.length > 0) & (packets.all.fragment[packets.order] < 0)
    for side in (0, 1):
        at = np.flatnonzero(loaded & (packets.side == side))
        if not len(at):
            continue
        number = packets.all.number[packets.order[at]]
        of = segments.of[at]
        head = np.append(True, of[1:] != of[:-1])
        begin = np.flatnonzero(head)
        owner = np.cumsum(head) - 1
        sent = rows["sent"][of[begin], side]
        base = np.where(sent, rows["next"][of[begin], side], number[begin])
        end = (number - base[owner]).astype(np.int32) + packets.length[at]
        lane = owner << 33
        reached = np.maximum.accumulate(lane + end)
        before = np.append(0, reached[:-1])
        before[begin] = np.where(sent, lane[begin], -1 << 62)
        before = np.maximum(before, np.where(sent, lane[begin], -1 << 62)[owner])
        repeated[at] = lane + end <= before
        final = np.append(begin[1:], len(at)) - 1
        furthest = np.maximum(reached[final] - lane[final], np.where(sent, 0, -(1 << 31)))
        rows["next"][of[begin], side] = (base + furthest) & 0xFFFFFFFF
        rows["sent"][of[begin], side] = True
    return repeated
