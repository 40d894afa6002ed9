"""Waiting events: judged in order of time, whatever the order they came in, whatever the memory."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.features.history import HistoryState
from vedette.features.payment import Payment
from vedette.testing.events import START, random_events

DAYS = 5


def events(seed: int = 0) -> EventBatch:
    batch = random_events(EventClass.PAYMENT, n=300, seed=seed)
    spread = pl.col("time") + pl.duration(days=pl.col("metadata.sequence") % DAYS)
    return EventBatch(batch.kind, batch.frame.with_columns(spread))


def rows(state: HistoryState) -> pl.DataFrame:
    return pl.concat(list(state.advance()))


def test_spilled_events_give_the_same_rows(tmp_path: Path) -> None:
    batch, made = events(), Payment()
    plain, spilling = HistoryState(made), HistoryState(made, memory_bytes=1, folder=tmp_path)
    for part in range(3):
        some = EventBatch(batch.kind, batch.frame.filter(pl.col("metadata.sequence") % 3 == part))
        for state in (plain, spilling):
            state.add(made.take(some))
    assert list(tmp_path.rglob("*.arrow"))
    assert_frame_equal(rows(plain), rows(spilling), check_exact=True)
    spilling.close()
    assert not list(tmp_path.iterdir())


def test_stepwise_is_as_at_once(tmp_path: Path) -> None:
    batch, made = events(1), Payment()
    for memory in (1, 1 << 20):
        state = HistoryState(made, memory_bytes=memory, folder=tmp_path)
        parts = []
        for hour in range(0, 24 * (DAYS + 1), 5):
            since, until = START + timedelta(hours=hour), START + timedelta(hours=hour + 5)
            now = batch.frame.filter(pl.col("time").is_between(since, until, closed="left"))
            state.add(made.take(EventBatch(batch.kind, now)))
            parts += list(state.advance(until - timedelta(hours=2)))
        parts += list(state.advance())
        whole = HistoryState(made)
        whole.add(made.take(batch))
        assert_frame_equal(pl.concat(parts), rows(whole), check_exact=True)
        state.close()


def test_nothing_in_nothing_out() -> None:
    state = HistoryState(Payment())
    assert list(state.advance()) == []
    assert state.add(Payment.empty()) == 0
    assert list(state.advance(START)) == []
