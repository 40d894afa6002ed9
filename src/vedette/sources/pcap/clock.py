"""The capture's clock: it only ever goes forward, so that time-outs do not depend on where the chunks fall."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from vedette.sources.pcap.container import Ints

JUMP_MICROSECONDS = 3_600_000_000
"""A step back by more than this is another recording (files joined, a clock that was set); a step ahead counts as this at most."""


class Clock:
    """Turns packet times, which may stand still, jump or run backwards, into microseconds since the first packet."""

    def __init__(self) -> None:
        self.now = 0
        self._latest = -1  # the running maximum of packet times
        self._last = -1

    def advance(self, time: Ints) -> Ints:
        """Return the clock at each packet, (n,), never decreasing."""
        if self._last < 0:
            self._last = self._latest = int(time[0])
        before = np.concatenate([[self._last], time[:-1]])
        edges = [0, *np.flatnonzero(time < before - JUMP_MICROSECONDS).tolist(), len(time)]
        latest = np.empty(len(time) + 1, np.int64)
        latest[0] = self._latest
        running = self._latest
        for turn, (begin, end) in enumerate(pairwise(edges)):  # once per recording: hardly ever twice
            part = np.maximum.accumulate(time[begin:end])
            latest[begin + 1 : end + 1] = part if turn else np.maximum(part, running)
        ticks = self.now + np.cumsum(np.clip(np.diff(latest), 0, JUMP_MICROSECONDS))
        self.now, self._latest, self._last = int(ticks[-1]), int(latest[-1]), int(time[-1])
        return ticks
