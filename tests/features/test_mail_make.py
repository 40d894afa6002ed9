from __future__ import annotations

from collections.abc import Mapping

import pytest

from vedette.features.mail import Mail
from vedette.features.mail_make import MAKE
from vedette.testing.mails import mails
from vedette.testing.rows import rows_of

TEXT = "This is a mail of some length with enough words in it that the share of capitals and marks can be told from it."
GOOD = {
    "email.from": "anna@sender.example",
    "email.to": ["bert@our.example"],
    "email.subject": "Lunch",
    "email.message_uid": "<1@mail.sender.example>",
    "email.raw_header": "Date: Mon, 5 Jan 2026 00:00:00 +0000\nSubject: Lunch\n",
    "vedette.received": [
        "from mail.sender.example (mail.sender.example [198.51.100.7]) by mx.our.example with ESMTP; Mon, 5 Jan"
    ],
    "vedette.body_text": TEXT,
}


def _hop(text: str) -> dict[str, object]:
    return {"vedette.received": [f"{text} by mx.our.example with SMTP id 1"]}


CASES: dict[str, tuple[Mapping[str, object], set[str]]] = {
    "ordinary": ({}, set()),
    "a bare address for a name": (
        _hop("from 203.0.113.9 (mail.sender.example [203.0.113.9])"),
        {"helo_is_address"},
    ),
    "our own name": (_hop("from mx.our.example (mail.sender.example [203.0.113.9])"), {"helo_is_ours"}),
    "a name without a domain": (_hop("from winbox (mail.sender.example [203.0.113.9])"), {"helo_is_local"}),
    "no name in DNS": (_hop("from mail.sender.example ([203.0.113.9])"), {"relay_is_unnamed"}),
    "forged": (
        _hop("from mail.sender.example (mail.sender.example [203.0.113.9] (may be forged))"),
        {"relay_is_forged"},
    ),
    "a home connection": (
        _hop("from mail.sender.example (adsl-203-0-113-9.isp.example [203.0.113.9])"),
        {"relay_is_dynamic"},
    ),
    "our own servers are not the border": (
        {
            "vedette.received": [
                "from localhost (localhost [127.0.0.1]) by in.our.example with ESMTP",
                "from mx (mx.our.example [192.0.2.1]) by in.our.example with ESMTP",
                *GOOD["vedette.received"],
            ]
        },
        set(),
    ),
    "another's servers": ({"email.from": "anna@elsewhere.example.org"}, {"from_not_on_route"}),
    "an answer to nothing": ({"email.subject": "Re: Lunch"}, {"reply_to_nothing"}),
    "an answer": ({"email.subject": "Re: Lunch", "email.raw_header": "In-Reply-To: <0@our.example>\n"}, set()),
    "ahead": ({"email.raw_header": "Date: Mon, 05 Jan 2026 09:00:00 +0100\n"}, {"date_is_ahead"}),
    "old": ({"email.raw_header": "Date: 01 Jan 2026 09:00:00 +0100\n"}, {"date_is_old"}),
    "no id": ({"email.message_uid": None}, {"id_is_missing"}),
    "an id without a host": ({"email.message_uid": "<abc@winbox>"}, {"id_is_odd"}),
    "nobody": ({"email.to": []}, {"to_is_empty"}),
    "a crowd": ({"email.to": [f"b{i}@our.example" for i in range(9)]}, {"to_is_crowd"}),
    "capitals": ({"email.subject": "BUY THIS NOW"}, {"subject_shouts"}),
    "noise": ({"email.subject": "cheap pills        xkqzv"}, {"subject_has_noise"}),
    "shouting": ({"vedette.body_text": TEXT.upper()}, {"text_shouts"}),
    "marks": ({"vedette.body_text": f"{TEXT} Now! Now! Now!"}, {"text_exclaims"}),
    "figures for letters": ({"vedette.body_text": f"{TEXT} v1agra c1al1s pr0zac"}, {"text_is_swapped"}),
    "hidden": ({"vedette.hidden_text": "harmless words that no reader sees"}, {"text_is_hidden"}),
    "a picture": ({"vedette.body_text": "look", "email.files.mime_type": ["image/gif"]}, {"image_is_all"}),
    "a text without headers": (
        {"vedette.received": None, "email.to": None, "email.message_uid": None, "email.from": None},
        set(),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_facts(case: str) -> None:
    changed, expected = CASES[case]
    row = rows_of(Mail, mails({**GOOD, **changed})).row(0, named=True)
    assert {name for name in MAKE if row[name]} == expected
