"""Dictionary words."""

from __future__ import annotations

from random import Random

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.trust.evasions.domain_generators import compounds
from vedette.trust.evasions.domain_renamed import renamed


class DomainWords(Evasion):
    """Two or three English words in a row, as the families nymaim2 and suppobox do. Never trained with."""

    name = "domain_words"
    kind = EventClass.DNS_ACTIVITY
    column = "query.hostname"
    detectors = ("domain",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return renamed(events, self.column, compounds, rng)
