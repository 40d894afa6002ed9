"""Flow assembly: packets of a step become parts of flows, which are merged into a bounded table of open flows.

A flow ends when its key is silent for longer than its time-out, or when a SYN follows on a FIN or RST. Both depend only on the packets and
the capture's clock, never on where the steps fall.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vedette.sources.pcap import history
from vedette.sources.pcap.container import Flags, Ints, Octets
from vedette.sources.pcap.keys import KEY, Grouping, group, stamp
from vedette.sources.pcap.packets import ACK, ASK, FIN, ICMP, ICMP6, RST, SYN, TCP, UDP, Packets

Rows = npt.NDArray[np.void]

OPEN_LIMIT = 200_000
"""Open flows kept; beyond it the longest silent tenth is given out early."""
TIMEOUT_MICROSECONDS = {TCP: 300_000_000}
OTHER_TIMEOUT_MICROSECONDS = 60_000_000
ATTEMPT_MICROSECONDS = 5_000_000
"""After a SYN; ``RESET_MICROSECONDS`` after a RST: longer than Zeek's, so that late packets join the flow that they belong to."""
RESET_MICROSECONDS = 10_000_000
SERVER_PORTS = (
    *(
        20,
        21,
        22,
        23,
        25,
        42,
        43,
        49,
        53,
        67,
        69,
        79,
        80,
        88,
        102,
        110,
        111,
        113,
        119,
        123,
        135,
        137,
        139,
        143,
        161,
        179,
    ),
    *(
        194,
        389,
        427,
        443,
        445,
        465,
        500,
        502,
        514,
        515,
        543,
        548,
        554,
        563,
        587,
        631,
        636,
        853,
        873,
        902,
        989,
        990,
        993,
        995,
    ),
    *(
        1080,
        1194,
        1433,
        1434,
        1521,
        1723,
        1812,
        1883,
        1900,
        2049,
        2181,
        3128,
        3268,
        3306,
        3389,
        3478,
        4500,
        4789,
        5060,
        5061,
    ),
    *(
        5222,
        5269,
        5353,
        5355,
        5432,
        5671,
        5672,
        5900,
        5985,
        6379,
        6443,
        6667,
        8000,
        8080,
        8443,
        8883,
        8888,
        9092,
        9200,
        10001,
    ),
    *(11211, 20000, 27017, 30718, 37810, 44818, 47808),
)
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
_SUMS = ("packets", "size", "payload", "frame")
_WHOLE = f"V{FLOW.itemsize}"
"""A flow as one run of bytes: numpy copies structures field by field, and these ten times as fast."""


@dataclass(frozen=True, slots=True)
class Membership:
    """Which flow each packet of a step belongs to, (n,) each in packet order; ``flow`` is an index into ``rows``."""

    flow: Ints
    outward: Flags
    rows: Rows


class Flows:
    """The table of open flows, and those that have ended since they were last asked for."""

    def __init__(self, limit: int = OPEN_LIMIT) -> None:
        self._limit = limit
        self._table: Rows = np.zeros(1024, FLOW)
        self._free = list(range(1023, -1, -1))
        self._slots: dict[bytes, int] = {}
        self._ended: list[Rows] = []

    def add(self, packets: Packets, octets: Octets, sequence: Ints, time: Ints, clock: Ints, frame: Ints) -> Membership:
        """Add the packets of a step; the last four arguments are (n,), by packet: number in the file, times, bytes on the wire."""
        groups = group(packets, octets)
        slots = np.array([self._slots.get(k, -1) for k in groups.keys.view(f"V{KEY.itemsize}").tolist()], np.int64)
        sorted_ = _Sorted(packets, groups, sequence, time, clock, frame)
        known = np.where(slots >= 0, self._table["deadline"][slots], -1)
        segments = _segments(sorted_, groups, known, self._table["closed"][slots] & (slots >= 0))
        rows = self._rows(sorted_, groups, segments, slots)
        self._store(rows, segments, slots)
        membership = np.empty(len(packets), np.int64)
        membership[groups.order] = segments.of
        return Membership(membership, groups.side == rows["origin"][membership], rows)

    def expire(self, clock: int) -> Rows:
        """Return the flows that have ended by ``clock``, by number of their first packet."""
        live = np.fromiter(self._slots.values(), np.int64, len(self._slots))
        self._end(live[self._table["deadline"][live] < clock])
        if len(self._slots) > self._limit:
            live = np.fromiter(self._slots.values(), np.int64, len(self._slots))
            order = np.lexsort((self._table["id"][live], self._table["end"][live]))
            self._end(live[order[: len(live) - self._limit * 9 // 10]])
        return self._give()

    def close(self) -> Rows:
        """Return all flows that are left."""
        self._end(np.fromiter(self._slots.values(), np.int64, len(self._slots)))
        return self._give()

    def _give(self) -> Rows:
        ended = np.concatenate([np.zeros(0, _WHOLE), *(rows.view(_WHOLE) for rows in self._ended)]).view(FLOW)
        self._ended = []
        return take(ended, np.argsort(ended["id"], kind="stable"))

    def _end(self, slots: Ints) -> None:
        if not len(slots):
            return
        rows = take(self._table, slots)
        self._ended.append(rows)
        for key in rows["key"].copy().view(f"V{KEY.itemsize}").tolist():
            del self._slots[key]
        self._free.extend(slots.tolist())

    def _rows(self, packets: _Sorted, groups: Grouping, segments: _Segments, slots: Ints) -> Rows:
        """Return a row per segment, what the table knows of it included."""
        rows = _first_packets(packets, groups, segments)
        going = np.flatnonzero(segments.continues)
        before = take(self._table, slots[segments.group[going]])
        for name in ("id", "uid", "sequence", "type", "origin", "flipped", "next", "sent"):
            rows[name][going] = before[name]
        repeated = _retransmissions(packets, segments, rows)
        _totals(packets, segments, rows, repeated)
        for name in _SUMS:
            rows[name][going] += before[name]
        rows["flags"][going] |= before["flags"]
        for name, least in (("start", np.minimum), ("marks", np.minimum), ("end", np.maximum)):
            rows[name][going] = least(rows[name][going], before[name])
        return rows

    def _store(self, rows: Rows, segments: _Segments, slots: Ints) -> None:
        """Keep the last segment of each key open; what it replaces, and every earlier one, has ended."""
        first = segments.first
        replaced = first[~segments.continues[first] & (slots >= 0)]
        self._ended.append(take(self._table, slots[segments.group[replaced]]))
        if len(first) < len(rows):
            self._ended.append(take(rows, ~segments.last))
        final = np.flatnonzero(segments.last)
        new = np.flatnonzero(slots < 0)
        slots[new] = self._allocate(len(new))
        self._table.view(_WHOLE)[slots] = rows.view(_WHOLE)[final]
        keys = rows["key"][final[new]].copy().view(f"V{KEY.itemsize}").tolist()
        self._slots.update(zip(keys, slots[new].tolist(), strict=True))

    def _allocate(self, count: int) -> list[int]:
        while len(self._free) < count:
            size = len(self._table)
            self._table = np.concatenate([self._table.view(_WHOLE), np.zeros(size, _WHOLE)]).view(FLOW)
            self._free = [*range(2 * size - 1, size - 1, -1), *self._free]
        taken = self._free[len(self._free) - count :]
        del self._free[len(self._free) - count :]
        return taken


def take(rows: Rows, index: Ints | Flags) -> Rows:
    """Return the flows at ``index``."""
    return rows.view(_WHOLE)[index].view(FLOW)


class _Sorted:
    """The packets of a step, group by group: what the segments are made from."""

    def __init__(
        self, packets: Packets, groups: Grouping, sequence: Ints, time: Ints, clock: Ints, frame: Ints
    ) -> None:
        order = groups.order
        self.all, self.order, self.side = packets, order, groups.side[order]
        self.sequence, self.time, self.clock, self.frame = sequence[order], time[order], clock[order], frame[order]
        self.length, self.size, self.bad = packets.length[order], packets.size[order], packets.bad[order]
        tcp = packets.protocol[order] == TCP
        self.flags = flags = np.where(tcp, packets.flags[order], 0)
        self.tcp = tcp
        self.attempt = flags & (SYN | ACK) == SYN
        self.closing = flags & (FIN | RST) != 0
        wait = np.where(tcp, TIMEOUT_MICROSECONDS[TCP], OTHER_TIMEOUT_MICROSECONDS)
        wait[self.attempt] = ATTEMPT_MICROSECONDS
        wait[flags & RST != 0] = RESET_MICROSECONDS
        self.deadline = self.clock + wait


@dataclass(frozen=True, slots=True)
class _Segments:
    """Runs of packets of one key that belong to one flow.

    Attributes:
        of: (n,) the segment of each packet; the rest is (n_segments,).
        start: the first packet; ``stop``: the last; ``group``: the group.
        continues: the flow was open before this step.
        last: no later segment of the same group, so the flow stays open.
        closed: a FIN or RST has been seen since the last SYN.
        first: (n_groups,) the first segment of each group.
    """

    of: Ints
    start: Ints
    stop: Ints
    group: Ints
    continues: Flags
    last: Flags
    closed: Flags
    first: Ints


def _segments(packets: _Sorted, groups: Grouping, known: Ints, was_closed: Flags) -> _Segments:
    """Cut the groups where a flow ends and another begins.

    ``known`` is (n_groups,) the deadline of the open flow with this key, -1 for none. A *run* starts at every SYN. As a run that follows on
    a closed one starts a flow, whether a flow is closed at a SYN depends on the run before it alone.
    """
    count = len(packets.clock)
    first: Flags = np.zeros(count, np.bool_)
    first[groups.start] = True
    limit = np.empty(count, np.int64)
    limit[1:] = packets.deadline[:-1]
    limit[groups.start] = known
    late = packets.clock > limit
    run = np.flatnonzero(first | late | packets.attempt)
    closed = np.logical_or.reduceat(packets.closing, run)
    heads = np.flatnonzero(first[run])
    before = np.concatenate([[False], closed[:-1]])
    before[heads] = was_closed
    goes_on = ~(late | packets.attempt)[run[heads]]
    closed[heads] |= was_closed & goes_on
    fresh = late[run] | (packets.attempt[run] & before)
    starts = fresh | first[run]
    start = run[starts]
    mark: Ints = np.zeros(count, np.int64)
    mark[start] = 1
    of = np.cumsum(mark) - 1
    opening = first[start]
    owner = np.cumsum(opening) - 1
    last = np.append(opening[1:], True)
    stop = np.append(start[1:], count) - 1
    run_stop = np.append(run[1:], count) - 1
    final = closed[np.searchsorted(run_stop, stop)]
    return _Segments(of, start, stop, owner, opening & ~fresh[starts], last, final, np.flatnonzero(opening))


def _first_packets(packets: _Sorted, groups: Grouping, segments: _Segments) -> Rows:
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


def _totals(packets: _Sorted, segments: _Segments, rows: Rows, repeated: Flags) -> None:
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


def _retransmissions(packets: _Sorted, segments: _Segments, rows: Rows) -> Flags:
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
