"""Values written another way that means the same to databases and browsers."""

from __future__ import annotations

from random import Random
from urllib.parse import quote

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.trust.evasions.web_values import QUERY, rewritten

_BLANKS = ("/**/", "\t", "\n", "/*x*/")


class WebComments(Evasion):
    """Mixed case, and comments or tabs in place of blanks: both mean nothing to SQL; case means nothing to HTML."""

    name = "web_comments"
    kind = EventClass.HTTP_ACTIVITY
    column = QUERY
    detectors = ("web",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return rewritten(events, _written, rng)


def _written(value: str, rng: Random) -> str:
    mixed = "".join(c.upper() if rng.randrange(2) else c.lower() for c in value)
    return quote(mixed.replace(" ", rng.choice(_BLANKS)), safe="")
