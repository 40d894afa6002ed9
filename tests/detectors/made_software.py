"""Makes HTTP requests and TLS handshakes of programs, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.testing.flows import START


def asked(
    agents: Sequence[str], src: str = "10.0.0.5", day: float = 0, *, direction: int = 2, port: int = 80
) -> EventBatch:
    """Return a request of each of these user agents on a day."""
    return _made(EventClass.HTTP_ACTIVITY, "http_request.user_agent", agents, src, day, direction, port)


def shook(prints: Sequence[str], src: str = "10.0.0.5", day: float = 0, *, ja4: bool = True) -> EventBatch:
    """Return a handshake of each of these fingerprints on a day."""
    kind = EventClass.TLS_HANDSHAKE
    if ja4:
        return _made(kind, "ja4_fingerprint_list.value", [[p] for p in prints], src, day, 2, 443)
    return _made(kind, "tls.ja3_hash.value", prints, src, day, 2, 443)


def _made(  # noqa: PLR0913, PLR0917 - a table in the form of a call
    kind: EventClass, column: str, values: Sequence[Any], src: str, day: float, direction: int, port: int
) -> EventBatch:
    n = len(values)
    made: dict[str, Any] = {
        "src_endpoint.ip": [src] * n,
        "dst_endpoint.ip": [f"203.0.113.{k % 200}" for k in range(n)],
        "dst_endpoint.port": [port] * n,
        "connection_info.direction_id": [direction] * n,
        column: list(values),
        "time": [START + timedelta(days=day, seconds=k) for k in range(n)],
        "metadata.log_name": ["made"] * n,
        "metadata.sequence": list(range(n)),
    }
    return EventBatch(kind, pl.DataFrame([pl.Series(c, v, dtype=SCHEMAS[kind][c]) for c, v in made.items()]))
