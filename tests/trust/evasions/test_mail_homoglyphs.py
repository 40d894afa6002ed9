from __future__ import annotations

from random import Random

import polars as pl

from vedette.trust.evasions.mail_homoglyphs import MailHomoglyphs


def test_a_reader_sees_the_same_words(mails: pl.DataFrame) -> None:
    text = MailHomoglyphs().rewrite(mails, Random(1))["vedette.body_text"][0]
    assert len(text) == len(mails["vedette.body_text"][0])
    assert not text.isascii()
