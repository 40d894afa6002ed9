from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root, load
from vedette.learning.datasets.warninglist_sites import WarninglistSites
from vedette.testing.urls import write_archive


def test_reads_a_file_like_it(tmp_path: Path) -> None:
    lists = {
        "moz-top500": ["a.example"],
        "cloudflare-top100k": ["a.example", "b.example"],
        "bank-website": [".bank.example"],
    }
    files = {f"lists/{n}/list.json": orjson.dumps({"list": hosts}) for n, hosts in lists.items()}
    write_archive(tmp_path / next(iter(WarninglistSites.files)), files)
    rows = WarninglistSites().read(tmp_path)
    assert rows.select("url.url_string", "@label", "@corpus").rows() == [
        ("bank.example", "benign", "sites_curated/home"),
        ("a.example", "benign", "sites_visited/home"),
        ("b.example", "benign", "sites_asked/home"),
    ]


@pytest.mark.data
def test_reads_the_set() -> None:
    try:
        data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    rows = load("warninglist_sites")
    assert rows.height > 100000
    assert set(rows["@label"]) == {"benign"}
