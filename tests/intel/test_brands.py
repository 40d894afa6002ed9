from __future__ import annotations

from contextvars import copy_context

import polars as pl
import pytest

from vedette.intel.brands import Brand, Brands, brands, protect


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        ("www.paypal.com", "PayPal"),
        ("mail.google.co.uk", "Google"),
        ("paypal.com.example.net", None),
        ("example.com", None),
        ("com", None),
        ("", None),
        (None, None),
    ],
)
def test_owner(host: str | None, owner: str | None) -> None:
    assert brands().owner(pl.Series([host], dtype=pl.String)).to_list() == [owner]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PayPal Service", "PayPal"),
        ("P\u0430yP\u0430l", "PayPal"),
        ("your Bank of America!", "Bank of America"),
        ("Chase", "Chase"),
        ("amazonia tours", None),
        ("", None),
        (None, None),
    ],
)
def test_named(text: str | None, name: str | None) -> None:
    assert brands().named(pl.Series([text], dtype=pl.String)).to_list() == [name]


def test_common_words_can_be_left_out() -> None:
    assert brands().named(pl.Series(["chase the apple", "paypal"]), common=False).to_list() == [None, "PayPal"]


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("secure-paypal-login.example.com", "PayPal"),
        ("mypaypalcom.example", "PayPal"),
        ("ebay.example", "eBay"),
        ("ebayer.example", None),
        ("apple.example", None),
        (None, None),
    ],
)
def test_inside(host: str | None, name: str | None) -> None:
    assert brands().inside(pl.Series([host], dtype=pl.String)).to_list() == [name]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("paypa1", "PayPal"),
        ("payapl", "PayPal"),
        ("rnicrosoft", "Microsoft"),
        ("gooogle", "Google"),
        ("\u0430pple", "Apple"),
        ("netflxi", "Netflix"),
        ("paypal", None),
        ("paypals", None),
        ("papal", None),
        ("cloud", None),
        ("finance", None),
        ("apply", None),
        ("phase", None),
        ("xyz", None),
        (None, None),
    ],
)
def test_alike(word: str | None, name: str | None) -> None:
    assert brands().alike(pl.Series([word], dtype=pl.String)).to_list() == [name]


def test_every_shipped_name_is_its_own_and_no_look_alike_of_another() -> None:
    known = brands()
    words = pl.Series([w for b in known.known for w in b.words or (b.name.lower(),) if w.isalnum()])
    assert known.alike(words).is_null().all()
    for brand in known.known:
        owners = known.owner(pl.Series(list(brand.domains))).to_list()
        assert all(o and brand.name in o.split("|") for o in owners), brand
        assert all("." in d and d == d.lower() for d in brand.domains), brand


def test_an_operator_protects_a_name_of_his_own() -> None:
    def protected() -> list[str | None]:
        protect({"Acme Tools": ["acme.example"]})
        found = brands()
        return [
            found.named(pl.Series(["ACME tools desk"]))[0],
            found.owner(pl.Series(["mail.acme.example"]))[0],
            found.alike(pl.Series(["acmetoo1s"]))[0],
        ]

    assert copy_context().run(protected) == ["Acme Tools"] * 3
    assert brands().named(pl.Series(["ACME tools desk"])).to_list() == [None]


def test_no_names_find_nothing() -> None:
    none = Brands(())
    column = pl.Series(["paypal", None])
    assert all(
        found.is_null().all()
        for found in (none.owner(column), none.named(column), none.inside(column), none.alike(column))
    )


def test_one_name() -> None:
    only = Brands((Brand("Contoso", ("contoso.example",)),))
    assert only.alike(pl.Series(["cont0so", "contosso", "other"])).to_list() == ["Contoso", "Contoso", None]
