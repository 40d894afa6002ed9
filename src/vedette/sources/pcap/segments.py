"""Where one flow of a key ends and the next begins, decided by the packets and the capture's clock alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vedette.sources.pcap.container import Flags, Ints
from vedette.sources.pcap.keys import Grouping
from vedette.sources.pcap.packets import ACK, FIN, RST, SYN, TCP, Packets

TIMEOUT_MICROSECONDS = {TCP: 300_000_000}
OTHER_TIMEOUT_MICROSECONDS = 60_000_000
ATTEMPT_MICROSECONDS = 5_000_000
"""After a SYN; ``RESET_MICROSECONDS`` after a RST: longer than Zeek's, so that late packets join the flow that they belong to."""
RESET_MICROSECONDS = 10_000_000


class Ordered:
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
class Segments:
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


def cut(packets: Ordered, groups: Grouping, known: Ints, was_closed: Flags) -> Segments:
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
    goes_on = ~(late | packets.attempt)[run[heads]]
    closed[heads] |= was_closed & goes_on
    before = np.concatenate([[False], closed[:-1]])
    before[heads] = was_closed
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
    return Segments(of, start, stop, owner, opening & ~fresh[starts], last, final, np.flatnonzero(opening))
