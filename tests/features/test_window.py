from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from vedette.abc import FeatureSet, WindowFeatures
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features import window
from vedette.features.sketch import count_distinct, distinct, merge_distinct
from vedette.features.window import WindowState
from vedette.plugins import discover
from vedette.testing.events import random_events
from vedette.testing.laws.features import rows_of

T0 = datetime(2026, 1, 1, tzinfo=UTC)


class PortsPerSource(WindowFeatures):
    """Distinct ports per source."""

    name = "ports_per_source"
    needs = EventClass.NETWORK_ACTIVITY
    requires: ClassVar[tuple[str, ...]] = ("src_endpoint.ip", "dst_endpoint.port")
    keys: ClassVar[tuple[str, ...]] = ("src_endpoint.ip",)
    windows: ClassVar[tuple[timedelta, ...]] = (timedelta(minutes=1), timedelta(hours=1))

    def partial(self) -> list[pl.Expr]:
        return [distinct(pl.col("dst_endpoint.port")).alias("ports_sketch")]

    def merge(self) -> list[pl.Expr]:
        return [merge_distinct("ports_sketch")]

    def finish(self) -> list[pl.Expr]:
        return [count_distinct("ports_sketch").alias("ports")]


def _events(rows: list[tuple[int, str, int]]) -> pl.LazyFrame:
    schema = SCHEMAS[EventClass.NETWORK_ACTIVITY]
    columns = PortsPerSource.columns()
    return pl.LazyFrame(
        {
            "time": [T0 + timedelta(seconds=s) for s, _, _ in rows],
            "metadata.log_name": ["x"] * len(rows),
            "metadata.sequence": range(len(rows)),
            "src_endpoint.ip": [a for _, a, _ in rows],
            "dst_endpoint.port": [p for _, _, p in rows],
        },
        schema={c: schema[c] for c in columns},
    )


def _rows(frames: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(frames).sort("window", "time", "src_endpoint.ip")


EVENTS = st.lists(
    st.tuples(st.integers(0, 9_000), st.sampled_from(["a", "b"]), st.integers(1, 9)), min_size=1, max_size=40
)


@settings(max_examples=40, deadline=None)
@given(EVENTS, st.integers(1, 7), st.randoms(use_true_random=False))
def test_any_split_and_order_gives_the_rows_of_the_whole(
    rows: list[tuple[int, str, int]], size: int, rng: random.Random
) -> None:
    whole = WindowState(PortsPerSource())
    whole.add(_events(rows))
    shuffled = rows.copy()
    rng.shuffle(shuffled)
    split = WindowState(PortsPerSource())
    for at in range(0, len(rows), size):
        split.add(_events(shuffled[at : at + size]))
    assert_frame_equal(_rows(list(whole.advance())), _rows(list(split.advance())))


@settings(max_examples=40, deadline=None)
@given(EVENTS, st.integers(1, 7))
def test_closing_windows_as_time_goes_on_gives_the_same_rows(rows: list[tuple[int, str, int]], size: int) -> None:
    rows = sorted(rows)
    whole, live, got = WindowState(PortsPerSource()), WindowState(PortsPerSource()), []
    whole.add(_events(rows))
    for at in range(0, len(rows), size):
        live.add(_events(rows[at : at + size]))
        got += list(live.advance(T0 + timedelta(seconds=rows[at : at + size][-1][0])))
    assert_frame_equal(_rows(list(whole.advance())), _rows(got + list(live.advance())))


def test_what_outgrows_the_memory_goes_to_files_and_comes_back(tmp_path: Path) -> None:
    rows = [(s * 13 % 8_000, f"10.0.0.{s % 40}", s % 50) for s in range(900)]
    whole, small = WindowState(PortsPerSource(), 1 << 30), WindowState(PortsPerSource(), 1_000, tmp_path, 20)
    whole.add(_events(rows))
    for at in range(0, len(rows), 90):
        small.add(_events(rows[at : at + 90]))
    assert list(tmp_path.rglob("*.arrow"))
    assert_frame_equal(_rows(list(whole.advance())), _rows(list(small.advance())))
    small.close()
    assert not list(tmp_path.iterdir())


def test_wide_windows_of_what_outgrew_the_memory_are_closed_part_by_part_too(tmp_path: Path) -> None:
    state = WindowState(PortsPerSource(), 1_000, tmp_path, 20)
    state.add(_events([(s, f"10.0.{s % 9}.{s % 40}", 1) for s in range(360)]))
    hours = [f.height for f in state.advance() if f.height and f["window"].max() == timedelta(hours=1)]
    assert sum(hours) == 360
    assert max(hours) < 60
    state.close()


def test_a_row_knows_its_events() -> None:
    state = WindowState(PortsPerSource())
    state.add(_events([(5, "a", 1), (50, "a", 2), (70, "a", 2)]))
    hour = _rows(list(state.advance())).filter(window=timedelta(hours=1)).row(0, named=True)
    assert (hour["ports"], hour["event_count"]) == (2.0, 3)
    assert (hour["last_seen"] - hour["first_seen"]).total_seconds() == 65


class TwoWays(PortsPerSource):
    """Names its partials in one order and merges them in another."""

    def partial(self) -> list[pl.Expr]:
        return [*super().partial(), pl.len().alias("flows")]

    def merge(self) -> list[pl.Expr]:
        return [pl.col("flows").sum(), *super().merge()]


def test_partials_may_be_merged_in_another_order_of_columns() -> None:
    state = WindowState(TwoWays())
    state.add(_events([(0, "a", 1), (90, "a", 2)]))
    first = list(state.advance(T0 + timedelta(minutes=1)))
    state.add(_events([(100, "a", 3)]))
    rows = _rows([*first, *state.advance()])
    assert rows.filter(pl.col("window") == timedelta(minutes=1))["ports"].to_list() == [1, 2]


@settings(max_examples=40, deadline=None)
@given(EVENTS, st.integers(1, 7), st.integers(0, 3))
def test_a_look_shows_each_open_window_that_got_events_as_if_it_closed_now(
    rows: list[tuple[int, str, int]], size: int, bulk: int
) -> None:
    rows = sorted(rows)
    live, got = WindowState(PortsPerSource()), []
    for number, at in enumerate(range(0, len(rows), size)):
        live.watched = number >= bulk  # what came before anybody looked counts too
        live.add(_events(rows[at : at + size]))
        now = T0 + timedelta(seconds=rows[at : at + size][-1][0])
        got += list(live.advance(now))
        if not live.watched:
            continue
        whole = WindowState(PortsPerSource())
        whole.add(_events(rows[: at + size]))
        every = pl.concat(list(whole.advance()))
        still = every.filter(pl.col("time") + pl.col("window") > now)
        fresh = _events(rows[at : at + size]).select("src_endpoint.ip", begun="time").collect()
        told = still.join(fresh, on="src_endpoint.ip").filter(
            pl.col("begun").is_between(pl.col("time"), pl.col("time") + pl.col("window"), closed="left")
        )
        peeked = list(live.peek())
        shown = _rows(peeked) if peeked else told.clear().drop("begun")
        assert_frame_equal(shown, _rows([told.drop("begun").unique()]), check_row_order=True)
        assert not list(live.peek())
    whole = WindowState(PortsPerSource())
    whole.add(_events(rows))
    assert_frame_equal(_rows(list(whole.advance())), _rows(got + list(live.advance())))


def test_what_is_watched_and_outgrows_the_memory_is_found_when_it_closes(tmp_path: Path) -> None:
    rows = sorted((s * 13 % 8_000, f"10.0.0.{s % 40}", s % 50) for s in range(900))
    whole, small, got = WindowState(PortsPerSource(), 1 << 30), WindowState(PortsPerSource(), 1_000, tmp_path, 20), []
    whole.add(_events(rows))
    for at in range(0, len(rows), 90):
        small.watched = at > 90
        small.add(_events(rows[at : at + 90]))
        list(small.peek())
        got += list(small.advance(T0 + timedelta(seconds=rows[at][0])))
    assert_frame_equal(_rows(list(whole.advance())), _rows([*got, *small.advance()]))
    small.close()


class Loud(PortsPerSource):
    """Fewer than three ports tell nothing."""

    def telling(self) -> pl.Expr:
        return pl.col("ports_sketch").list.len() >= 3


def test_what_tells_nothing_is_passed_over_in_looks_and_where_it_is_asked_for() -> None:
    events = _events([(s, "a", s) for s in range(1, 6)] + [(1, "b", 1), (2, "b", 2)])
    whole, sifted = WindowState(Loud()), WindowState(Loud())
    whole.watched = sifted.sifted = True
    whole.add(events)
    sifted.add(events)
    for frames in (list(whole.peek()), list(sifted.advance())):
        rows = pl.concat(frames)
        assert set(rows["src_endpoint.ip"]) == {"a"}
        assert rows.height == 2
    assert set(pl.concat(list(whole.advance()))["src_endpoint.ip"]) == {"a", "b"}


@pytest.mark.parametrize(
    "features", [pytest.param(f, id=n) for n, f in discover(FeatureSet).items() if issubclass(f, WindowFeatures)]
)
def test_a_partial_of_one_event_is_as_a_merge_would_leave_it(
    features: type[WindowFeatures], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = random_events(features.needs, seed=3)
    parts = [EventBatch(batch.kind, part) for part in batch.frame.iter_slices(100)]
    monkeypatch.setattr(window, "LONE_ROWS", len(batch) * 100)
    merged = rows_of(features(), parts)
    monkeypatch.setattr(window, "LONE_ROWS", 0)
    monkeypatch.setattr(window, "LONE_SHARE", 0.0)
    assert_frame_equal(merged, rows_of(features(), parts), check_exact=True)


def test_what_needs_no_merge_is_passed_by_and_all_the_rest_is_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "LONE_ROWS", 0)
    state = WindowState(PortsPerSource())
    state.add(_events([(0, "a", 1), (1, "b", 1), (7_000, "c", 1)]))
    state.add(_events([(2, "a", 2), (7_300, "c", 2)]))
    rows = _rows(list(state.advance()))
    hours = rows.filter(pl.col("window") == timedelta(hours=1))
    assert hours.select("src_endpoint.ip", "ports", "event_count").rows() == [
        ("a", 2, 2),
        ("b", 1, 1),
        ("c", 1, 1),
        ("c", 1, 1),
    ]
