"""Names that can be said."""

from __future__ import annotations

from random import Random

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.trust.evasions.domain_generators import syllables
from vedette.trust.evasions.domain_renamed import renamed


class DomainSyllables(Evasion):
    """Names of syllables by a pattern, with vowels where a language has them. Trained with."""

    name = "domain_syllables"
    kind = EventClass.DNS_ACTIVITY
    column = "query.hostname"
    detectors = ("domain",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return renamed(events, self.column, syllables, rng)
