"""Random letters of a smaller alphabet."""

from __future__ import annotations

from random import Random

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.trust.evasions.domain_generators import letters
from vedette.trust.evasions.domain_renamed import renamed


class DomainLetters(Evasion):
    """Names of letters drawn from an alphabet of 8 to 26: less random, as malware that avoids entropy measures makes them. Trained with."""

    name = "domain_letters"
    kind = EventClass.DNS_ACTIVITY
    column = "query.hostname"
    detectors = ("domain",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return renamed(events, self.column, letters, rng)
