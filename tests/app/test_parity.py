"""The same input in one go, in micro-batches of any size, and shuffled within lateness gives the same findings, to the byte."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec
import polars as pl
import pytest

from vedette.abc import Detector
from vedette.app.drill import write_drill
from vedette.app.engine import Engine
from vedette.app.intake import open_inputs
from vedette.config import Config
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.learning import registry
from vedette.plugins import discover
from vedette.testing.events import random_events

LATENESS = timedelta(minutes=5)
KINDS = sorted({d.needs.needs for d in discover(Detector).values()})


Slots = list[list[EventBatch]]
"""What arrives in each stretch of time."""


def _run(slots: Slots, *, live: bool = False) -> bytes:
    engine, latest = Engine(Config()), datetime.min.replace(tzinfo=UTC)
    for slot in slots:
        for batch in slot:
            engine.feed(batch)
            latest = max(latest, _newest(batch))
        if live:
            engine.advance(latest - LATENESS)
    outcome = engine.close()
    engine.spool.close()
    assert not [idle for idle in outcome.idle if idle.broke]
    return msgspec.json.encode(outcome.findings)


def _newest(batch: EventBatch) -> datetime:
    newest = batch.frame["time"].max()
    assert isinstance(newest, datetime)
    return newest


def _pieces(batches: list[EventBatch], span: str) -> Slots:
    """Cut batches into what each stretch of time holds, in order."""
    return _slots([(b.kind, b.frame.with_columns(_at="time").sort("time")) for b in batches], span)


def _slots(arriving: list[tuple[EventClass, pl.DataFrame]], span: str) -> Slots:
    slots: dict[datetime, list[EventBatch]] = {}
    for kind, frame in arriving:
        marked = frame.with_columns(pl.col("_at").dt.truncate(span).alias("_slot"))
        for part in marked.partition_by("_slot", maintain_order=True):
            slots.setdefault(part["_slot"][0], []).append(EventBatch(kind, part.drop("_at", "_slot")))
    return [slots[at] for at in sorted(slots)]


def _delayed(batch: EventBatch, seed: int) -> pl.DataFrame:
    """Let every event arrive up to four minutes late (``_at``), which is within the lateness."""
    delay = pl.int_range(pl.len()).shuffle(seed) % 240
    return batch.frame.with_columns(_at=pl.col("time") + delay * timedelta(seconds=1)).sort("_at")


def _shuffled(batch: EventBatch, seed: int) -> EventBatch:
    return EventBatch(batch.kind, _delayed(batch, seed).drop("_at"))


def _arrivals(batches: list[EventBatch], span: str, seed: int) -> Slots:
    """Return what arrives in each stretch of time, delays and all."""
    return _slots([(b.kind, _delayed(b, seed)) for b in batches], span)


@pytest.fixture(autouse=True, scope="module")
def _models() -> Iterator[None]:
    """Load each model once: one that is replaced while the tests run (a training beside them) is not what they compare."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "load", cache(registry.load))
        yield


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> list[EventBatch]:
    folder: Path = tmp_path_factory.mktemp("drill")
    found: dict[EventClass, list[pl.DataFrame]] = {}
    for item in open_inputs([str(p) for p in write_drill(folder)]):
        for batch in item.batches():
            found.setdefault(batch.kind, []).append(batch.named(item.source.name if item.source else "").frame)
    return [EventBatch(kind, pl.concat(frames, how="diagonal")) for kind, frames in found.items()]


@pytest.mark.parametrize(("seed", "span"), [(0, "11m"), (1, "29m")])
def test_random_events(seed: int, span: str) -> None:
    batches = [random_events(kind, n=300, seed=seed) for kind in KINDS]
    whole = _run([batches])
    assert whole.count(b'"uid"') >= 5, "too few findings to compare"
    assert _run([[_shuffled(b, seed) for b in batches]]) == whole
    assert _run(_pieces(batches, span)) == whole
    assert _run(_pieces(batches, span), live=True) == whole
    assert _run(_arrivals(batches, span, seed), live=True) == whole


def test_the_drill(drill: list[EventBatch]) -> None:
    whole = _run([drill])
    assert whole.count(b'"uid"') >= 5, "the drill gives too few findings to compare"
    assert _run([[_shuffled(b, 1) for b in drill]]) == whole
    assert _run(_arrivals(drill, "20m", 2), live=True) == whole
