"""Event log files -> checked EventBatches, against the parser alone: what the flattening costs beside it.

The peer is `evtx` itself, JSON records of the whole file, each decoded with ``orjson``; nothing is made of them.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
from evtx import PyEvtxParser

from bench import winlog
from vedette.app.collector import rare_collections
from vedette.sources.evtx import Evtx
from vedette.sources.evtx.evtx_writer import Written, evtx

NAME = "EVTX -> checked batches, against the parser (evtx 0.14) and orjson alone"
GOAL = ">= 0.5x: the flattening costs less than the parsing"
RECORDS = 20_000
_START = datetime(2026, 1, 5, 8, tzinfo=UTC)


def make_input(path: Path, records: int = RECORDS) -> None:
    """Write an event log, the same every time."""
    r = random.Random(7)
    events = []
    for i in range(records):
        provider, code, fields = winlog.made(r)
        events.append(
            Written(_START + timedelta(milliseconds=20 * i), provider, code, "Security", "ws7.corp.example", fields)
        )
    path.write_bytes(evtx(events, per_chunk=8))


def ours(path: Path) -> int:
    """Return the rows of our batches; the collector is set as ``vedette scan`` sets it."""
    with rare_collections(), path.open("rb") as stream:
        return sum(len(b) for b in Evtx().read(stream))


def peer(path: Path) -> int:
    """Return the records that the parser gives, decoded."""
    with rare_collections():
        rows = [
            orjson.loads(r["data"])
            for r in PyEvtxParser(str(path), number_of_threads=1, indent=False).records_json()
            if r
        ]
    return len(rows)
