from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from vedette.features.clock import clock_lock, clock_parts, merge_clock

START = datetime(2026, 3, 2, 8, 0, 3, tzinfo=UTC)


def _lock(seconds: list[float], parts: int = 1) -> float:
    times = pl.DataFrame(
        {"time": [START + timedelta(seconds=s) for s in seconds], "part": [i % parts for i in range(len(seconds))]}
    )
    partials = times.group_by("part").agg(clock_parts(pl.col("time")))
    return float(partials.select(merge_clock()).select(clock_lock()).item())


@pytest.mark.parametrize("period", [10, 20, 30, 60, 300, 3600])
def test_a_job_keeps_the_clock(period: int) -> None:
    assert _lock([i * period for i in range(40)]) == pytest.approx(1.0)


def test_half_a_second_of_jitter_is_forgiven() -> None:
    assert _lock([i * 60 + (0.5 if i % 2 else -0.5) for i in range(40)]) > 0.9


@pytest.mark.parametrize("every", [1.0, 2.3, 7.7])
def test_a_tool_does_not(every: float) -> None:
    assert _lock([i * every for i in range(200)]) < 0.2


def test_a_few_times_say_nothing() -> None:
    assert _lock([0, 10, 20, 30]) == 0.0


def test_the_split_does_not_matter() -> None:
    seconds = [i * 3.7 for i in range(50)]
    assert _lock(seconds) == _lock(seconds, parts=7)
