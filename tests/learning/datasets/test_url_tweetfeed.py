from __future__ import annotations

from pathlib import Path

import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root, load
from vedette.learning.datasets.url_items import WARNINGLISTS
from vedette.learning.datasets.url_tweetfeed import UrlTweetfeed
from vedette.testing.urls import write_archive, write_compressed

_CSV = b"""date,user,type,value,tags,source
2024-01-15 00:05:38,a,url,http://evil.example/x,#phishing #x,s
2024-01-15 00:05:38,a,domain,c2.example,#Remcos #C2,s
2024-01-15 00:05:38,a,domain,odd.example,,s
2024-01-15 00:05:38,a,domain,weebly.com,#phishing,s
2024-01-15 00:05:38,a,ip,192.0.2.1,#C2,s
"""


def test_reads_a_file_like_it(tmp_path: Path) -> None:
    write_compressed(tmp_path / next(iter(UrlTweetfeed.files)), _CSV)
    write_archive(tmp_path / next(iter(WARNINGLISTS)), {"lists/moz-top500/list.json": b'{"list": ["weebly.com"]}'})
    rows = UrlTweetfeed().read(tmp_path)
    assert rows.select("url.url_string", "@label", "@corpus").rows() == [
        ("http://evil.example/x", "phishing", "tweetfeed/deep"),
        ("c2.example", "malware", "tweetfeed/home"),
        ("odd.example", "untagged", "tweetfeed/home"),
    ]


@pytest.mark.data
def test_reads_the_set() -> None:
    try:
        data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    rows = load("url_tweetfeed")
    assert rows.height > 120000
    assert set(rows["@label"]) == {"phishing", "malware", "untagged"}
