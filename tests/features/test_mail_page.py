from __future__ import annotations

from typing import Any

import pytest

from vedette.features.mail_page import PAGE, SCHEMA, USES, page
from vedette.testing.mails import mails

BODY, SUBJECT = "vedette.body_text", "email.subject"


@pytest.mark.parametrize(
    ("mail", "facts"),
    [
        ({"vedette.password_fields": 1, "vedette.forms": 1}, {"page_asks_password", "page_has_form"}),
        ({"vedette.scripts": 1}, {"page_has_script"}),
        ({BODY: "short", "vedette.hidden_text": "x" * 300}, {"page_hides_text"}),
        ({BODY: "x" * 900, "vedette.hidden_text": "x" * 300}, set()),
        ({BODY: "", "vedette.linked_images": 1}, {"page_is_picture"}),
        ({BODY: "pass\u200bword ver\u200bify"}, {"text_is_split"}),
        ({BODY: "v i a g r a and p a s s w o r d"}, {"text_is_split"}),
        ({BODY: "p\u0430ssw\u043erd \u0430ccount"}, {"text_mixes_scripts"}),
        ({BODY: "привет hello"}, set()),
        ({SUBJECT: "P\u0430yPal"}, {"subject_is_split"}),
        ({}, set()),
    ],
)
def test_how_a_page_is_made(mail: dict[str, Any], facts: set[str]) -> None:
    made = page(mails(mail).select(("time", *USES)).collect())
    assert made.schema == SCHEMA
    assert {name for name in PAGE if made[name][0]} == facts
