"""More levels of ordinary names below the attacker's domain."""

from __future__ import annotations

from random import Random

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.trust.evasions.url_words import ORDINARY, rewritten


class UrlSubdomains(Evasion):
    """Two to four ordinary words as subdomains: whoever holds a domain holds all names below it. Addresses are left as they are."""

    name = "url_subdomains"
    kind = EventClass.EMAIL_URL_ACTIVITY
    column = "url.url_string"
    detectors = ("url",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return rewritten(events, self.column, _deepened, rng)


def _deepened(host: str, rest: str, rng: Random) -> tuple[str, str]:
    user, at, name = host.rpartition("@")
    words = ".".join(rng.choices(ORDINARY, k=rng.randint(2, 4)))
    numeric = name.partition(":")[0].replace(".", "").isdigit() or name.startswith("[")
    return (host if numeric else f"{user}{at}{words}.{name}"), rest
