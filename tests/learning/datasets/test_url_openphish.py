from __future__ import annotations

from pathlib import Path

import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root, load
from vedette.learning.datasets.url_items import WARNINGLISTS
from vedette.learning.datasets.url_openphish import UrlOpenphish
from vedette.testing.urls import write_archive, write_compressed


def test_reads_a_file_like_it(tmp_path: Path) -> None:
    write_compressed(
        tmp_path / next(iter(UrlOpenphish.files)),
        b"first_seen,last_removed,url\n2025-10-12T20:01:09+00:00,,http://evil.example/\n2025-10-12T20:01:09+00:00,,http://weebly.com\n",
    )
    write_archive(tmp_path / next(iter(WARNINGLISTS)), {"lists/moz-top500/list.json": b'{"list": ["weebly.com"]}'})
    rows = UrlOpenphish().read(tmp_path)
    assert rows.select("url.url_string", "@label", "@corpus").rows() == [
        ("http://evil.example/", "phishing", "openphish/home")
    ]
    assert not UrlOpenphish.trains
    assert str(rows["@time"][0]) == "2025-10-12 20:01:09+00:00"


@pytest.mark.data
def test_reads_the_set() -> None:
    try:
        data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    rows = load("url_openphish")
    assert rows.height > 200000
    assert set(rows["@label"]) == {"phishing"}
