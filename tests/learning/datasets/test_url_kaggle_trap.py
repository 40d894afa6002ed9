from __future__ import annotations

from pathlib import Path

import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root, load
from vedette.learning.datasets.url_kaggle_trap import UrlKaggleTrap
from vedette.testing.urls import write_compressed


def test_reads_a_file_like_it(tmp_path: Path) -> None:
    write_compressed(
        tmp_path / next(iter(UrlKaggleTrap.files)), b"url,label\ngood.example/x,benign\nevil.example,phishing\n"
    )
    rows = UrlKaggleTrap().read(tmp_path)
    assert rows.select("url.url_string", "@label", "@corpus").rows() == [
        ("good.example/x", "benign", "kaggle/deep"),
        ("evil.example", "phishing", "kaggle/home"),
    ]
    assert not UrlKaggleTrap.trains


@pytest.mark.data
def test_reads_the_set() -> None:
    try:
        data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    rows = load("url_kaggle_trap")
    assert rows.height > 30000
    assert set(rows["@label"]) == {"benign", "defacement", "malware", "phishing"}
