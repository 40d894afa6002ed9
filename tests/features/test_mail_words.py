from __future__ import annotations

import polars as pl
import pytest

from vedette.features.mail_text import folded
from vedette.features.mail_words import MOST, PHRASES, SCHEMA, TOPICS, phrases, plain, topics


def said(*texts: str | None) -> pl.DataFrame:
    return topics(pl.DataFrame({"t": pl.Series(texts, dtype=pl.String)}).select(plain(folded(pl.col("t")))).to_series())


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Please verify your account", "asks_login"),
        ("Bitte bestätigen Sie Ihre Daten", "asks_login"),
        ("Veuillez confirmer votre identité", "asks_login"),
        ("Verifique su cuenta", "asks_login"),
        ("Atualize seus dados", "asks_login"),
        ("Accedi al conto", "asks_login"),
        ("Uw bankpas verloopt", "asks_secret"),
        ("Podaj hasło", "asks_secret"),
        ("Şifreniz gerekli", "asks_secret"),
        ("Введите пароль", "asks_secret"),
        ("パスワードを入力", "asks_secret"),
        ("请输入密码", "asks_secret"),
        ("Ihr Konto wurde gesperrt", "threatens"),
        ("your mailbox is full", "mailbox"),
        ("あなたのアカウントに異常", "warns"),
        ("You have won", "wins"),
        ("I hacked your device", "extorts"),
        ("kliknij tutaj", "clicks"),
    ],
)
def test_topics_in_twelve_languages(text: str, topic: str) -> None:
    assert said(text)[topic][0] > 0


def test_ordinary_words_have_no_topic() -> None:
    row = said("See you at lunch, the train leaves at noon", "", None)
    assert row.select(list(TOPICS)).to_numpy().sum() == 0
    assert row.schema == SCHEMA


def test_words_begin_where_a_phrase_does() -> None:
    assert said("unverify yourself")["asks_login"][0] == 0


def test_more_phrases_count_more_up_to_a_bound() -> None:
    once, often = said("urgent", "urgent, immediately, within 24 hours, deadline, final notice")["hurries"]
    assert 0 < once < often == 1
    assert once == pytest.approx(1 / MOST)


def test_every_topic_has_phrases_and_none_stands_twice_in_a_topic() -> None:
    assert PHRASES.keys() == TOPICS.keys()
    assert set(phrases().values()) == set(TOPICS)
    assert not [p for p in phrases() if len(p.strip()) < 2]
