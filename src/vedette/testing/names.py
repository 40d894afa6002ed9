"""DNS look-ups made by hand, and names that no person chose, for tests of what judges domain names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.testing.events import START


def lookups(names: Sequence[str], *, src: str = "10.0.0.5", rcode: int | None = 0, every: float = 5.0) -> EventBatch:
    """Return look-ups of ``names`` by one client, ``every`` seconds, answered with ``rcode``; None: not answered."""
    n = len(names)
    data = {
        "time": [START + timedelta(seconds=every * k) for k in range(n)],
        "metadata.log_name": ["dns.log"] * n,
        "metadata.sequence": list(range(n)),
        "src_endpoint.ip": [src] * n,
        "query.hostname": list(names),
        "rcode_id": [rcode] * n,
    }
    kind = EventClass.DNS_ACTIVITY
    return EventBatch(kind, pl.DataFrame(data, schema={c: SCHEMAS[kind][c] for c in data}))


def random_names(count: int, size: int = 12, seed: int = 1) -> list[str]:
    """Return registered names of random letters.

    Example:
        >>> random_names(1, 4)
        ['erce.com']
    """
    rng = Random(seed)
    return ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=size)) + ".com" for _ in range(count)]
