from __future__ import annotations

from random import Random

import polars as pl

from vedette.trust.evasions.mail_split import MailSplit

MAILS = pl.DataFrame(
    {
        "email.from": ["service@shop.example", "a@b.example", None],
        "email.from_mailbox": ["Shop Service <service@shop.example>", "a@b.example", None],
        "email.subject": ["Please verify your account", "hello there", None],
        "vedette.body_text": ["Please confirm your password today, otherwise it expires.", "", None],
        "vedette.link_text": [["Confirm now"], None, None],
        "email.urls.url_string": [["https://shop.example/x"], None, None],
        "vedette.linked_images": pl.Series([0, 0, 0], dtype=pl.Int32),
    }
)


def rewritten(seed: int = 1) -> pl.DataFrame:
    return MailSplit().rewrite(MAILS, Random(seed))


def test_rows_and_columns_stay_and_chance_comes_from_the_seed() -> None:
    once = rewritten()
    assert once.columns == MAILS.columns
    assert once.height == MAILS.height
    assert once.dtypes == MAILS.dtypes
    assert once.equals(rewritten())
    assert not once.equals(MAILS)


def test_letters_stay_in_order() -> None:
    text = rewritten()["vedette.body_text"][0]
    assert [c for c in text if c.isalpha()] == [c for c in MAILS["vedette.body_text"][0] if c.isalpha()]
