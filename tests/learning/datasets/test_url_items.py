from __future__ import annotations

from pathlib import Path

import orjson
import polars as pl

from vedette.learning.datasets.url_items import WARNINGLISTS, items, known_sites, without_whole_sites
from vedette.testing.urls import write_archive


def _labelled(*urls: str) -> pl.DataFrame:
    return pl.DataFrame({"url": urls}).with_columns(
        pl.lit("phishing").alias("@label"), pl.lit(None, pl.Datetime("us", "UTC")).alias("@time")
    )


def test_an_item_is_a_normalised_url() -> None:
    urls = ("http://www.a.example/", "https://a.example", "a.example/x", "nonsense", "http://b.somebody.github.io/y")
    rows = items(_labelled(*urls), "made")
    assert rows["url.url_string"].to_list() == [urls[0], urls[2], urls[4]]
    assert rows["@group"].to_list() == ["a.example", "a.example", "github.io"]
    assert rows["@corpus"].to_list() == ["made/home", "made/deep", "made/deep"]
    assert rows["metadata.sequence"].to_list() == [0, 1, 2]


def test_no_domain_gives_more_than_allowed() -> None:
    rows = items(_labelled("a.example/1", "a.example/2", "a.example/3", "b.example/1"), "made", most_per_domain=2)
    assert rows["@group"].to_list() == ["a.example", "a.example", "b.example"]


def test_whole_much_visited_sites_are_no_reports(tmp_path: Path) -> None:
    listed = {"list": ["weebly.com"]}
    write_archive(tmp_path / next(iter(WARNINGLISTS)), {"lists/tranco10k/list.json": orjson.dumps(listed)})
    urls = _labelled("http://www.weebly.com/", "somebody.weebly.com", "weebly.com/page", "evil.example")
    assert without_whole_sites(urls, known_sites(tmp_path))["url"].to_list() == urls["url"].to_list()[1:]
