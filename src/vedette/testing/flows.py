"""Makes flow events for tests and benchmarks: one value for all, or one for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday morning, at the start of a day's eighth hour."""

SCHEMA = SCHEMAS[EventClass.NETWORK_ACTIVITY]

_SHORT = {
    "src": "src_endpoint.ip",
    "dst": "dst_endpoint.ip",
    "sport": "src_endpoint.port",
    "port": "dst_endpoint.port",
    "proto": "connection_info.protocol_name",
    "state": "status_code",
    "history": "connection_info.flag_history",
    "flags": "connection_info.tcp_flags",
    "direction": "connection_info.direction_id",
    "app": "app_protocol_name",
    "packets_out": "traffic.packets_out",
    "packets_in": "traffic.packets_in",
    "bytes_out": "traffic.bytes_out",
    "bytes_in": "traffic.bytes_in",
    "payload_out": "vedette.payload_bytes_out",
    "payload_in": "vedette.payload_bytes_in",
}

# state -> history, packets out and in, payload out and in: what a capture of one connection of that kind would show
_TYPICAL: dict[str, tuple[str, int, int, int, int]] = {
    "S0": ("S", 1, 0, 0, 0),
    "REJ": ("Sr", 1, 1, 0, 0),
    "SF": ("ShADadFf", 6, 5, 500, 2000),
    "S1": ("ShADad", 5, 4, 500, 2000),
    "RSTO": ("ShR", 2, 1, 0, 0),
    "RSTR": ("ShADadr", 5, 5, 500, 2000),
    "SHR": ("^h", 0, 1, 0, 0),
    "OTH": ("", 1, 0, 0, 0),
    "RSTOS0": ("R", 1, 0, 0, 0),
    "RSTRH": ("^hr", 0, 2, 0, 0),
    "SH": ("F", 1, 0, 0, 0),
}


def flows(n: int = 1, *, every: float = 0.0, at: float = 0.0, seconds: float = 0.0, **columns: Any) -> EventBatch:
    """Return ``n`` flows, one each ``every`` seconds from ``at`` seconds after ``START`` on, each ``seconds`` long.

    A column is a value for all or a sequence with one for each; its name is a short one (``src dst sport port proto state ...``) or an
    attribute path. ``state`` (default SF) fills history, packets, bytes and payload as such a connection has them; what is given wins, and
    ``state=None`` leaves them null, as a source without states would.

    Example:
        >>> batch = flows(3, every=1.0, src="10.0.0.5", dst="10.0.0.9", port=[22, 23, 80], state="S0")
        >>> batch.frame["dst_endpoint.port"].to_list()
        [22, 23, 80]
    """
    given = {_SHORT.get(name, name): value for name, value in columns.items()}
    made: dict[str, Any] = {
        "src_endpoint.ip": "10.0.0.5",
        "dst_endpoint.ip": "10.0.0.9",
        "src_endpoint.port": [40_000 + i % 20_000 for i in range(n)],
        "dst_endpoint.port": 443,
        "connection_info.protocol_name": "tcp",
        "connection_info.direction_id": 3,
        **_typical(given.get("status_code", "SF"), n),
        **given,
    }
    ends = [START + timedelta(seconds=at + i * every + seconds) for i in range(n)]
    starts = [end - timedelta(seconds=seconds) for end in ends]
    made |= {"time": ends, "start_time": starts, "duration": int(seconds * 1000)}
    made |= {"metadata.log_name": "flows", "metadata.sequence": list(range(n))}
    series = [pl.Series(name, _each(value, n), dtype=SCHEMA[name]) for name, value in made.items()]
    return EventBatch(EventClass.NETWORK_ACTIVITY, pl.DataFrame(series))


def _typical(state: str | Sequence[str | None] | None, n: int) -> dict[str, Any]:
    """The columns that follow from the state of each flow."""
    states = _each(state, n)
    rows = [_TYPICAL.get(s or "", (None, None, None, None, None)) for s in states]
    history, out, back, sent, got = (list(c) for c in zip(*rows, strict=True)) if rows else ([], [], [], [], [])
    return {
        "status_code": states,
        "connection_info.flag_history": history,
        "traffic.packets_out": out,
        "traffic.packets_in": back,
        "traffic.bytes_out": [None if p is None else 40 * p + s for p, s in zip(out, sent, strict=True)],
        "traffic.bytes_in": [None if p is None else 40 * p + s for p, s in zip(back, got, strict=True)],
        "vedette.payload_bytes_out": sent,
        "vedette.payload_bytes_in": got,
    }


def _each(value: Any, n: int) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | range) else [value] * n
