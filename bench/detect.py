"""Flows through every network detector: two million made-up flows of a busy day, with scans and a flood among them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from vedette.app.engine import Engine
from vedette.config import Config
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass

NAME = "flows -> findings, all detectors"
GOAL = "100,000 flows per CPU second"
FLOWS = 2_000_000
BATCH_ROWS = 65_536


def make_input(path: Path, flows: int = FLOWS, seed: int = 1) -> None:
    """Write flows: 3,000 clients and 400 servers over a day, a tenth of the connections unanswered, 2 % of it hostile."""
    rng = np.random.default_rng(seed)
    hostile = rng.random(flows) < 0.02
    client = np.where(hostile, rng.integers(0, 20, flows) + 5000, (rng.pareto(1.2, flows) * 300).astype(int) % 3000)
    server = np.where(hostile, rng.integers(0, 4000, flows), (rng.pareto(1.0, flows) * 20).astype(int) % 400)
    ports = np.array([443, 443, 443, 80, 53, 53, 22, 25, 445, 123])
    port = np.where(hostile, rng.integers(1, 1024, flows), ports[rng.integers(0, len(ports), flows)])
    proto = np.where(np.isin(port, (53, 123)), 17, 6)
    bad = hostile | (rng.random(flows) < 0.1)
    start = np.sort(rng.integers(0, 86_400_000_000, flows)) + 1_767_600_000_000_000
    duration = (rng.exponential(2_000_000, flows) * ~bad).astype(np.int64)
    packets = np.where(bad, 1, rng.geometric(0.05, flows))
    size = packets * np.where(bad, 40, rng.integers(60, 1400, flows))
    frame = pl.DataFrame(
        {
            "time": start + duration,
            "start_time": start,
            "end_time": start + duration,
            "duration": duration // 1000,
            "src": client,
            "dst": server,
            "src_endpoint.port": rng.integers(1025, 65535, flows),
            "dst_endpoint.port": port,
            "connection_info.protocol_num": proto,
            "bad": bad,
            "traffic.packets_out": packets,
            "traffic.packets_in": np.where(bad, 0, packets),
            "traffic.bytes_out": size,
            "traffic.bytes_in": np.where(bad, 0, size * 3),
            "vedette.payload_bytes_out": np.where(bad, 0, size // 2),
            "vedette.payload_bytes_in": np.where(bad, 0, size * 2),
            "metadata.sequence": np.arange(flows),
        }
    )
    made = frame.with_columns(
        pl.format("10.{}.{}.{}", pl.col("src") // 1000, pl.col("src") // 250 % 4, pl.col("src") % 250).alias(
            "src_endpoint.ip"
        ),
        pl.format("192.0.{}.{}", pl.col("dst") // 250, pl.col("dst") % 250).alias("dst_endpoint.ip"),
        pl.when(pl.col("connection_info.protocol_num") == 6)
        .then(pl.lit("tcp"))
        .otherwise(pl.lit("udp"))
        .alias("connection_info.protocol_name"),
        pl.when("bad").then(pl.lit("S0")).otherwise(pl.lit("SF")).alias("status_code"),
        pl.when("bad").then(pl.lit("S")).otherwise(pl.lit("ShADadFf")).alias("connection_info.flag_history"),
    ).drop("src", "dst", "bad")
    schema = SCHEMAS[EventClass.NETWORK_ACTIVITY]
    made.select(pl.col(c).cast(schema[c]) for c in made.columns).write_ipc(path)


def ours(path: Path) -> int:
    """Return the flows that went through the engine."""
    frame = pl.read_ipc(path)
    engine = Engine(Config())
    for rows in frame.iter_slices(BATCH_ROWS):
        engine.feed(EventBatch(EventClass.NETWORK_ACTIVITY, rows), "bench")
    engine.close()
    engine.spool.close()
    return frame.height
