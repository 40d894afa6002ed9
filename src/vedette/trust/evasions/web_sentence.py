"""An attack at the end of a sentence."""

from __future__ import annotations

from random import Random
from urllib.parse import quote

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.trust.evasions.web_values import QUERY, rewritten

_OPENINGS = (
    "my dear friends look at this ", "best bread and butter ", "how does one write ", "thank you for ",
    "nous aimons bien ", "das ist sehr lecker ",
)  # fmt: skip


class WebSentence(Evasion):
    """Words of prose before each value that is long enough for an attack, within the value itself.

    Text in quotes, pages and templates run the attack all the same; a number or the name of a file would not, so this asks for more than an
    attacker could do.
    """

    name = "web_sentence"
    kind = EventClass.HTTP_ACTIVITY
    column = QUERY
    detectors = ("web",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return rewritten(events, _written, rng)


_LONG = 9
"""Characters from which on a value may be an attack."""


def _written(value: str, rng: Random) -> str:
    return quote(rng.choice(_OPENINGS) + value if len(value) >= _LONG else value, safe="")
