"""Ports for the fragments that lack them: the first fragment of a datagram lends its own (RFC 791, RFC 8200 section 4.5)."""

from __future__ import annotations

import numpy as np

from vedette.sources.pcap.container import Octets
from vedette.sources.pcap.packets import V6, Packets

TABLE_LIMIT = 1 << 16
"""Datagrams remembered; the oldest are forgotten first."""

Ports = tuple[int, int]


class Fragments:
    """Remembers the ports of first fragments across steps."""

    def __init__(self) -> None:
        self._ports: dict[tuple[bytes | int, ...], Ports] = {}

    def fill(self, packets: Packets, octets: Octets) -> None:
        """Set the ports of later fragments whose first one was seen before, in place.

        A loop over fragments, which are rare: each depends on those before it. IPv6 addresses are looked up in ``octets``.
        """
        rows = np.flatnonzero(packets.fragment >= 0)
        for row in rows.tolist():
            long = int(packets.kind[row]) == V6
            ends = (int(packets.source[row]), int(packets.target[row]))
            names = tuple(octets[e].tobytes() for e in ends) if long else ends
            key = (*names, int(packets.protocol[row]), int(packets.ident[row]), int(packets.tunnel[row]))
            if packets.fragment[row] == 0:
                self._remember(key, (int(packets.source_port[row]), int(packets.target_port[row])))
            elif key in self._ports:
                packets.source_port[row], packets.target_port[row] = self._ports[key]

    def _remember(self, key: tuple[bytes | int, ...], ports: Ports) -> None:
        self._ports.pop(key, None)
        self._ports[key] = ports
        if len(self._ports) > TABLE_LIMIT:
            del self._ports[next(iter(self._ports))]
