from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from vedette.features.first_seen_sample import count_drawn, drawn, merge_drawn, new_and_rare

NAMES = [f"name{n}" for n in range(1_000)]


def _sample(names: list[str | None], k: int) -> list[str]:
    frame = pl.DataFrame({"n": names}, schema={"n": pl.String}).with_columns(mark=pl.col("n").hash())
    return list(frame.select(drawn(pl.col("n"), "mark", k).implode()).item())


def test_few_are_all_there() -> None:
    assert sorted(_sample(["b", "a", "b", None, "a"], 8)) == ["a", "b"]


def test_of_many_it_is_the_same_sample_however_they_come() -> None:
    assert _sample([*NAMES], 16) == _sample([*reversed(NAMES), *NAMES], 16)
    assert len(_sample([*NAMES], 16)) == 16


def test_parts_merged_are_the_whole() -> None:
    parts = pl.DataFrame({"s": [_sample([*NAMES[:300]], 16), _sample([*NAMES[200:]], 16), []]})
    merged = parts.select(merge_drawn("s", 16).implode()).item()
    assert merged.to_list() == _sample([*NAMES], 16)


def test_in_many_groups_each_has_its_own() -> None:
    rng = np.random.default_rng(1)
    rows = pl.DataFrame({"g": rng.integers(0, 300, 50_000), "n": [NAMES[k] for k in rng.integers(0, 80, 50_000)]})
    marked = rows.with_columns(n=pl.col("g").cast(pl.String) + pl.col("n")).with_columns(mark=pl.col("n").hash())
    got = marked.group_by("g").agg(drawn(pl.col("n"), "mark", 12)).sort("g")
    plain = marked.unique(["g", "n"]).sort("mark").group_by("g", maintain_order=True).agg(pl.col("n").head(12))
    assert got.equals(plain.with_columns(pl.col("n").list.sort()).sort("g"))


def test_how_many_there_were() -> None:
    rows = pl.DataFrame({"s": [["a", "b"], _sample([*NAMES], 24), []]})
    counts = rows.select(count_drawn("s", 24)).to_series()
    assert counts[0] == 2
    assert counts[1] == pytest.approx(1_000, rel=0.5)
    assert counts[2] == 0


def test_new_and_rare_is_both() -> None:
    rows = pl.DataFrame(
        {
            "s": [["old", "new", "shared", "rare"], [], ["a"]],
            "had.s": [[True, False, False, False], [], [None]],
            "others.s": [[0, 0, 3, 0], [], [0]],
        },
        schema={"s": pl.List(pl.String), "had.s": pl.List(pl.Boolean), "others.s": pl.List(pl.Int64)},
    )
    assert rows.select(new_and_rare("s")).to_series().to_list() == [["new", "rare"], [], []]
