"""Flow assembly: packets of a step become parts of flows, which are merged into a bounded table of open flows.

A flow ends when its key is silent for longer than its time-out, or when a SYN follows on a FIN or RST. Both depend only on the packets and
the capture's clock, never on where the steps fall.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vedette.sources.pcap.container import Flags, Ints, Octets
from vedette.sources.pcap.keys import KEY, Grouping, group
from vedette.sources.pcap.packets import Packets
from vedette.sources.pcap.parts import FLOW, SUMS, WHOLE, Rows, opened, retransmissions, take, total
from vedette.sources.pcap.segments import Ordered, Segments, cut

OPEN_LIMIT = 200_000
"""Open flows kept; beyond it the longest silent tenth is given out early."""


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
        ordered = Ordered(packets, groups, sequence, time, clock, frame)
        known = np.where(slots >= 0, self._table["deadline"][slots], -1)
        segments = cut(ordered, groups, known, self._table["closed"][slots] & (slots >= 0))
        rows = self._rows(ordered, groups, segments, slots)
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
        ended = np.concatenate([np.zeros(0, WHOLE), *(rows.view(WHOLE) for rows in self._ended)]).view(FLOW)
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

    def _rows(self, packets: Ordered, groups: Grouping, segments: Segments, slots: Ints) -> Rows:
        """Return a row per segment, what the table knows of it included."""
        rows = opened(packets, groups, segments)
        going = np.flatnonzero(segments.continues)
        before = take(self._table, slots[segments.group[going]])
        for name in ("id", "uid", "sequence", "type", "origin", "flipped", "next", "sent"):
            rows[name][going] = before[name]
        repeated = retransmissions(packets, segments, rows)
        total(packets, segments, rows, repeated)
        for name in SUMS:
            rows[name][going] += before[name]
        rows["flags"][going] |= before["flags"]
        for name, least in (("start", np.minimum), ("marks", np.minimum), ("end", np.maximum)):
            rows[name][going] = least(rows[name][going], before[name])
        return rows

    def _store(self, rows: Rows, segments: Segments, slots: Ints) -> None:
        """Keep the last segment of each key open; what it replaces, and every earlier one, has ended."""
        first = segments.first
        replaced = first[~segments.continues[first] & (slots >= 0)]
        self._ended.append(take(self._table, slots[segments.group[replaced]]))
        if len(first) < len(rows):
            self._ended.append(take(rows, ~segments.last))
        final = np.flatnonzero(segments.last)
        new = np.flatnonzero(slots < 0)
        slots[new] = self._allocate(len(new))
        self._table.view(WHOLE)[slots] = rows.view(WHOLE)[final]
        keys = rows["key"][final[new]].copy().view(f"V{KEY.itemsize}").tolist()
        self._slots.update(zip(keys, slots[new].tolist(), strict=True))

    def _allocate(self, count: int) -> list[int]:
        while len(self._free) < count:
            size = len(self._table)
            self._table = np.concatenate([self._table.view(WHOLE), np.zeros(size, WHOLE)]).view(FLOW)
            self._free = [*range(2 * size - 1, size - 1, -1), *self._free]
        taken = self._free[len(self._free) - count :]
        del self._free[len(self._free) - count :]
        return taken
