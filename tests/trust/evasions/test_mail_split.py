from __future__ import annotations

from random import Random

import polars as pl

from vedette.trust.evasions.mail_split import MailSplit


def test_letters_stay_in_order(mails: pl.DataFrame) -> None:
    text = MailSplit().rewrite(mails, Random(1))["vedette.body_text"][0]
    assert [c for c in text if c.isalpha()] == [c for c in mails["vedette.body_text"][0] if c.isalpha()]
