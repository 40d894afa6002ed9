"""Letters of other alphabets in mails."""

from __future__ import annotations

from random import Random
from typing import ClassVar

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass

_TWINS = str.maketrans(
    "aceiopsxyABCEHKMOPTX",
    "\u0430\u0441\u0435\u0456\u043e\u0440\u0455\u0445\u0443\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425",
)
_SHARE = 0.5


class MailHomoglyphs(Evasion):
    """Half the words of subject and text written with Cyrillic letters that look Latin."""

    name = "mail_homoglyphs"
    kind = EventClass.EMAIL_ACTIVITY
    column = "vedette.body_text"
    detectors: ClassVar = ("spam", "phishing")

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return events.with_columns(
            pl.Series(c, [None if t is None else _twinned(t, rng) for t in events[c]], pl.String)
            for c in (self.column, "email.subject")
            if c in events.columns
        )


def _twinned(text: str, rng: Random) -> str:
    return " ".join(w.translate(_TWINS) if rng.random() < _SHARE else w for w in text.split(" "))
