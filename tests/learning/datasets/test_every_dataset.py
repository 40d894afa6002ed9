"""What every data set promises, where its files are here."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from vedette.abc import Dataset
from vedette.events.schema import SCHEMAS
from vedette.learning.data import load
from vedette.plugins import discover


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize("name", discover(Dataset))
def test_a_set_gives_what_it_promises(name: str, shared_data: Path) -> None:
    cls, rows = discover(Dataset)[name], load(name, shared_data)
    assert rows.height
    assert rows["metadata.sequence"].to_list() == list(range(rows.height))
    for column in ("@label", "@group", "@corpus"):
        assert rows.schema[column] == pl.String, column
        assert not rows[column].null_count(), column
    assert rows.schema["@time"] in (pl.Datetime("us", "UTC"), pl.Null)
    wrong = {c: d for c, d in rows.schema.items() if not c.startswith("@") and d not in (SCHEMAS[cls.kind][c], pl.Null)}
    assert not wrong
