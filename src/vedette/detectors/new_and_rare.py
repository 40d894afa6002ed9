"""A host that goes where, or to a port that, neither it nor anybody else ever went."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import first_seen_evidence as evidence
from vedette.features.first_seen_place import FirstSeenPlace
from vedette.features.first_seen_sample import new_and_rare
from vedette.model import Analytic, EntityKind, Severity


class NewAndRare(LogOdds):
    """New and rare: a host goes to a place, or a port, where neither it nor anybody else here ever went; it stands beside other findings.

    What is normal: people see new places all day, so for them that is no news. Servers, appliances and most programs do the same from
    day to day. The evidence is Laplace's chance of something new after so many days, less for a host that does many things each day
    (``features/first_seen_evidence.py``). It takes five days of history, of the network and of the host, and ten hosts to compare with.
    Windows are days. Never an alarm by itself: beside a beacon or an upload it says that the place is news for the whole network.

    Known false positives:

    * servers that get a new task, a new supplier or provider;
    * programs that choose their ports by chance.

    Blind spots:

    * hosts that go to many places each day (a sample of them is looked at), unless the port is new;
    * places inside of a network (a /24) that somebody went to before;
    * the first days: with no history nothing is new.

    Example: a mail server that talked to three networks for a month connects to port 8081 of a fourth.
    """

    name = "new_and_rare"
    title = "New and rare destination"
    needs = FirstSeenPlace
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1071",)
    severity = Severity.LOW
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    corroborates = True
    prior = -6.0

    def terms(self) -> list[Term]:
        return [
            evidence.novelty("places", "place_count", 5.0, "networks"),
            evidence.novelty("ports", "port_count", 5.5, "ports"),
        ]

    def sentence(self) -> pl.Expr:
        places, ports = (new_and_rare(s).list.len() > 0 for s in ("places", "ports"))
        where = pl.when(places).then(pl.format("networks ({})", evidence.listed("places")))
        how = pl.when(ports).then(pl.format("ports ({})", evidence.listed("ports")))
        what = pl.concat_str([where, how], separator=" and ", ignore_nulls=True)
        return pl.format(
            "{} went to {} where neither it, in {} days, nor any other host ever went.", "src_endpoint.ip", what, "age"
        )
