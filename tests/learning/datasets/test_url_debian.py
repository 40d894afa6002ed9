from __future__ import annotations

from pathlib import Path

import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root, load
from vedette.learning.datasets.url_debian import UrlDebian
from vedette.testing.urls import write_compressed


def test_reads_a_file_like_it(tmp_path: Path) -> None:
    write_compressed(tmp_path / next(iter(UrlDebian.files)), b"url\nhttps://good.example/x\nhttp://good.example/x/\n")
    rows = UrlDebian().read(tmp_path)
    assert rows.select("url.url_string", "@label", "@corpus").rows() == [
        ("https://good.example/x", "benign", "debian/deep")
    ]


@pytest.mark.data
def test_reads_the_set() -> None:
    try:
        data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    rows = load("url_debian")
    assert rows.height > 10000
    assert set(rows["@label"]) == {"benign"}
