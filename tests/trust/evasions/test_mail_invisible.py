from __future__ import annotations

from random import Random

import polars as pl

from vedette.trust.evasions.mail_invisible import MailInvisible


def test_only_what_nobody_sees_is_put_in(mails: pl.DataFrame) -> None:
    text = MailInvisible().rewrite(mails, Random(1))["vedette.body_text"][0]
    assert text.translate(dict.fromkeys(map(ord, "\u200b\u200c\u00ad\u2060"))) == mails["vedette.body_text"][0]
