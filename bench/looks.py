"""A live system at work: every look feeds a few hundred events of each kind and judges the windows that are open."""

from __future__ import annotations

import time
from pathlib import Path

import polars as pl

from bench.soak.month import Month
from bench.soak.rows import HOUR
from vedette.app.live.engine import LiveEngine
from vedette.config import Config
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.store.spool import Spool

NAME = "events -> what is seen early, a look at a time"
GOAL = "far below half a CPU second a look"
BEFORE, LOOKS, ROWS = 50, 12, 500
FROM, UNTIL = 9, 14
KINDS = (
    EventClass.NETWORK_ACTIVITY,
    EventClass.DNS_ACTIVITY,
    EventClass.HTTP_ACTIVITY,
    EventClass.TLS_HANDSHAKE,
)
SPENT: dict[str, float] = {}


def make_input(path: Path, hosts: int = 150, seed: int = 5) -> None:
    """Write a morning of a made-up company: a file a class beside ``path``, which names them."""
    held: dict[EventClass, list[pl.DataFrame]] = {kind: [] for kind in KINDS}
    for hour in Month(3, hosts, seed).day(1):
        if FROM <= hour.until // HOUR % 24 < UNTIL:
            for batch in hour.batches:
                if batch.kind in held:
                    held[batch.kind].append(batch.frame)
    for kind, frames in held.items():
        pl.concat(frames, how="diagonal").sort("time").write_ipc(path.with_suffix(f".{kind.name}"))
    path.write_text("\n".join(kind.name for kind in KINDS))


def ours(path: Path) -> int:
    """Return how many looks were taken, after ``BEFORE`` that are not counted: windows are open then, and models are read."""
    frames = {EventClass[name]: pl.read_ipc(path.with_suffix(f".{name}")) for name in path.read_text().split()}
    spool = Spool(1 << 30)
    engine = LiveEngine(Config(), spool)
    began = 0.0
    for look in range(BEFORE + LOOKS):
        if look == BEFORE:
            began = time.process_time()
        for kind, frame in frames.items():
            each = min(ROWS, frame.height // (BEFORE + LOOKS))
            engine.feed(EventBatch(kind, frame[look * each : (look + 1) * each]), "bench")
        engine.look()
    SPENT["ours"] = time.process_time() - began
    spool.close()
    return LOOKS
