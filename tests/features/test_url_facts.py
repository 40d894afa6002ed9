from __future__ import annotations

import polars as pl
import pytest

from vedette.features.url_facts import SERVICES, borrowed, services
from vedette.features.url_parts import names, split


def _parts(*urls: str) -> pl.DataFrame:
    parts = split(pl.Series(urls))
    return pl.concat([parts, names(parts["host"])], how="horizontal")


BORROWED = {
    "paypal.com/signin": (None, None, None),
    "paypal.com.evil.example/x": ("PayPal", None, None),
    "secure-paypal.example": ("PayPal", None, None),
    "evil.example/paypal/login": (None, "PayPal", None),
    "paypa1.example": (None, None, "PayPal"),
    "payapl.example/x": (None, None, "PayPal"),
    "rnicrosoft.example": (None, None, "Microsoft"),
    "xn--paypl-7ve.example": ("PayPal", None, None),
    "ordinary.example/page": (None, None, None),
    "": (None, None, None),
}


@pytest.mark.parametrize("url", BORROWED)
def test_whose_name_is_borrowed(url: str) -> None:
    assert borrowed(_parts(url)).row(0) == BORROWED[url]


def test_rows_do_not_depend_on_their_neighbours() -> None:
    together = borrowed(_parts(*BORROWED))
    assert together.rows() == list(BORROWED.values())
    assert together["brand"].to_list() == [b[0] for b in BORROWED.values()]


SERVED = {
    "bit.ly/x": "link shortener",
    "me.duckdns.org": "dynamic DNS",
    "a.b.trycloudflare.com": "tunnel",
    "somebody.vercel.app/x": "free pages",
    "somebody.blogspot.com": "free pages",
    "docs.google.com/forms": "forms and posts",
    "google.com": None,
    "ordinary.example": None,
}


@pytest.mark.parametrize("url", SERVED)
def test_which_service_a_host_is_of(url: str) -> None:
    code = services(_parts(url))[0]
    assert (SERVICES[code - 1] if code else None) == SERVED[url]
