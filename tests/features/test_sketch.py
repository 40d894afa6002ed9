from __future__ import annotations

import os
import subprocess
import sys

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from vedette.features.sketch import count_distinct, distinct, hashing, merge_distinct, merge_sample, sample


def _count(values: list[int | None], cuts: list[int], k: int = 16) -> tuple[float, list[int]]:
    part = [sum(c <= i for c in cuts) for i in range(len(values))]
    partials = (
        pl.DataFrame({"v": values, "part": part}, schema={"v": pl.Int64, "part": pl.Int64})
        .group_by("part")
        .agg(d=distinct(pl.col("v"), k), s=sample(pl.col("v"), 4))
    )
    row = partials.select(merge_distinct("d", k).implode(), merge_sample("s", 4).implode())
    return row.select(count_distinct("d", k)).item(), row["s"].to_list()[0]


@given(st.lists(st.none() | st.integers(0, 12), min_size=1), st.lists(st.integers(0, 50)))
def test_below_k_the_count_is_exact_however_the_values_are_split(values: list[int | None], cuts: list[int]) -> None:
    seen = {v for v in values if v is not None}
    assert _count(values, cuts) == (len(seen), sorted(seen)[:4])


def test_above_k_the_error_is_what_the_source_says() -> None:
    for n in (1_000, 30_000):
        got, _ = _count(list(range(n)), [n // 3, n // 2], k=256)
        assert abs(got / n - 1) < 3 / 254**0.5


def test_hashes_are_the_same_in_every_process_of_this_polars() -> None:
    code = "from vedette.features.sketch import hashing; print(hashing())"
    runs = [
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True
        )
        for seed in ("1", "2")
    ]
    assert {run.stdout.decode().strip() for run in runs} == {hashing()}
