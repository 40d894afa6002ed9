from __future__ import annotations

from random import Random

import polars as pl

from vedette.trust.evasions.mail_padding import MailPadding


def test_the_text_stays_and_others_follow(mails: pl.DataFrame) -> None:
    text = MailPadding().rewrite(mails, Random(1))["vedette.body_text"][0]
    assert text.startswith(mails["vedette.body_text"][0])
    assert len(text) > 2 * len(mails["vedette.body_text"][0])
