from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from vedette.events.batch import EventBatch
from vedette.events.schema import TIME, EventClass
from vedette.store.spool import Spool


def _batch(kind: EventClass, number: int) -> EventBatch:
    frame = pl.DataFrame(
        {"time": [datetime(2026, 1, 1, tzinfo=UTC)] * 100, "metadata.sequence": range(number, number + 100)},
        schema={"time": TIME, "metadata.sequence": pl.Int64},
    )
    return EventBatch(kind, frame)


@pytest.mark.parametrize("memory_bytes", [0, 2_000, 1 << 30])
def test_what_comes_out_is_what_went_in_wherever_it_rested(tmp_path: Path, memory_bytes: int) -> None:
    spool = Spool(memory_bytes, tmp_path)
    for number in range(0, 500, 100):
        spool.add(_batch(EventClass.DNS_ACTIVITY, number))
    spool.add(_batch(EventClass.NETWORK_ACTIVITY, 7))
    assert (list(tmp_path.rglob("*.arrow")) != []) == (memory_bytes < 1 << 30)
    read = [s for b in spool.read(EventClass.DNS_ACTIVITY) for s in b.frame["metadata.sequence"].to_list()]
    assert read == list(range(500))
    assert spool.kinds() == [EventClass.NETWORK_ACTIVITY, EventClass.DNS_ACTIVITY]
    files = spool.write_parquet(tmp_path / "out")
    assert sum(pl.read_parquet(f, hive_partitioning=False).height for f in files) == 600
    spool.close()
    assert not list(tmp_path.glob("vedette-*"))
