from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root, load
from vedette.learning.datasets.url_browsing import UrlBrowsing
from vedette.testing.urls import write_archive

ASKED = [("good.example", "/a?b"), ("-", "/x"), ("192.0.2.1", "/y"), ("good.example", "http://full.example/")]


def test_reads_a_file_like_it(tmp_path: Path) -> None:
    fields = ["1", "u", "10.0.0.1", "1", "10.0.0.2", "80", "1", "GET"]
    lines = ["#fields", *("\t".join([*fields, host, path]) for host, path in ASKED)]
    log = gzip.compress("\n".join(lines).encode())
    write_archive(tmp_path / next(iter(UrlBrowsing.files)), {"x/dnscat2-ja3-strobe-agent/http.log.gz": log})
    rows = UrlBrowsing().read(tmp_path)
    assert rows.select("url.url_string", "@label", "@corpus").rows() == [
        ("good.example/a?b", "benign", "browsing/deep")
    ]


@pytest.mark.data
def test_reads_the_set() -> None:
    try:
        data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    rows = load("url_browsing")
    assert rows.height > 2000
    assert set(rows["@label"]) == {"benign"}
