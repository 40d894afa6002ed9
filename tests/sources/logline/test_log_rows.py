from __future__ import annotations

import io
from datetime import UTC, datetime

import polars as pl

from vedette.abc import Origin
from vedette.events.batch import Rejects
from vedette.events.lines import blocks
from vedette.events.schema import EventClass
from vedette.sources.logline.log_rows import MESSAGE_LIMIT, LogRows

ORIGIN = Origin("x", datetime(2026, 3, 6, tzinfo=UTC))


def read(text: str, size: int = 1 << 20) -> pl.DataFrame:
    rows, rejects = LogRows(ORIGIN), Rejects("logline")
    batches = [b for block in blocks(io.BytesIO(text.encode()), size) for b in rows.batches(block, rejects)]
    assert {b.kind for b in batches} <= {EventClass.EVENT_LOG}
    return pl.concat((b.frame for b in batches), how="diagonal")


def test_blocks_do_not_matter() -> None:
    text = "".join(
        f"2026-01-05 08:00:{n % 60:02} host{n % 3} app[{n}]: message {n}\n  at line {n}\n" for n in range(200)
    )
    assert read(text).equals(read(text, 64).select(read(text).columns))


def test_endless_messages_are_cut() -> None:
    found = read(f"2026-01-05 08:00:00 app: {'x' * 100_000}\n")
    assert found["message"].str.len_chars().to_list() == [MESSAGE_LIMIT]


def test_numbers_of_processes_that_are_none_are_left_out() -> None:
    assert read("2026-01-05 08:00:00 app[9999999999]: x\n")["actor.process.pid"].to_list() == [None]
