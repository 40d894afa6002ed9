"""What the shipped model says of mails of our own; what it says of collections is in its card."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from vedette.detectors.phishing import SYMBOLS, Phishing
from vedette.learning.registry import equip
from vedette.scoring.additive import Additive
from vedette.testing.mails import mails
from vedette.testing.rows import rows_of

TRAP: dict[str, Any] = {
    "email.from": "x8271@blueharbor.top",
    "email.from_mailbox": "PayPal Security <x8271@blueharbor.top>",
    "email.to": ["anna@contoso.example"],
    "email.subject": "Your PayPal account has been limited",
    "vedette.body_text": "Dear customer, we noticed unusual activity. Please verify your account within 24 hours or it will be suspended.",
    "email.urls.url_string": ["https://paypal-verify.web.app/login"],
    "vedette.link_text": ["www.paypal.com/verify"],
    "email_auth.spf": "fail",
    "email_auth.dmarc": "fail",
}
HONEST: dict[str, Any] = {
    "email.from": "ben@contoso.example",
    "email.from_mailbox": "Ben Berg <ben@contoso.example>",
    "email.to": ["anna@contoso.example"],
    "email.subject": "Re: minutes of the meeting",
    "vedette.body_text": "Hi Anna, thanks for the minutes. I have two comments on the second page; can we talk about them tomorrow? Ben",
}
PAGE = HONEST | {"email.files.name": ["Invoice.pdf.html"], "email.files.mime_type": ["text/html"]}
NOTHING: dict[str, Any] = {"email.subject": "hi"}


def detector() -> Phishing:
    found = equip(Phishing)
    assert isinstance(found, Phishing)
    return found


def rows(*mail: dict[str, Any]) -> pl.DataFrame:
    return rows_of(Phishing.needs, mails(*mail))


def test_a_trap_is_told_from_a_mail_among_colleagues() -> None:
    said = detector().judge(rows(TRAP, HONEST))
    assert said["verdict"].to_list() == ["malicious", "benign"]
    assert said["confidence"][0] > 0.9
    assert said["confidence"][1] < 0.3


def test_symbols_and_words_are_the_whole_score() -> None:
    it, table = detector(), rows(TRAP, HONEST, PAGE)
    for margin, parts in zip(it.margins(table), it.contributions(table), strict=True):
        assert it.model.form.bias + sum(p.nats for p in parts) == pytest.approx(margin, abs=1e-6)
    (told, *_) = it.contributions(table)
    assert "the display name is that of PayPal, the address is not theirs" in {p.text for p in told}


def test_no_symbol_lowers_the_score() -> None:
    weights = detector().model.form.weights["symbols"]
    assert len(weights) == len(SYMBOLS)
    assert (weights >= 0).all()


def test_what_it_says() -> None:
    it, table = detector(), rows(TRAP, PAGE, HONEST)
    assert it.titles(table) == ["Phishing in the name of PayPal", "Phishing mail", "Phishing mail"]
    assert it.attacks(table) == [("T1566.002",), ("T1566.001",), ("T1566",)]
    assert it.summaries(table)[0].startswith(
        "Mail from x8271@blueharbor.top, “Your PayPal account has been limited”, looks like phishing: "
    )


def test_a_mail_with_nothing_in_it_is_not_judged() -> None:
    assert detector().judge(rows(NOTHING))["verdict"].to_list() == ["insufficient data"]


def test_evidence_needs_no_model() -> None:
    blocks = Phishing.encode(rows(TRAP, HONEST))
    flat = Additive(0.0, {b.name: np.ones(b.slots, np.float32) for b in blocks})
    assert (flat.margin(blocks) > 0).all()
    assert Phishing.encoder_version() == Phishing.encoder_version()
