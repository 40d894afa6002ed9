from __future__ import annotations

import re
from typing import Any

from vedette.features.mail_evidence import EVIDENCE, SCHEMA, TOPICS, USES, evidence
from vedette.testing.mails import mails

TRAP: dict[str, Any] = {
    "email.from": "x@blueharbor.com",
    "email.from_mailbox": "PayPal <x@blueharbor.com>",
    "email.subject": "Your account is limited",
    "vedette.body_text": "PayPal: please verify your account within 24 hours.",
    "email.urls.url_string": ["https://abc.web.app/login"],
    "vedette.link_text": ["Verify"],
}


def test_what_holds_together() -> None:
    row = evidence(mails(TRAP, {}).select(("time", *USES)).collect())
    assert row.schema == SCHEMA
    for fact in (
        "asks_and_leads_away",
        "asks_and_hides",
        "plays_and_leads_away",
        "text_plays_brand",
        "from_shows_brand",
    ):
        assert row[fact].to_list() == [1.0, 0.0], fact
    assert row["text_brand"].to_list() == ["PayPal", None]


def test_a_brand_may_speak_of_itself() -> None:
    honest = TRAP | {
        "email.from": "x@paypal.com",
        "email.from_mailbox": "PayPal <x@paypal.com>",
        "email.urls.url_string": ["https://www.paypal.com/login"],
    }
    row = evidence(mails(honest).select(("time", *USES)).collect())
    assert [f for f in EVIDENCE if row[f][0]] == []


def test_what_a_fact_says_names_columns_that_exist() -> None:
    assert {name for said in EVIDENCE.values() for name in re.findall(r"\{(\w+)\}", said)} <= set(SCHEMA)
    assert set(TOPICS) | set(EVIDENCE) <= set(SCHEMA)


def test_no_mail_no_rows() -> None:
    assert evidence(mails({}).select(("time", *USES)).collect().clear()).height == 0
