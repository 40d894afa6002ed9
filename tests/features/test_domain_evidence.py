from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.features.domain_evidence import EDGES, FAMILIES, ORDERS, PAIRS, evidence, version

NAMES = ["goodnews", "xkqjzwpt", "a1b2c3d4", "deadbeef", "aeiou", "", "x", "two-words"]


def measured(name: str) -> dict[str, float]:
    return {k: float(v[0]) for k, v in evidence(pl.Series([name])).measures.items()}


@pytest.mark.parametrize(
    ("name", "measure", "value"),
    [
        ("banana", "vowels", 0.5),
        ("banana", "alternation", 1.0),
        ("banana", "variety", 0.5),
        ("strengths", "consonants", 5),
        ("queue", "vowel_run", 4),
        ("a1b2c3d4", "digits", 0.5),
        ("a1b2c3d4", "changes", 7),
        ("deadbeef", "hex", 1),
        ("deadbee7", "hex", 2),
        ("shop", "hex", 0),
        ("two-words-more", "hyphens", 2),
        ("qzxjk", "words3", 0),
        ("goodnews", "words4", 1.0),
    ],
)
def test_measures(name: str, measure: str, value: float) -> None:
    assert measured(name)[measure] == pytest.approx(value)


def test_blocks_are_as_a_model_wants_them() -> None:
    blocks = evidence(pl.Series(NAMES)).blocks
    assert [b.name for b in blocks] == [*(f"runs{n}" for n in ORDERS), *FAMILIES, *PAIRS]
    for block in blocks:
        assert len(block) == len(NAMES)
        assert block.starts[-1] == len(block.slot)
        assert not len(block.slot) or int(block.slot.max()) < block.slots
    assert [len(b) for b in evidence(pl.Series([], dtype=pl.String)).blocks] == [0] * len(blocks)


def test_a_name_is_seen_by_itself() -> None:
    whole = evidence(pl.Series(NAMES))
    for k, name in enumerate(NAMES):
        for one, all_ in zip(evidence(pl.Series([name])).blocks, whole.blocks, strict=True):
            assert np.array_equal(one.slot, all_.slot[all_.starts[k] : all_.starts[k + 1]]), (name, one.name)


def test_every_measure_has_bins() -> None:
    assert set(measured("shop")) == set(EDGES)
    assert len(version()) == 12


@settings(deadline=None)
@given(st.lists(st.text(max_size=70), max_size=6))
def test_hostile_text_survives(names: list[str]) -> None:
    told = [n.encode("utf-8", "replace").decode() for n in names]
    assert all(len(b) == len(names) for b in evidence(pl.Series(told, dtype=pl.String)).blocks)
