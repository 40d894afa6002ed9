from __future__ import annotations

from pathlib import Path

import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root, load
from vedette.learning.datasets.url_ebbu import UrlEbbu
from vedette.testing.urls import write_compressed


def test_reads_a_file_like_it(tmp_path: Path) -> None:
    write_compressed(
        tmp_path / next(iter(UrlEbbu.files)), b"url,label\nevil.example,phishing\nhttps://good.example/x,legitimate\n"
    )
    rows = UrlEbbu().read(tmp_path)
    assert rows.select("url.url_string", "@label", "@corpus").rows() == [
        ("evil.example", "phishing", "ebbu/home"),
        ("https://good.example/x", "benign", "ebbu/deep"),
    ]


@pytest.mark.data
def test_reads_the_set() -> None:
    try:
        data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    rows = load("url_ebbu")
    assert rows.height > 50000
    assert set(rows["@label"]) == {"phishing", "benign"}
