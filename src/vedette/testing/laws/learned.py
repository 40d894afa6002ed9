"""The laws of learned detectors, over and above those of detectors."""

from __future__ import annotations

import math

import polars as pl
from polars.testing import assert_frame_equal

from vedette.abc import BENIGN, MALICIOUS, UNKNOWN, Learned
from vedette.testing import chance
from vedette.testing.laws.detector import rows_for

JUDGED = {
    "margin": pl.Float64,
    "score": pl.Float64,
    "p_value": pl.Float64,
    "confidence": pl.Float64,
    "verdict": pl.String,
    "unsuited": pl.String,
}
CLOSE = 1e-6
"""Nats by which contributions and bias may miss the margin, beside what float32 weights of a large margin round off."""


def equipped(detector: type[Learned]) -> Learned:
    """Return the detector with its model in use."""
    made = chance.equipped(detector)
    assert isinstance(made, Learned)
    return made


def fits_its_model(detector: type[Learned]) -> None:
    """The model in use was trained for this version of the evidence, and has a table of the right size for every block."""
    one, rows = equipped(detector), rows_for(detector)
    assert one.model.encoder == detector.encoder_version() == detector.encoder_version()
    for block in detector.encode(rows):
        assert len(one.model.form.weights.get(block.name, ())) == block.slots, f"block {block.name} has no such table"
        assert len(block) == rows.height, f"block {block.name} is not about every row"
        assert not len(block.slot) or int(block.slot.max()) < block.slots, (
            f"block {block.name} has slots beyond its size"
        )
    names = [b.name for b in detector.encode(rows)]
    assert len(set(names)) == len(names), "two blocks share a name"
    assert not detector.familiar or detector.familiar in names, "no block is called as in `familiar`"


def contributions_add_up(detector: type[Learned]) -> None:
    """What it says of each thing seen, and the bias, add up to the margin, where that is its model's (a window may have another)."""
    if detector.margins is not Learned.margins:
        return
    for seed in range(3):
        one, rows = equipped(detector), rows_for(detector, seed).head(60)
        for margin, parts in zip(one.margins(rows), one.contributions(rows), strict=True):
            told = math.fsum(p.nats for p in parts) + one.model.form.bias
            assert abs(told - margin) <= CLOSE * max(1.0, abs(margin)), (
                f"contributions say {told}, the margin is {margin}"
            )
            assert all(p.text.strip() for p in parts), "a contribution without words"


def judges_every_row(detector: type[Learned]) -> None:
    """Each row gets margin, score, p-value, confidence, one of three verdicts, and a reason where it is not judged."""
    one, rows = equipped(detector), rows_for(detector)
    said = one.judge(rows)
    assert dict(said.schema) == JUDGED, f"the columns are {said.schema}"
    assert said.height == rows.height, "not one answer per row"
    assert said["verdict"].is_in([MALICIOUS, BENIGN, UNKNOWN]).all(), "another verdict"
    assert ((said["verdict"] == UNKNOWN) == said["unsuited"].is_not_null()).all(), "not judged, and no reason"
    for column in ("score", "p_value", "confidence"):
        assert said[column].is_between(0, 1).all(), f"{column} is not in [0, 1]"
    assert_frame_equal(said, one.judge(rows))
    assert one.judge(rows.clear()).height == 0


LAWS = (fits_its_model, contributions_add_up, judges_every_row)
