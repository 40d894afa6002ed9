"""Ordinary words in the path."""

from __future__ import annotations

from random import Random

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.trust.evasions.url_words import ORDINARY, rewritten


class UrlBenignWords(Evasion):
    """The page moves below a path of three to six ordinary words: the server is the attacker's, so that costs nothing."""

    name = "url_benign_words"
    kind = EventClass.EMAIL_URL_ACTIVITY
    column = "url.url_string"
    detectors = ("url",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return rewritten(events, self.column, _padded, rng)


def _padded(host: str, rest: str, rng: Random) -> tuple[str, str]:
    words = "/".join(rng.choices(ORDINARY, k=rng.randint(3, 6)))
    return host, f"/{words}{rest if rest.startswith(('/', '?', '#')) else ''}"
