"""Makes HTTP events for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SCHEMA = SCHEMAS[EventClass.HTTP_ACTIVITY]
_SHORT = {
    "src": "src_endpoint.ip",
    "dst": "dst_endpoint.ip",
    "method": "http_request.http_method",
    "host": "http_request.url.hostname",
    "path": "http_request.url.path",
    "agent": "http_request.user_agent",
    "code": "http_response.code",
    "size": "http_response.body_length",
}
_PLAIN: dict[str, object] = {
    "src_endpoint.ip": "198.51.100.5",
    "dst_endpoint.ip": "10.0.0.80",
    "dst_endpoint.port": 80,
    "http_request.http_method": "GET",
    "http_request.url.hostname": "shop.example",
    "http_request.url.path": "/",
    "http_response.code": 200,
    "http_response.body_length": 5_000,
}


def requests(n: int, *, every: float = 1.0, **columns: object) -> EventBatch:
    """Return ``n`` HTTP requests, one each ``every`` seconds; a column (short name or attribute path) is a value for all or a list."""
    made = {**_PLAIN, **{_SHORT.get(name, name): value for name, value in columns.items()}}
    made["time"] = [START + timedelta(seconds=i * every) for i in range(n)]
    made |= {"metadata.log_name": "http.log", "metadata.sequence": list(range(n))}
    each = {name: value if isinstance(value, list) else [value] * n for name, value in made.items()}
    return EventBatch(
        EventClass.HTTP_ACTIVITY, pl.DataFrame([pl.Series(c, v, dtype=SCHEMA[c]) for c, v in each.items()])
    )
