from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root, load
from vedette.learning.datasets import url_recombined
from vedette.learning.datasets.url_items import items


def _rows(*urls: str) -> pl.DataFrame:
    days = [datetime(2024, 1, 1 + i, tzinfo=UTC) for i in range(len(urls))]
    return items(pl.DataFrame({"url": urls, "@label": ["phishing"] * len(urls), "@time": days}), "made")


def test_a_home_page_gets_the_path_reported_last_before_it() -> None:
    parted = url_recombined._parted(_rows("a.example", "b.example/1", "c.example", "d.example/2", "e.example"))
    assert url_recombined._latest(parted)["url"].to_list() == ["c.example/1", "e.example/2"]


def test_hosts_of_deep_links_stand_alone_once() -> None:
    parted = url_recombined._parted(_rows("a.example/1", "a.example/2", "b.example"))
    assert url_recombined._stripped(parted)["url"].to_list() == ["a.example"]


@pytest.mark.data
def test_both_labels_have_both_forms() -> None:
    try:
        data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    rows = load("url_recombined").with_columns(
        bad=pl.col("@label") != "benign", deep=pl.col("@corpus").str.ends_with("deep")
    )
    assert all(n > 10_000 for _, _, n in rows.group_by("bad", "deep").len().rows())
