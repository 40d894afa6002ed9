"""Application events on their way into columns: tuples in, checked batches out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, TIME, EventClass
from vedette.sources.pcap.conn import hex_words
from vedette.sources.pcap.packets import TCP, UDP

BATCH_ROWS = 65_536
SEPARATOR = "\x1f"
"""Joins the items of a list until Polars splits them: printable texts do not hold it."""

Ends = tuple[str, int, str, int, int, int]
"""Originator's address and port, responder's address and port, IP protocol number, the flow's id."""

_ENDS = (
    "src_endpoint.ip",
    "src_endpoint.port",
    "dst_endpoint.ip",
    "dst_endpoint.port",
    "connection_info.protocol_num",
)
"""A class that has no connections (Authentication) keeps the endpoints alone."""


class Mark(NamedTuple):
    """Where a message was seen: the packet that holds its first byte.

    Attributes:
        time: microseconds since the epoch.
        sequence: packet number in the capture.
        ends: the flow's endpoints.
    """

    time: int
    sequence: int
    ends: Ends


class MessageRows:
    """Collects the rows of one class.

    A Python tuple per event: events are messages that were chosen and parsed one by one, some hundredth of all packets.
    """

    def __init__(
        self,
        kind: EventClass,
        protocol: str,
        columns: Sequence[str],
        derive: Callable[[pl.DataFrame], pl.DataFrame] | None = None,
    ) -> None:
        """Take tuples of ``columns``, in their order, each followed by its ``Mark``; ``derive`` adds columns to the frame.

        The values of a list column are its items, joined by ``SEPARATOR``.
        """
        self._derive = derive
        self._kind, self._protocol, self._columns = kind, protocol, columns
        self._rows: list[tuple[Any, ...]] = []
        self.add = self._rows.append

    def __len__(self) -> int:
        return len(self._rows)

    def batches(self) -> Iterator[EventBatch]:
        """Yield what was collected since the last call; the rows are already counted as packets, so ``records`` is 0."""
        if self._rows:
            frame = self._frame()
            self._rows.clear()
            for part in frame.iter_slices(BATCH_ROWS):
                yield EventBatch(self._kind, part, records=0)

    def _frame(self) -> pl.DataFrame:
        *values, marks = zip(*self._rows, strict=True)
        times, sequences, ends = zip(*marks, strict=True)
        *places, flows = zip(*ends, strict=True)
        columns = {
            "time": times,
            "metadata.sequence": sequences,
            **dict(zip(_ENDS, places, strict=True)),
            **dict(zip(self._columns, values, strict=True)),
        }
        schema = SCHEMAS[self._kind]
        frame = pl.DataFrame([_series(self._kind, name, column) for name, column in columns.items() if name in schema])
        frame = self._derive(frame) if self._derive else frame
        if "connection_info.uid" not in schema:
            return frame
        number = pl.col("connection_info.protocol_num")
        version = pl.when(pl.col("src_endpoint.ip").str.contains(":", literal=True)).then(6).otherwise(4).cast(pl.Int32)
        return frame.with_columns(
            hex_words(np.array(flows, np.uint64)).alias("connection_info.uid"),
            pl.lit(self._protocol).alias("app_protocol_name"),
            pl.when(number == TCP)
            .then(pl.lit("tcp"))
            .when(number == UDP)
            .then(pl.lit("udp"))
            .alias("connection_info.protocol_name"),
            version.alias("connection_info.protocol_ver_id"),
        )


def _series(kind: EventClass, name: str, values: Sequence[Any]) -> pl.Series:
    """Return one column; times come as microseconds, lists as joined texts."""
    dtype = SCHEMAS[kind][name]
    if dtype == TIME:
        return pl.Series(name, values, dtype=pl.Int64).cast(TIME)
    if not isinstance(dtype, pl.List):
        return pl.Series(name, values, dtype=dtype)
    lists = pl.Series(name, values, dtype=pl.String)
    frame = lists.to_frame().select(pl.when(pl.col(name) != "").then(pl.col(name).str.split(SEPARATOR)))
    return frame.to_series().cast(dtype)
