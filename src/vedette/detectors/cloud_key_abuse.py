"""A key of a cloud in the wrong hands."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import cloud_work_evidence as evidence
from vedette.features.cloud_work import CloudWork
from vedette.features.statistic import negative_binomial
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class CloudKeyAbuse(LogOdds):
    """Credentials of a cloud are used as a thief would: from several networks, trying many services, or reading objects in bulk.

    What is normal: a key belongs to one program at one place that uses one or two services; the credentials of a machine are used on that
    machine. What is hostile: the credentials of one machine from two networks in an hour; the question "who am I" followed by refusals
    over many services; a key without an end from a network that it was never used from; far more objects read than ever.

    Known false positives:
        - one key shared by several programs or people
        - machines whose calls leave by two ways (an endpoint and a gateway)
        - a migration or backup that reads everything once

    Blind spots:
        - credentials used on the machine that they were taken from
        - objects read where the log has no data events
        - several networks of one provider look alike to this detector only where their first sixteen bits do
    """

    name = "cloud_key_abuse"
    title = "Cloud key used oddly"
    needs = CloudWork
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1078.004", "T1552.005", "T1530")
    severity = Severity.HIGH
    actor = Role(EntityKind.USER, "user", otherwise=Role(EntityKind.ADDRESS, "address"))
    prior = -6.5
    alert_from = 0.8

    def terms(self) -> list[Term]:
        networks, countries = pl.col("instance_networks"), pl.col("countries").list.len()
        refused = pl.col("refused_kinds")
        asked = pl.col("identity") & (pl.col("kinds") > 1)
        new_network = evidence.new_members("networks", to_all=False).list.len() > 0
        return [
            Term(
                pl.when(networks >= 2).then(6.0),  # noqa: PLR2004
                pl.format(
                    "the credentials of a machine were used from {} networks: {}",
                    networks,
                    pl.col("machine_networks").list.join(", "),
                ),
                "instance_networks",
            ),
            Term(
                pl.when(countries >= 2).then(2.5),  # noqa: PLR2004
                pl.format("from {} countries in an hour: {}", countries, pl.col("countries").list.join(", ")),
                "countries",
            ),
            Term(
                pl.when(asked).then(1.5),
                pl.lit("it asked who it is, which programs that know need not"),
                "identity",
            ),
            Term(
                pl.when(pl.col("long_lived") & evidence.known & new_network).then(2.5),
                pl.lit("a key without an end, from a network that it was never used from"),
                "long_lived",
            ),
            Term(
                pl.when(refused >= 3).then(negative_binomial(refused, 0.5, size=1.0).clip(0.0, 5.0)),  # noqa: PLR2004
                pl.format("{} kinds of calls were refused", number(refused)),
                "refused_kinds",
            ),
            evidence.more("services", "{} services in an hour; about {} are usual", least=6.0, most=3.0),
            evidence.more("objects", "{} objects read in an hour; about {} are usual", least=100.0, most=7.0),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} used {} services with {} kinds of calls{}, read {} objects and was refused {} kinds of calls.",
            "principal",
            number(pl.col("services")),
            number(pl.col("kinds")),
            evidence.source(),
            number(pl.col("objects")),
            number(pl.col("refused_kinds")),
        )
