"""Values encoded more than they need."""

from __future__ import annotations

from random import Random
from urllib.parse import quote

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.trust.evasions.web_values import QUERY, rewritten


class WebEncodings(Evasion):
    """Every character percent-encoded, everything twice, or signs as ``%uXXXX``: for servers and applications that decode again."""

    name = "web_encodings"
    kind = EventClass.HTTP_ACTIVITY
    column = QUERY
    detectors = ("web",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return rewritten(events, _encoded, rng)


def _encoded(value: str, rng: Random) -> str:
    way = rng.randrange(3)
    if way == 0:
        return "".join(f"%{byte:02x}" for byte in value.encode())
    if way == 1:
        return quote(quote(value, safe=""), safe="")
    return "".join(c if c.isalnum() and c.isascii() else f"%u{min(ord(c), 0xFFFD):04x}" for c in value)
