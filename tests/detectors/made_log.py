"""Log lines for tests: a program that says the same few things every hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.testing.events import START

USUAL = ("accepted connection 17 from 192.0.2.7", "closed connection 17 after 204 ms", "served /index.html in 12 ms")


def logged(
    lines: Sequence[str],
    hour: int = 0,
    host: str | None = "web1",
    program: str | None = "shopd",
    severity: int | None = 1,
) -> EventBatch:
    """Return lines, a second apart, of one hour."""
    n = len(lines)
    data = {
        "time": [START + timedelta(hours=hour, seconds=k) for k in range(n)],
        "message": list(lines),
        "severity_id": [severity] * n,
        "device.hostname": [host] * n,
        "actor.process.name": [program] * n,
        "metadata.log_name": ["/var/log/shop.log.1"] * n,
        "metadata.sequence": list(range(hour * 10_000, hour * 10_000 + n)),
    }
    schema = SCHEMAS[EventClass.EVENT_LOG]
    return EventBatch(EventClass.EVENT_LOG, pl.DataFrame(data, schema={c: schema[c] for c in data}))


def days(hours: int = 200, hosts: int = 3) -> list[EventBatch]:
    """Return hours of usual lines on some hosts."""
    return [logged(USUAL * 5, hour, f"web{n + 1}") for hour in range(hours) for n in range(hosts)]
