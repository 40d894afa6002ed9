"""Somebody works in a cloud from a place, or in a region, that is new to it."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import cloud_work_evidence as evidence
from vedette.features.cloud_work import CloudWork
from vedette.model import Analytic, EntityKind, Severity


class CloudUnusualPlace(LogOdds):
    """A principal calls a cloud from a country or network, with a program, or in a region, that is new to it and perhaps to everybody.

    What is normal: programs call from the same network with the same library into the same regions; people travel, and bring their
    browser along. What is hostile: several of these change at once. Each is small evidence, more where nobody here ever had it, and it
    grows with the hours that the principal is known; two or three together are a finding. It takes twenty hours of the principal's own
    work and forty-eight of anybody's.

    Known false positives:
        - a journey, a new provider of internet access or a new office
        - a program that moves to another region or library

    Blind spots:
        - an intruder from the same network, as from a machine of yours
        - logs without addresses, countries or regions
    """

    name = "cloud_unusual_place"
    title = "Cloud used from elsewhere"
    needs = CloudWork
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1078.004", "T1535")
    severity = Severity.MEDIUM
    actor = Role(EntityKind.USER, "user", otherwise=Role(EntityKind.ADDRESS, "address"))
    prior = -6.5
    alert_from = 0.8

    def terms(self) -> list[Term]:
        return [
            evidence.newness("countries", "countries", own=2.5, everyone=4.0),
            evidence.newness("networks", "networks", own=1.2, everyone=2.2),
            evidence.newness("agents", "programs", own=1.4, everyone=2.8),
            evidence.newness("regions", "regions of the cloud", own=1.6, everyone=3.6),
        ]

    def sentence(self) -> pl.Expr:
        parts = [
            pl.when(new.list.len() > 0).then(pl.format(text, new.list.head(2).list.join(", ")))
            for text, new in (
                ("from {}", evidence.new_members("countries", to_all=False)),
                ("from the network {}", evidence.new_members("networks", to_all=False)),
                ("with {}", evidence.new_members("agents", to_all=False)),
                ("in the region {}", evidence.new_members("regions", to_all=False)),
            )
        ]
        return pl.format(
            "{} worked {}, as it never did.", "principal", pl.concat_str(parts, separator=", ", ignore_nulls=True)
        )
