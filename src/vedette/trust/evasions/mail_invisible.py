"""Invisible characters in mails."""

from __future__ import annotations

from random import Random
from typing import ClassVar

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass

_INVISIBLE = ("\u200b", "\u200c", "\u00ad", "\u2060")
_SHORTEST = 4
_SHARE = 0.7


class MailInvisible(Evasion):
    """Zero-width characters and soft hyphens inside most words of subject and text."""

    name = "mail_invisible"
    kind = EventClass.EMAIL_ACTIVITY
    column = "vedette.body_text"
    detectors: ClassVar = ("spam", "phishing")

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return events.with_columns(
            pl.Series(c, [None if t is None else _cut(t, rng) for t in events[c]], pl.String)
            for c in (self.column, "email.subject")
            if c in events.columns
        )


def _cut(text: str, rng: Random) -> str:
    return " ".join(_split(w, rng) if len(w) >= _SHORTEST and rng.random() < _SHARE else w for w in text.split(" "))


def _split(word: str, rng: Random) -> str:
    at = rng.randrange(1, len(word))
    return word[:at] + rng.choice(_INVISIBLE) + word[at:]
