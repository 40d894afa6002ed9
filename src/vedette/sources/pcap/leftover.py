"""Packets that are not IP or ARP: counted, one row per protocol."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.sources.pcap.container import Chunk, Ints
from vedette.sources.pcap.link import LLC, UNKNOWN_LINK
from vedette.sources.pcap.pcapng import BROKEN

NAMES = {
    0x88CC: "LLDP",
    0x888E: "EAPOL",
    0x8863: "PPPoE discovery",
    0x8864: "PPPoE",
    0x9000: "loopback test",
    0x8035: "RARP",
    0x88E5: "MACsec",
}


class Leftover:
    """Counts packets by EtherType or link type."""

    def __init__(self) -> None:
        self._seen: dict[int, list[int]] = {}  # kind: first packet, first time, last time, count

    def add(self, chunk: Chunk, kind: Ints, rows: Ints) -> None:
        """Count the packets at ``rows``; those that are rejected already do not come again."""
        rows = rows[kind[rows] != BROKEN + UNKNOWN_LINK]
        for value, first, count in zip(*_counts(kind[rows]), strict=True):
            mine = chunk.time[rows[kind[rows] == value]]
            entry = self._seen.setdefault(
                value, [chunk.sequence + int(rows[first]), int(mine.min()), int(mine.max()), 0]
            )
            entry[1:] = [min(entry[1], int(mine.min())), max(entry[2], int(mine.max())), entry[3] + count]

    def batches(self) -> Iterator[EventBatch]:
        """Yield one batch, a row per kind, that accounts for all its packets; nothing if there were none."""
        if not self._seen:
            return
        schema = SCHEMAS[EventClass.EVENT_LOG]
        columns = {
            "time": [last for _, _, last, _ in self._seen.values()],
            "start_time": [first for _, first, _, _ in self._seen.values()],
            "end_time": [last for _, _, last, _ in self._seen.values()],
            "count": [count for *_, count in self._seen.values()],
            "message": [f"{entry[3]} packets of {_name(kind)}, not IP" for kind, entry in self._seen.items()],
            "metadata.sequence": [first for first, *_ in self._seen.values()],
            "metadata.log_provider": ["pcap"] * len(self._seen),
        }
        frame = pl.DataFrame(columns).with_columns(pl.col(name).cast(schema[name]) for name in columns)
        yield EventBatch(EventClass.EVENT_LOG, frame.sort("metadata.sequence"), int(frame["count"].sum()))


def _counts(kind: Ints) -> tuple[list[int], list[int], list[int]]:
    values, first, counts = np.unique(kind, return_index=True, return_counts=True)
    return values.tolist(), first.tolist(), counts.tolist()


def _name(kind: int) -> str:
    if kind >= UNKNOWN_LINK:
        return f"link type {kind - UNKNOWN_LINK}"
    if kind == LLC:
        return "IEEE 802.2 LLC"
    return f"EtherType 0x{kind:04x}" + (f" ({NAMES[kind]})" if kind in NAMES else "")
