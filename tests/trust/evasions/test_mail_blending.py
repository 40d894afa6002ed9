from __future__ import annotations

from random import Random

import polars as pl

from vedette.trust.evasions.mail_blending import MailBlending

ORDINARY = pl.DataFrame({"vedette.body_text": ["kestrel " * 200, None, " ", "heron egret " * 100]})


def padding(mails: pl.DataFrame, ordinary: pl.DataFrame | None, row: int = 0) -> str:
    before, after = (
        e["vedette.body_text"][row] or "" for e in (mails, MailBlending(ordinary).rewrite(mails, Random(1)))
    )
    assert after.startswith(before)
    return str(after.removeprefix(before))


def test_the_text_stays_and_ordinary_mail_follows(mails: pl.DataFrame) -> None:
    added = padding(mails, ORDINARY)
    whole = {"kestrel", "heron", "egret"}
    assert set(added.split()) & whole
    assert all(any(w.startswith(cut) for w in whole) for cut in added.split())  # a passage ends where it is long enough
    assert 300 < len(added) < 500


def test_a_long_text_gets_as_much_again(mails: pl.DataFrame) -> None:
    long = mails.with_columns(pl.lit("word " * 1_000).alias("vedette.body_text"))
    assert 4_500 < len(padding(long, ORDINARY)) < 6_000


def test_without_ordinary_mail_there_are_sentences_of_its_own(mails: pl.DataFrame) -> None:
    assert len(padding(mails, None)) > 300
    assert padding(mails, ORDINARY.clear()) == padding(mails, None)


def test_passages_that_are_nearly_empty_end_too(mails: pl.DataFrame) -> None:
    assert len(padding(mails, pl.DataFrame({"vedette.body_text": ["a"]}))) < 300
