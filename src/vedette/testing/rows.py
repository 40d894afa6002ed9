"""Runs one feature set and one detector over batches, as the engine does, without the rest: for tables in tests."""

from __future__ import annotations

import polars as pl

from vedette.abc import MALICIOUS, Detector, EventFeatures, FeatureSet, HistoryFeatures, Learned, WindowFeatures
from vedette.events.batch import EventBatch
from vedette.features.history import HistoryState
from vedette.features.window import WindowState
from vedette.learning.registry import equip
from vedette.store.profiles import Profile

_ALWAYS = {"first_seen": pl.Datetime("us", "UTC"), "last_seen": pl.Datetime("us", "UTC"), "event_count": pl.Int64()}
"""What ``WindowState`` adds to every row."""


def rows_of(features: type[FeatureSet], *batches: EventBatch, sifted: bool = False) -> pl.DataFrame:
    """Return the rows of a feature set over batches of its class, all windows closed, ordered by width, time and key.

    Those of a set with a baseline have its columns, as of an empty one before.

    Args:
        features: the set.
        batches: its events.
        sifted: without those that tell nothing (``WindowFeatures.telling``), as in looks at open windows.
    """
    made = features()
    if isinstance(made, EventFeatures):
        return pl.concat([made.compute(made.take(batch)).collect() for batch in batches])
    if isinstance(made, HistoryFeatures):
        waiting = HistoryState(made)
        for batch in batches:
            waiting.add(made.take(batch))
        return pl.concat([*waiting.advance(), pl.DataFrame(schema=made.schema())])
    assert isinstance(made, WindowFeatures)
    state = WindowState(made)
    state.sifted = sifted
    for batch in batches:
        state.add(made.take(batch))
    frames = list(state.advance())
    if frames and made.normal is not None:
        judged = Profile(made).judge(pl.concat(f for f in frames if f["window"][0] == made.normal.window))
        return judged.sort("time", *made.keys)
    if not frames:
        return pl.DataFrame(schema={**_ALWAYS, **made.schema()})
    return pl.concat(frames).sort("window", "time", *made.keys)


def hits_of(detector: type[Detector], *batches: EventBatch) -> pl.DataFrame:
    """Return the rows that are findings, with ``score``, ``title``, ``summary`` and ``severity``."""
    made = equip(detector)
    rows = rows_of(made.needs, *batches, sifted=True)
    if isinstance(made, Learned):
        said = made.judge(rows)
        rows = rows.with_columns(score=said["confidence"]).filter(said["verdict"] == MALICIOUS)
    else:
        rows = rows.with_columns(score=made.score(rows)).filter(pl.col("score") >= made.threshold)
    texts = {"summary": made.summaries(rows), "title": made.titles(rows)}
    assert len(made.reasons(rows)) == rows.height
    severities = pl.Series("severity", [int(s) for s in made.severities(rows)], dtype=pl.Int64)
    return rows.with_columns(severities, **{k: pl.Series(v, dtype=pl.String) for k, v in texts.items()})
