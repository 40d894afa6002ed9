from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from vedette.learning.datasets.trec07p import Trec07p


@pytest.mark.data
def test_the_set_is_read_whole_and_without_repetitions(shared_data: Path) -> None:
    rows = Trec07p().read(shared_data)
    many, labels = 8817, {"ham": 3360, "spam": 5457}
    assert len(rows) == many
    assert dict(rows["@label"].value_counts().rows()) == labels
    assert rows.select(pl.struct("@label", "@group")).is_duplicated().sum() == 0
    years = rows["@time"].dt.year()
    assert (years.min(), years.max()) == (2007, 2007)
