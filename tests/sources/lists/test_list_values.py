from __future__ import annotations

import polars as pl

from vedette.sources.lists.list_values import ADDRESS, DOMAIN, HOST, URL, entry, refanged, types


def test_types_and_one_label_names() -> None:
    values = pl.Series(["192.0.2.1", "::1", "a.example", "http://a/", "printer", "12", "", None])
    assert types(values).to_list() == [ADDRESS, ADDRESS, DOMAIN, URL, None, None, None, None]
    assert types(values, hosts=True).to_list() == [ADDRESS, ADDRESS, DOMAIN, URL, HOST, None, None, None]


def test_brackets_of_a_real_url_stay() -> None:
    given = pl.Series(["http://[2001:db8::1]/a[1]=b", "http://a.example/?q=(x)"])
    assert pl.select(refanged(entry(pl.lit(given)))).to_series().to_list() == given.to_list()
