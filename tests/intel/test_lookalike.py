# ruff: noqa: RUF001 - letters that look alike are what it is about
from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.intel.lookalike import decoded, drawn, mixed_scripts, one_slip, skeleton


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("Pаypаl", "paypal"),
        ("ΑΡΡLE", "apple"),
        ("ｇｏｏｇｌｅ", "google"),
        ("Crédit", "credit"),
        ("pay\u200bpal", "paypal"),
        ("plain", "plain"),
        ("", ""),
        (None, None),
    ],
)
def test_skeleton(text: str | None, looks: str | None) -> None:
    assert skeleton(pl.Series([text], dtype=pl.String)).to_list() == [looks]


def test_what_is_drawn_alike_is_one() -> None:
    pairs = [
        ("paypa1", "paypal"),
        ("rnicrosoft", "microsoft"),
        ("g00gle", "google"),
        ("vvalmart", "walmart"),
        ("iCloud", "lcloud"),
    ]
    assert drawn(pl.Series([a for a, _ in pairs])).to_list() == drawn(pl.Series([b for _, b in pairs])).to_list()


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("xn--bcher-kva.example", "bücher.example"),
        ("shop.xn--pypal-4ve.com", "shop.pаypal.com"),
        ("xn--.example", "xn--.example"),
        ("xn--99999999999.example", "xn--99999999999.example"),
        (f"xn--{'a' * 80}.example", f"xn--{'a' * 80}.example"),
        ("UPPER.example", "upper.example"),
    ],
)
def test_decoded(host: str, name: str) -> None:
    got = decoded(pl.Series([host])).to_list()[0]
    assert got == name or host.startswith("xn--")


def test_mixed_scripts() -> None:
    assert mixed_scripts(pl.Series(["pаypal", "привет", "paypal", "иван@x", None, ""])).to_list() == [
        True,
        False,
        False,
        False,
        False,
        False,
    ]


@given(st.text(alphabet="abc", max_size=6), st.text(alphabet="abc", max_size=6))
def test_one_slip_is_the_distance_of_one(a: str, b: str) -> None:
    near = {a[:i] + a[i + 1 :] for i in range(len(a))}
    near |= {a[:i] + c + a[i + k :] for i in range(len(a) + 1) for c in "abc" for k in (0, 1)}
    near |= {a[:i] + a[i + 1] + a[i] + a[i + 2 :] for i in range(len(a) - 1)}
    assert one_slip(a, b) is (b in near - {a})


@given(st.lists(st.one_of(st.none(), st.text(max_size=40)), max_size=8))
def test_any_text_is_survived(texts: list[str | None]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    for look in (skeleton, drawn, decoded, mixed_scripts):
        assert len(look(column)) == len(texts)
