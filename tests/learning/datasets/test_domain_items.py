from __future__ import annotations

import polars as pl

from vedette.learning.datasets.domain_items import items, labelled, number, numbers


def test_leaves_out_what_is_not_judged() -> None:
    names = labelled(
        pl.DataFrame({"domain": ["www.shop.com", "ab.com", "xn--mnchen-3ya.de", "printer.local", "News.org."]})
    )
    assert names["label"].to_list() == ["shop", "news"]


def test_a_number_stays_the_same_for_ever() -> None:
    assert numbers(pl.Series(["shop"])).to_list() == [number("shop")]
    assert numbers(pl.Series(["shop", "shop", "news"])).n_unique() == 2


def test_items_are_dns_events() -> None:
    known = {
        "registered": ["shop.com"],
        "@label": ["benign"],
        "@group": ["shop.com"],
        "@corpus": ["popular"],
        "@part": ["train"],
    }
    row = items(pl.DataFrame(known)).row(0, named=True)
    assert (row["query.hostname"], row["metadata.sequence"], row["@time"]) == ("shop.com", 0, None)
