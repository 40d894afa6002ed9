from __future__ import annotations

from pathlib import Path

import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root, load
from vedette.learning.datasets.url_jpcert import UrlJpcert
from vedette.testing.urls import write_compressed


def test_reads_a_file_like_it(tmp_path: Path) -> None:
    write_compressed(
        tmp_path / next(iter(UrlJpcert.files)),
        b"date,url,brand\n2021/03/04 10:12:00,http://evil.example/i.php?id=*,Bank\n",
    )
    rows = UrlJpcert().read(tmp_path)
    assert rows.select("url.url_string", "@label", "@corpus").rows() == [
        ("http://evil.example/i.php?id=", "phishing", "jpcert/deep")
    ]
    assert str(rows["@time"][0]) == "2021-03-04 10:12:00+00:00"


@pytest.mark.data
def test_reads_the_set() -> None:
    try:
        data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    rows = load("url_jpcert")
    assert rows.height > 200000
    assert set(rows["@label"]) == {"phishing"}
