from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from vedette.abc import BENIGN, MALICIOUS, UNKNOWN
from vedette.detectors.spam import SYMBOLS, Spam
from vedette.features.mail import Mail
from vedette.features.mail_telling import NAMED
from vedette.learning.registry import equip
from vedette.testing.mails import mails
from vedette.testing.rows import hits_of, rows_of

ROUTE = {
    "email.from": "anna@sender.example",
    "email.to": ["bert@our.example"],
    "email.message_uid": "<1@mail.sender.example>",
    "email.raw_header": "Date: Mon, 5 Jan 2026 00:00:00 +0000\n",
    "vedette.received": ["from mail.sender.example (mail.sender.example [198.51.100.7]) by mx.our.example with ESMTP"],
}
PILLS = {
    **ROUTE,
    "email.subject": "CHEAP VIAGRA ONLINE NOW",
    "vedette.body_text": "Lose weight now! Buy cheap viagra, cialis and other pills online from our pharmacy. No prescription, "
    "100% money back guarantee! Click here to order: http://203.0.113.7/order. Click below to be removed from our list!",
    "email.urls.url_string": ["http://203.0.113.7/order"],
    "vedette.received": ["from localhost (dsl-203-0-113-9.isp.example [203.0.113.9]) by mx.our.example with SMTP"],
}
WORK = {
    **ROUTE,
    "email.subject": "Re: minutes of the meeting",
    "email.raw_header": "Date: Mon, 5 Jan 2026 00:00:00 +0000\nIn-Reply-To: <0@our.example>\n",
    "vedette.body_text": "Hi Bert,\n\nthanks for the notes, I think the second point is wrong though: we said that the patch should go "
    "into the next release and not into this one. Could you fix that before you send them to the list?\n\nAnna\n\n"
    "> On Friday Bert wrote:\n> attached are the minutes, please tell me if something is missing.\n",
}
CHINESE = {
    **ROUTE,
    "email.subject": "会议记录",
    "vedette.body_text": "您好 附件是昨天会议的记录 请查收 谢谢您的帮助 " * 4,
}
NOISE = {**ROUTE, "vedette.body_text": " ".join(f"q{chr(97 + i % 26)}zx{chr(97 + i // 26)}wvk" for i in range(300))}

CASES: dict[str, tuple[Mapping[str, object], str]] = {
    "pills": (PILLS, MALICIOUS),
    "pills with look-alike letters": (
        {**PILLS, "vedette.body_text": str(PILLS["vedette.body_text"]).replace("a", "\u0430").replace("e", "\u200be")},
        MALICIOUS,
    ),
    "work": (WORK, BENIGN),
    "chinese": (CHINESE, UNKNOWN),
    "noise": (NOISE, UNKNOWN),
    "no words": ({**ROUTE, "email.subject": "?!", "vedette.body_text": "..."}, UNKNOWN),
}


@pytest.mark.parametrize("case", CASES)
def test_verdicts(case: str) -> None:
    detector = equip(Spam)
    assert isinstance(detector, Spam)
    mail, verdict = CASES[case]
    judged = detector.judge(rows_of(Mail, mails(mail)))
    assert judged["verdict"].to_list() == [verdict], judged


def test_every_message_gets_a_list_that_adds_up() -> None:
    detector = equip(Spam)
    assert isinstance(detector, Spam)
    rows = rows_of(Mail, mails(PILLS, WORK, {"email.subject": "hello"}))
    told, margins = detector.contributions(rows), detector.margins(rows)
    for parts, margin in zip(told, margins, strict=True):
        assert abs(detector.model.form.bias + sum(c.nats for c in parts) - margin) < 1e-6
        assert len([c for c in parts if c.attribute == "body_text"]) <= 2 * NAMED + 2
    words = {c.text for c in told[0]}
    assert any("viagra" in text for text in words)
    assert {"relay_is_dynamic", "link_is_address"} <= {c.attribute for c in told[0]}


def test_symbols_can_only_raise_the_score() -> None:
    detector = equip(Spam)
    assert isinstance(detector, Spam)
    assert detector.model.form.weights["symbols"].min() >= 0
    assert len(detector.model.form.weights["symbols"]) == len(SYMBOLS)


def test_padding_with_harmless_words_buys_little() -> None:
    detector = equip(Spam)
    assert isinstance(detector, Spam)
    padded = {**PILLS, "vedette.body_text": f"{PILLS['vedette.body_text']}\n\n{WORK['vedette.body_text']}"}
    margins = detector.margins(rows_of(Mail, mails(PILLS, padded, WORK)))
    assert margins[1] > (margins[0] + margins[2]) / 2


def test_a_finding_speaks_plainly() -> None:
    hits = hits_of(Spam, mails({**PILLS, "email.subject": "Cheap pills", "email.from": None}))
    assert hits["summary"].to_list() == ["Mail from an unnamed sender, “Cheap pills”, reads or is made like spam."]


def test_a_row_is_judged_by_itself() -> None:
    detector = equip(Spam)
    assert isinstance(detector, Spam)
    both = detector.margins(rows_of(Mail, mails(PILLS, WORK)))
    alone = [detector.margins(rows_of(Mail, mails(m)))[0] for m in (PILLS, WORK)]
    assert np.allclose(both, alone, atol=1e-9)
