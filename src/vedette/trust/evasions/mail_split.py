"""Words of mails split."""

from __future__ import annotations

from random import Random
from typing import ClassVar

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass

_SHORTEST = 5
_SHARE = 0.4
_MARKS = (" ", ".", "-", "_", "*")


class MailSplit(Evasion):
    """Long words with a space, dot or stroke inside: ``pass-word``, ``ver ify``."""

    name = "mail_split"
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
    at = rng.randrange(2, len(word) - 1)
    return word[:at] + rng.choice(_MARKS) + word[at:]
