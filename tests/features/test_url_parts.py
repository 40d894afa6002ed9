from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tldextract import TLDExtract

from vedette.features.url_parts import NAMES, SCHEMA, names, split

URLS: dict[str, tuple[str, str, str, int | None]] = {
    "http://www.Shop.example/Cart/": ("http", "shop.example", "/Cart", None),
    "shop.example/cart": ("", "shop.example", "/cart", None),
    "shop.example:8443/cart": ("", "shop.example", "/cart", 8443),
    "hxxps://pay[.]evil(.)example[/]x": ("hxxps", "pay.evil.example", "/x", None),
    "hxxp[://]evil[.]example": ("hxxp", "evil.example", "", None),
    "https://login:pw@evil.example/@x": ("https", "evil.example", "/@x", None),
    "https://bank.example@evil.example": ("https", "evil.example", "", None),
    "http:\\\\evil.example\\x": ("http", "evil.example", "\\x", None),
    "http:evil.example": ("http", "evil.example", "", None),
    "https:////evil.example/": ("https", "evil.example", "", None),
    "//evil.example/x": ("", "evil.example", "/x", None),
    "http://evil.example?x=1": ("http", "evil.example", "?x=1", None),
    "http://evil.example#x": ("http", "evil.example", "#x", None),
    "http://evil.example./a%2fb%2563": ("http", "evil.example", "/a/bc", None),
    "http://%65vil.example/": ("http", "evil.example", "", None),
    "http://[2001:db8::1]:8080/x": ("http", "2001:db8::1", "/x", 8080),
    "http://192.0.2.7:81/": ("http", "192.0.2.7", "", 81),
    "http://bücher.example/ü": ("http", "xn--bcher-kva.example", "/ü", None),
    "javascript:alert(1)": ("javascript", "", "alert(1)", None),
    "data:text/html,x": ("data", "", "text/html,x", None),
    "mailto:a@b.example": ("mailto", "", "a@b.example", None),
    " <http://evil.example/a\tb>\n": ("http", "evil.example", "/ab", None),
    "www.com": ("", "www.com", "", None),
    "http://evil.example:port/": ("http", "evil.example", "", None),
    "": ("", "", "", None),
}


@pytest.mark.parametrize("url", URLS)
def test_a_url_is_split_as_a_browser_does(url: str) -> None:
    row = split(pl.Series([url])).row(0, named=True)
    assert (row["scheme"], row["host"], row["tail"], row["port"]) == URLS[url]


def test_a_column_is_split_row_by_row() -> None:
    """What stands beside a URL changes nothing in it."""
    urls = pl.Series([*URLS, None])
    together = split(urls)
    assert together.schema == SCHEMA
    assert together.equals(pl.concat([split(urls[i : i + 1]) for i in range(len(urls))]))


def test_what_is_counted() -> None:
    row = split(pl.Series(["http://u@a.example/AbC%41%20?Q"])).row(0, named=True)
    assert (row["user"], row["upper"], row["escapes"]) == (True, 3, 1)


HOSTS = {
    "a.b.example.com": ("example.com", "example.com", 3),
    "a.b.example.co.uk": ("example.co.uk", "example.co.uk", 5),
    "a.somebody.github.io": ("github.io", "somebody.github.io", 2),
    "github.io": ("github.io", "github.io", 2),
    "x.y.ck": ("x.y.ck", "x.y.ck", 4),
    "a.www.ck": ("www.ck", "www.ck", 2),
    "192.0.2.7": ("192.0.2.7", "192.0.2.7", 0),
    "2001:db8::1": ("2001:db8::1", "2001:db8::1", 0),
    "0x7f.1": ("0x7f.1", "0x7f.1", 0),
    "co.uk": ("co.uk", "co.uk", 5),
    "intranet": ("intranet", "intranet", 8),
    "": ("", "", 0),
}


@pytest.mark.parametrize("host", HOSTS)
def test_the_domain_is_what_somebody_registered(host: str) -> None:
    row = names(pl.Series([host])).row(0, named=True)
    assert (row["domain"], row["site"], row["suffix_size"]) == HOSTS[host]


def test_the_same_as_tldextract() -> None:
    icann = TLDExtract(suffix_list_urls=(), cache_dir=None)
    private = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
    rules = [s for s in sorted(private.tlds)[::41] if s.isascii()]
    # of *.a.example tldextract takes a.example itself for no name at all, though example is a suffix
    hosts = [f"{p}{s.lstrip('*.!')}" for s in rules for p in ("", "a.", "b.a.", "c.b.a.") if p or s[0] != "*"]
    found = names(pl.Series(hosts))
    assert found.schema == NAMES
    assert found["domain"].to_list() == [icann(h).top_domain_under_public_suffix or h for h in hosts]
    assert found["site"].to_list() == [private(h).top_domain_under_public_suffix or h for h in hosts]


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_hostile_text_is_survived(texts: list[str]) -> None:
    parts = split(pl.Series(texts, dtype=pl.String))
    assert parts.height == names(parts["host"]).height == len(texts)
