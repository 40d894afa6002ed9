"""Netflow events into flows: Suricata writes each direction as a record of its own, to the server first."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from vedette.sources.suricata.records import Eve, Flow, Netflow, Tcp

MOST_OPEN = 65_536
"""Flows whose second half may still come; beyond it the oldest is taken for one-way."""

Whole = tuple[Eve, int, int]
"""A flow, the record number of its first half, and how many records it accounts for."""


class Pairs:
    """Joins the halves of each flow, in order of the input; bounded."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[Eve, int]] = {}

    def feed(self, row: Eve, number: int) -> Iterator[Whole]:
        """Take one record; yield the flows that are complete."""
        key = row.flow_id if row.flow_id is not None else -1
        first, first_number = self._open.pop(key, (None, 0))
        if first is None:
            self._open[key] = (row, number)
        elif (first.src_ip, first.src_port) == (row.dest_ip, row.dest_port):
            yield _flow(first, row), first_number, 2
        else:
            yield _flow(first, None), first_number, 1
            self._open[key] = (row, number)
        if len(self._open) > MOST_OPEN:
            oldest, at = self._open.pop(next(iter(self._open)))
            yield _flow(oldest, None), at, 1

    def close(self) -> Iterator[Whole]:
        """Yield what stayed one-way."""
        for row, number in self._open.values():
            yield _flow(row, None), number, 1
        self._open.clear()


def _flow(there: Eve, back: Eve | None) -> Eve:
    """Return the flow event that the two halves make."""
    out, home = there.netflow or Netflow(), (back and back.netflow) or Netflow(pkts=0, bytes=0)
    ends = [end for end in (out.end, home.end) if end is not None]
    flow = Flow(
        pkts_toserver=out.pkts,
        pkts_toclient=home.pkts,
        bytes_toserver=out.bytes,
        bytes_toclient=home.bytes,
        start=out.start,
        end=max(ends, default=None),  # both are written by one clock in one zone, so text order is time order
    )
    to, fro = there.tcp or Tcp(), (back and back.tcp) or Tcp(tcp_flags="00")
    tcp = Tcp(tcp_flags_ts=to.tcp_flags, tcp_flags_tc=fro.tcp_flags) if there.tcp else None
    return msgspec.structs.replace(there, event_type="flow", flow=flow, tcp=tcp)
