from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from vedette.detectors.failed_lookups import FailedLookups
from vedette.events.batch import EventBatch
from vedette.features.failed_lookups import FailedLookups as Rows
from vedette.testing.names import lookups, random_names
from vedette.testing.rows import hits_of, rows_of

WORDS = ("blue", "river", "stone", "house", "light", "paper", "glass", "cloud", "north", "table")

CASES: dict[str, tuple[list[EventBatch], bool]] = {
    "a generator of words": ([lookups([f"{a}{b}.net" for a in WORDS for b in WORDS], rcode=3)], True),
    "a few slips": ([lookups(random_names(12), rcode=3)], False),
    "a storm below one domain": ([lookups([f"{n:x}.list.example.org" for n in range(500)], rcode=3)], False),
    "names that exist": ([lookups(random_names(200))], False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batches, hostile = CASES[case]
    assert bool(hits_of(FailedLookups, *batches).height) is hostile


def test_a_client_that_always_does_so_is_no_hit() -> None:
    """A mail server asks for the dead names of its clients, every hour."""
    hours = [lookups(random_names(80, seed=n), rcode=3) for n in range(48)]
    moved = [EventBatch(b.kind, b.frame.with_columns(pl.col("time") + timedelta(hours=n))) for n, b in enumerate(hours)]
    scores = FailedLookups().score(rows_of(Rows, *moved)).to_list()
    assert scores[0] > 0.5
    assert max(scores[24:]) < 0.01


def test_a_summary_names_a_few() -> None:
    row = hits_of(FailedLookups, lookups(random_names(100), rcode=3)).row(0, named=True)
    assert row["summary"].startswith("10.0.0.5 asked for 100 names in an hour that do not exist: ")
