from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from vedette.learning.datasets.spamassassin import SpamAssassin


@pytest.mark.data
def test_the_set_is_read_whole_and_without_repetitions(shared_data: Path) -> None:
    rows = SpamAssassin().read(shared_data)
    many, labels = 5597, {"ham": 4073, "spam": 1524}
    assert len(rows) == many
    assert dict(rows["@label"].value_counts().rows()) == labels
    assert rows.select(pl.struct("@label", "@group")).is_duplicated().sum() == 0
    years = rows["@time"].dt.year()
    assert (years.min(), years.max()) == (2001, 2002)


@pytest.mark.data
def test_no_reader_is_called_as_the_collectors_called_him(shared_data: Path) -> None:
    rows = SpamAssassin().read(shared_data)
    texts = rows.select(pl.concat_str("email.raw_header", "vedette.body_text", separator=" ")).to_series()
    assert texts.str.contains(r"\b(?:zzzz|yyyy)\b|slashnull|taint\.org").sum() < 60  # where people speak of these sites
