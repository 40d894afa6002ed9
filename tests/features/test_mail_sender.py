from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.features.mail_sender import SCHEMA, SENDER, USES, senders
from vedette.testing.mails import mails


def told(**mail: object) -> set[str]:
    """Return the facts that hold of one mail."""
    row = sent(mail).row(0, named=True)
    return {name for name in SENDER if row[name]}


def sent(*rows: dict[str, Any]) -> pl.DataFrame:
    return senders(mails(*rows).select(("time", *USES)).collect())


def by(shown: str, address: str, **more: object) -> dict[str, Any]:
    return {"email.from": address, "email.from_mailbox": f"{shown} <{address}>", **more}


@pytest.mark.parametrize(
    ("mail", "fact"),
    [
        (by("PayPal Service", "x@blueharbor.com"), "from_shows_brand"),
        (by("P\u0430yPal", "x@blueharbor.com"), "from_mixes_scripts"),
        (by("Contoso Desk", "x@blueharbor.com", **{"email.to": ["a@contoso.com"]}), "from_shows_us"),
        (by("service@paypal.com", "x@blueharbor.com"), "from_shows_address"),
        (by("Team", "x@paypa1.com"), "from_looks_like"),
        (by("Team", "x@paypal-secure.top"), "from_holds_brand"),
        (by("Team", "x@paypal-secure.top"), "from_is_cheap"),
        (by("Team", "x@xn--pypal-4ve.com"), "from_is_coded"),
        (by("Account Support", "qwe@gmail.com"), "from_is_free"),
        (by("Account Support", "qwe@blueharbor.com"), "from_is_unrelated"),
        (by("Team", "x@abc.onmicrosoft.com"), "from_is_tenant"),
        (by("Anna", "anna8481923@blueharbor.com"), "from_is_odd"),
        (by("Anna", "anna"), "from_is_none"),
        (by("a", "a@contoso.com", **{"email.to": ["a@contoso.com"]}), "from_is_recipient"),
        (by("Anna", "anna@blueharbor.com", **{"email.subject": "Your PayPal account"}), "subject_shows_brand"),
        (by("Anna", "anna@blueharbor.com", **{"email.reply_to_list": ["a@gmail.com"]}), "reply_to_free"),
        (by("Anna", "anna@blueharbor.com", **{"email.return_path": "a@stone.com"}), "path_elsewhere"),
        (by("Anna", "anna@blueharbor.com", **{"email_auth.spf": "softfail"}), "spf_fails"),
        (by("Anna", "anna@blueharbor.com", **{"email_auth.dmarc": "fail"}), "dmarc_fails"),
    ],
)
def test_what_contradicts_a_sender(mail: dict[str, Any], fact: str) -> None:
    assert fact in told(**mail)


@pytest.mark.parametrize(
    "mail",
    [
        by("PayPal", "service@e.paypal.com", **{"email.subject": "Your PayPal receipt", "email_auth.spf": "pass"}),
        by("Blue Harbor Support", "support@blueharbor.com", **{"email.to": ["anna@contoso.com"]}),
        by("Anna Berg", "anna.berg@gmail.com", **{"email.reply_to_list": ["anna.berg@gmail.com"]}),
        by("Anna Berg", "anna@contoso.com", **{"email.to": ["ben@contoso.com"], "email_auth.dkim": "none"}),
        {},
    ],
)
def test_an_honest_sender_has_nothing_against_him(mail: dict[str, Any]) -> None:
    assert told(**mail) == set()


def test_servers_that_do_not_follow_from_each_other() -> None:
    fits = ["from mx.stone.com by mail.contoso.com; x", "from a.field.com by mx.stone.com; x"]
    breaks = ["from mx.stone.com by mail.contoso.com; x", "from a.field.com by mx.other.org; x"]
    rows = sent({"vedette.received": fits}, {"vedette.received": breaks}, {"vedette.received": None})
    assert rows["chain_breaks"].to_list() == [0.0, 1.0, 0.0]


def test_the_brand_is_named() -> None:
    assert sent(by("Netflix", "x@blueharbor.com"))["from_brand"].to_list() == ["Netflix"]


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from([c for c in USES if c not in ("email.reply_to_list", "email.to", "vedette.received")]),
            st.text(max_size=60),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_header_is_survived_and_judged_by_itself(rows: list[dict[str, Any]]) -> None:
    together = sent(*rows)
    assert together.schema == SCHEMA
    assert together.equals(pl.concat([sent(row) for row in rows]))
