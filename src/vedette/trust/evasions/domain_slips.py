"""Ordinary names with a slip."""

from __future__ import annotations

from random import Random

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.trust.evasions.domain_generators import slips
from vedette.trust.evasions.domain_renamed import renamed


class DomainSlips(Evasion):
    """Two words with one character changed, as the family charbot does with benign names. Never trained with."""

    name = "domain_slips"
    kind = EventClass.DNS_ACTIVITY
    column = "query.hostname"
    detectors = ("domain",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return renamed(events, self.column, slips, rng)
