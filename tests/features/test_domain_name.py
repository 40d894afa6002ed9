from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.features.domain_name import DYNAMIC_DNS, cleaned, suffixes, with_label


def cut(*names: str) -> pl.DataFrame:
    return with_label(pl.LazyFrame({"name": list(names)}, schema={"name": pl.String})).collect()


@pytest.mark.parametrize(
    ("name", "label", "suffix"),
    [
        ("www.shop.com", "shop", "com"),
        ("a.b.shop.co.uk", "shop", "co.uk"),
        ("shop.ddns.net", "shop", "ddns.net"),
        ("x1.y.shop.duckdns.org", "shop", "duckdns.org"),
        ("d111abcdef8.cloudfront.net", "cloudfront", "net"),
        ("_ldap._tcp.dc.shop.com", "shop", "com"),
        ("foo.bar.ck", "foo", "bar.ck"),
        ("www.www.ck", "www", "ck"),
        ("z.pvt.k12.ma.us", "z", "pvt.k12.ma.us"),
        ("shop.bit", "shop", "bit"),
        ("co.uk", None, "co.uk"),
        ("ddns.net", None, "ddns.net"),
        ("shop.local", None, None),
        ("4.3.2.1.in-addr.arpa", None, None),
        ("1.2.3.4", None, None),
        ("single", None, None),
        ("a..com", None, None),
        ("shop.nosuchtld", None, None),
    ],
)
def test_what_somebody_chose(name: str, label: str | None, suffix: str | None) -> None:
    row = cut(name).row(0, named=True)
    assert (row["label"], row["suffix"]) == (label, suffix)
    assert row["registered"] == (f"{label}.{suffix}" if label else None)


@pytest.mark.parametrize(
    ("raw", "name"), [(" WWW.Shop.COM. ", "www.shop.com"), ("", None), (".", None), ("a" * 254, None), (None, None)]
)
def test_how_names_are_compared(raw: str | None, name: str | None) -> None:
    assert pl.select(cleaned(pl.lit(raw, pl.String))).item() == name


def test_dynamic_dns_is_below_suffixes_of_the_list() -> None:
    exact = {rule for rules in suffixes()[0].values() for rule in rules}
    assert set(DYNAMIC_DNS) <= exact
    assert {"com", "co.uk", "ck"} <= exact


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_hostile_names_survive(names: list[str]) -> None:
    told = [n.encode("utf-8", "replace").decode() for n in names]
    frame = with_label(pl.LazyFrame({"q": told}).select(name=cleaned(pl.col("q")))).collect()
    assert frame.height == len(names)
