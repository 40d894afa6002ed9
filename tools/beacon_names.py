"""Plants beacons that are known by a server name alone, at changing addresses, among names that real hosts asked for.

Part of ``python -m tools.beacons``. The background is the day of ``dnscat2-ja3-strobe-agent`` of ``rita-test-data``: the names of its
HTTP requests. Constants were chosen on the flows of the same day, none on names.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl
from tools.rita_score import Floats

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass

BACKGROUND = "rita-test-data/test_data/dnscat2-ja3-strobe-agent/"
_KIND = EventClass.TLS_HANDSHAKE
_ADDRESSES = 40


def handshakes(number: int, at: Floats, host: str, midnight: datetime, rng: np.random.Generator) -> EventBatch:
    """Return the TLS handshakes of one host with one name at these seconds, at forty addresses in turn."""
    n, begun = len(at), int(midnight.timestamp() * 1e6)
    data = {
        "time": pl.from_epoch(pl.Series((at * 1e6).astype(np.int64)) + begun, time_unit="us").dt.replace_time_zone(
            "UTC"
        ),
        "src_endpoint.ip": [host] * n,
        "dst_endpoint.ip": [f"198.18.{int(a)}.9" for a in rng.integers(0, _ADDRESSES, n)],
        "dst_endpoint.port": [443] * n,
        "connection_info.direction_id": [2] * n,
        "tls.sni": [f"cdn.made-up-{number}.net"] * n,
        "metadata.log_name": ["simulated"] * n,
        "metadata.sequence": list(range(n)),
    }
    return EventBatch(_KIND, pl.DataFrame(data, schema={c: SCHEMAS[_KIND][c] for c in data}))


def moved(batch: EventBatch, first: datetime, midnight: datetime) -> EventBatch:
    """Return the batch moved so that ``first`` is midnight; what is not of that day is left out."""
    times = [c for c in ("time", "start_time", "end_time") if c in batch.frame.columns]
    frame = batch.frame.with_columns(pl.col(c) + (midnight - first) for c in times)
    return EventBatch(batch.kind, frame.filter(pl.col("time").dt.date() == midnight.date()))


NUMBER = pl.col("server").str.extract(r"^cdn\.made-up-(\d+)\.net$").cast(pl.Int64)
"""Which simulated beacon a row is of; null for others."""
