"""The laws of detectors."""

from __future__ import annotations

import math

import polars as pl
from polars.testing import assert_frame_equal, assert_series_equal

from vedette.abc import Detector, EventFeatures, HistoryFeatures, Learned, WindowFeatures
from vedette.features.history import HistoryState
from vedette.intel.attack import techniques
from vedette.testing.chance import equipped
from vedette.testing.events import START, random_events, random_rows

SECTIONS = ("Known false positives:", "Blind spots:")
BATCHES = 30


def rows_for(detector: type[Detector], seed: int = 0) -> pl.DataFrame:
    """Return made-up rows of the detector's feature set, as the engine hands them over."""
    features = detector.needs()
    if isinstance(features, EventFeatures):
        return features.compute(features.take(random_events(features.needs, seed=seed))).collect()
    if isinstance(features, HistoryFeatures):
        waiting = HistoryState(features)
        waiting.add(features.take(random_events(features.needs, seed=seed)))
        return pl.concat(list(waiting.advance()))
    schema = dict(features.schema())
    also: dict[str, pl.DataType] = {}
    if isinstance(features, WindowFeatures):
        also = {
            "first_seen": pl.Datetime("us", "UTC"),
            "last_seen": pl.Datetime("us", "UTC"),
            "event_count": pl.Int64(),
        }
    rows = random_rows(pl.Schema({**schema, **{c: d for c, d in also.items() if c not in schema}}), seed=seed)
    return rows.with_columns(pl.col(c).fill_null(START) for c, d in rows.schema.items() if d == pl.Datetime)


def gives_a_score_per_row(detector: type[Detector]) -> None:
    """Scores are Float64 in [0, 1], never null or NaN, one per row; none for none."""
    for seed in range(3):
        rows = rows_for(detector, seed)
        scores = equipped(detector).score(rows)
        assert scores.dtype == pl.Float64, f"scores are {scores.dtype}"
        assert scores.len() == rows.height, "not one score per row"
        assert scores.null_count() == 0, "a score is null"
        assert scores.is_nan().sum() == 0, "a score is NaN"
        assert scores.is_between(0, 1).all(), f"scores reach from {scores.min()!r} to {scores.max()!r}"
    assert equipped(detector).score(rows_for(detector).clear()).len() == 0


def is_pure(detector: type[Detector]) -> None:
    """Twice the same, from one instance or two; the rows are untouched; a row's score depends on that row alone."""
    rows, one = rows_for(detector, 1), equipped(detector)
    before = rows.clone()
    first = one.score(rows)
    assert_series_equal(first, one.score(rows))
    assert_series_equal(first, equipped(detector).score(rows))
    assert_frame_equal(rows, before)
    assert_series_equal(first.reverse(), one.score(rows.reverse()))
    alone = pl.concat([one.score(rows[i]) for i in range(min(20, rows.height))]) if rows.height else first
    assert_series_equal(first.head(20), alone)


def keeps_no_state(detector: type[Detector]) -> None:
    """Memory is bounded: scoring many batches leaves the detector as the first one did (which may make its expressions)."""
    one, made = equipped(detector), [rows_for(detector, seed) for seed in range(3)]
    one.score(made[0])
    before = repr(getattr(one, "__dict__", {}))
    for n in range(BATCHES):
        one.score(made[n % len(made)])
    assert repr(getattr(one, "__dict__", {})) == before, "the detector grows as it scores"


def says_why(detector: type[Detector]) -> None:
    """Every hit has reasons whose weights add up to its score, a sentence, a title, a severity and techniques."""
    one = equipped(detector)
    for seed in range(3):
        rows = rows_for(detector, seed)
        hits = rows if isinstance(one, Learned) else rows.filter(one.score(rows) >= one.threshold)
        scores, reasons = one.score(hits).to_list(), one.reasons(hits)
        summaries, titles = one.summaries(hits), one.titles(hits)
        lengths = {len(reasons), len(summaries), len(titles), len(one.severities(hits)), len(one.attacks(hits))}
        assert lengths == {hits.height}, "not one answer per hit"
        for score, row in zip(scores, reasons, strict=True):
            assert row, "a hit without a reason"
            assert math.isclose(sum(r.weight for r in row), score, abs_tol=1e-6), "weights do not add up to the score"
            assert all(r.text.strip() for r in row), "a reason without words"
            assert [r.weight for r in row] == sorted((r.weight for r in row), reverse=True), "not heaviest first"
        assert all(s and s.strip() for s in (*summaries, *titles)), "a hit without a sentence"


def names_real_techniques(detector: type[Detector]) -> None:
    """Its techniques are in ATT&CK."""
    unknown = [t for t in detector.techniques if t not in techniques()]
    assert not unknown, f"not in ATT&CK: {unknown}"


def names_real_columns(detector: type[Detector]) -> None:
    """Actor and targets are columns of its rows, text or lists of text."""
    schema = rows_for(detector).schema
    for role in (r for stated in (detector.actor, *detector.targets) for r in stated.choices()):
        assert schema.get(role.column) in (pl.String, pl.List(pl.String)), f"{role.column} is {schema.get(role.column)}"


def tells_its_limits(detector: type[Detector]) -> None:
    """The docstring, which is its documentation page, has the sections that an analyst needs."""
    doc = detector.__doc__ or ""
    absent = [s for s in SECTIONS if s not in doc]
    assert not absent, f"the docstring lacks {absent}"
    assert detector.false_positives(), "no false positive is known: none was looked for"


LAWS = (
    gives_a_score_per_row,
    is_pure,
    keeps_no_state,
    says_why,
    names_real_techniques,
    names_real_columns,
    tells_its_limits,
)
