"""The laws of feature sets."""

from __future__ import annotations

import io
import json
import random
from contextlib import ExitStack
from datetime import datetime, timedelta

import polars as pl
from polars.testing import assert_frame_equal

from vedette.abc import Dump, EventFeatures, FeatureSet, HistoryFeatures, WindowFeatures
from vedette.events.batch import EventBatch
from vedette.features.history import ORDER, HistoryState
from vedette.features.window import WindowState
from vedette.store.profiles import Profile
from vedette.testing.events import START, random_events


def rows_of(features: FeatureSet, batches: list[EventBatch]) -> pl.DataFrame:
    """Return the rows over ``batches``, in an order that depends on their keys alone."""
    frames: list[pl.DataFrame] = []
    if isinstance(features, WindowFeatures):
        state = WindowState(features)
        for batch in batches:
            state.add(features.take(batch))
        frames = list(state.advance())
        if features.normal is not None and frames:
            width = features.normal.window
            frames = [Profile(features).judge(pl.concat(f for f in frames if f["window"][0] == width))]
        order = ["window", "time", *features.keys]
    elif isinstance(features, HistoryFeatures):
        waiting = HistoryState(features)
        for batch in batches:
            waiting.add(features.take(batch))
        frames = list(waiting.advance())
        order = list(ORDER)
    else:
        assert isinstance(features, EventFeatures)
        frames = [features.compute(features.take(b)).collect() for b in batches]
        order = ["time", "metadata.log_name", "metadata.sequence"]
    return pl.concat(frames).sort(order, nulls_last=True) if frames else pl.DataFrame()


def _events(features: type[FeatureSet], seed: int) -> EventBatch:
    return random_events(features.needs, seed=seed)


def makes_rows(features: type[FeatureSet]) -> None:
    """Some events give rows, with the columns that the schema says; none give none."""
    rows = pl.concat([rows_of(features(), [_events(features, seed)]) for seed in range(3)], how="diagonal")
    assert rows.height, "no rows from 1,200 varied events"
    assert dict(features().schema()).items() <= dict(rows.schema).items(), "rows do not fit the schema"
    nothing = EventBatch(features.needs, _events(features, 0).frame.clear())
    assert rows_of(features(), [nothing]).height == 0


def reads_only_what_it_declares(features: type[FeatureSet]) -> None:
    """It needs no column beyond ``requires``; those of ``uses`` may be null."""
    narrow = random_events(
        features.needs, columns=("time", "metadata.log_name", "metadata.sequence", *features.requires)
    )
    rows_of(features(), [narrow])


def keeps_the_events_own_keys(features: type[FeatureSet]) -> None:
    """A key that is named as a path holds what the event says there: evidence is looked up by it."""
    made, batch, number = features(), _events(features, 2), "metadata.sequence"
    assert isinstance(made, (EventFeatures, WindowFeatures, HistoryFeatures))
    own = [k for k in made.keys if "." in k and k in batch.frame.columns]
    frame = batch.frame.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(number))
    events = made.take(EventBatch(batch.kind, frame, batch.records))
    prepared = made.compute(events) if isinstance(made, EventFeatures) else made.prepare(events)
    rows = prepared.select(number, *own).collect()
    said = frame[rows[number]]
    for key in own:
        assert rows[key].eq_missing(said[key]).all(), f"{key} is not what the events say"


def does_not_care_about_order(features: type[FeatureSet]) -> None:
    """Shuffled events give the same rows, to the bit."""
    batch = _events(features, 1)
    shuffled = EventBatch(batch.kind, batch.frame.sample(fraction=1, shuffle=True, seed=3))
    assert_frame_equal(rows_of(features(), [batch]), rows_of(features(), [shuffled]), check_exact=True)


def is_the_same_over_any_split(features: type[FeatureSet]) -> None:
    """Partials merged over any split are those of the whole, to the bit."""
    batch = _events(features, 2)
    whole = rows_of(features(), [batch])
    for seed in range(3):
        part = pl.Series([random.Random(seed * 1000 + i).randrange(5) for i in range(len(batch))])
        parts = [EventBatch(batch.kind, batch.frame.filter(part == n)) for n in range(5)]
        assert_frame_equal(whole, rows_of(features(), parts), check_exact=True)


def does_not_look_ahead(features: type[FeatureSet]) -> None:
    """What comes after a window's end changes nothing in it."""
    batch, cut = _events(features, 4), START + timedelta(hours=1)
    before = EventBatch(batch.kind, batch.frame.filter(pl.col("time") < cut))
    then, now = rows_of(features(), [before]), rows_of(features(), [batch])
    end = pl.col("time") + pl.col("window") if "window" in now.columns else pl.col("time") + timedelta(microseconds=1)
    assert_frame_equal(then.filter(end <= cut), now.filter(end <= cut), check_exact=True)


def goes_on_after_a_stop(features: type[FeatureSet]) -> None:
    """Written down and read back at any point, it gives the rows that it gives undisturbed, to the bit; in memory and in files."""
    if not issubclass(features, (WindowFeatures, HistoryFeatures)):
        return
    batch = random_events(features.needs, n=240, seed=5)
    parts = [EventBatch(batch.kind, part) for part in batch.frame.sort("time").iter_slices(80)]
    for memory_bytes in (1 << 30, 1):
        undisturbed = _stepwise(features, parts, memory_bytes, stop=False)
        stopped = _stepwise(features, parts, memory_bytes, stop=True)
        assert_frame_equal(undisturbed, stopped, check_exact=True)


def _stepwise(features: type[FeatureSet], parts: list[EventBatch], memory_bytes: int, *, stop: bool) -> pl.DataFrame:
    """Return the rows over parts in order of time, windows closed as time goes on; with ``stop`` another state goes on after each."""
    state = state_of(features(), memory_bytes)
    frames: list[pl.DataFrame] = []
    with ExitStack() as stack:
        stack.callback(state.close)
        for part in parts:
            begin = part.frame["time"].min()
            assert isinstance(begin, datetime)
            state.add(state.features.take(part))
            frames += state.advance(begin - timedelta(minutes=5))
            if stop:
                state = resumed(state, memory_bytes)
                stack.callback(state.close)
        frames += state.advance()
    order = ["window", "time", *state.features.keys] if isinstance(state, WindowState) else ORDER
    return pl.concat(frames).sort(order, nulls_last=True) if frames else pl.DataFrame()


def state_of(features: FeatureSet, memory_bytes: int) -> WindowState | HistoryState:
    """Return a new state; with next to no memory whatever it is given goes to files."""
    if isinstance(features, HistoryFeatures):
        return HistoryState(features, memory_bytes)
    assert isinstance(features, WindowFeatures)
    return WindowState(features, memory_bytes, pending_rows=1 << 20 if memory_bytes > 1 else 0)


def resumed(state: WindowState | HistoryState, memory_bytes: int) -> WindowState | HistoryState:
    """Return a new state that was given all that another one held, by way of bytes."""
    dump = state.dump()
    told = json.loads(json.dumps(dump.told))
    frames = {name: pl.read_ipc(_bytes(frame)) for name, frame in dump.frames.items()}
    fresh = state_of(type(state.features)(), memory_bytes)
    fresh.load(Dump(dump.mark, told, frames, dump.files))
    return fresh


def _bytes(frame: pl.DataFrame) -> io.BytesIO:
    stream = io.BytesIO()
    frame.write_ipc(stream)
    stream.seek(0)
    return stream


def changes_version_with_its_columns(features: type[FeatureSet]) -> None:
    """Another column is another version."""

    class More(features):  # type: ignore[misc, valid-type]
        def schema(self) -> pl.Schema:
            columns = pl.Schema(super().schema())
            columns["one_more"] = pl.Int64()
            return columns

    assert More().version != features().version, "another column, yet the same version"


def declares_a_baseline_of_its_own_columns(features: type[FeatureSet]) -> None:
    """What is learned to be normal are columns of its rows: numbers, lists of text, of one of its windows."""
    normal = features.normal if issubclass(features, WindowFeatures) else None
    if normal is None:
        return
    assert issubclass(features, WindowFeatures)
    schema = features().schema()
    assert normal.window in features.windows, f"it has no windows of {normal.window}"
    assert all(schema.get(n, pl.Null()).is_numeric() for n in normal.numbers), "a number of its baseline is none"
    assert all(schema.get(s) == pl.List(pl.String) for s in normal.sets), "a set of its baseline is no list of text"
    assert {*normal.hourly, *normal.prior} <= {*normal.numbers}, "hours or a prior of what is not learned"
    assert normal.half_life >= normal.window, "it forgets faster than it learns"


LAWS = (
    makes_rows,
    reads_only_what_it_declares,
    keeps_the_events_own_keys,
    does_not_care_about_order,
    is_the_same_over_any_split,
    does_not_look_ahead,
    goes_on_after_a_stop,
    changes_version_with_its_columns,
    declares_a_baseline_of_its_own_columns,
)
