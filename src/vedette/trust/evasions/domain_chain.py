"""Letters in the order of English."""

from __future__ import annotations

from random import Random

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.trust.evasions.domain_generators import english_chain
from vedette.trust.evasions.domain_renamed import renamed


class DomainChain(Evasion):
    """Names from a Markov chain over English words: pairs and triples of letters are ordinary, words are not. Never trained with."""

    name = "domain_chain"
    kind = EventClass.DNS_ACTIVITY
    column = "query.hostname"
    detectors = ("domain",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return renamed(events, self.column, english_chain, rng)
