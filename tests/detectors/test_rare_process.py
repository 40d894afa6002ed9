from __future__ import annotations

import polars as pl

from vedette.detectors.rare_process import RareProcess
from vedette.features.host_programs import HostPrograms
from vedette.testing.events import random_rows


def _row(pairs: list[str], *, age: int, others: int, had: bool = False) -> pl.DataFrame:
    base = random_rows(HostPrograms().schema(), 1)
    columns = {"host": "ws1", "age": age, "entities": 40, "starts": 10}
    lists = {
        **dict.fromkeys(("pairs", "programs"), pairs),
        **{f"had.{c}": [had] * len(pairs) for c in ("pairs", "programs")},
        **{f"others.{c}": [others] * len(pairs) for c in ("pairs", "programs")},
    }
    exprs = [pl.lit(v).cast(base.schema[k]).alias(k) for k, v in columns.items()]
    exprs += [pl.Series(k, [v], dtype=base.schema[k]) for k, v in lists.items()]  # type: ignore[misc]
    return base.with_columns(exprs)


NEW = [f"winword.exe > tool{c}.exe" for c in "abcdefgh"]


def test_new_and_rare_programs_of_a_host_that_is_known() -> None:
    detector = RareProcess()
    assert detector.score(_row(NEW, age=500, others=0))[0] > 0.5
    assert detector.summaries(_row(NEW, age=500, others=0))[0].startswith(
        "ws1 started 8 new and rare programs: winword.exe > toola.exe"
    )


def test_what_others_have_or_what_nobody_knows_yet_is_left_alone() -> None:
    detector = RareProcess()
    quiet = (
        _row(NEW, age=500, others=20),
        _row(NEW, age=500, others=0, had=True),
        _row(NEW, age=0, others=0),
        _row(NEW[:1], age=500, others=0),
    )
    assert all(detector.score(row)[0] < 0.1 for row in quiet)
