"""A host on which a program speaks to the outside that neither it nor any other host ever had."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import first_seen_evidence as evidence
from vedette.features.first_seen_software import FirstSeenSoftware
from vedette.model import Analytic, EntityKind, Severity


class NewSoftware(LogOdds):
    """New software: a program that no host here ever had speaks to the outside from one; it stands beside other findings.

    Programs show themselves by the user agent of their HTTP requests and by the fingerprint of their TLS handshakes (Althouse et al.,
    JA3, 2017, and JA4, 2023). What is normal: software comes by roll-out, to many hosts at once, and in new versions, whose numbers are
    not looked at. What no other host has, on a host that had the same few programs for days, is a tool that somebody brought: a
    stealer, an implant, an administrator's download. It takes five days of history and ten hosts to compare with. Windows are days.

    Known false positives:

    * developers and administrators who try things; the first host of a roll-out;
    * a browser's new version where the sensor knows only JA3, which changes with it.

    Blind spots:

    * tools that use the system's own libraries, or a browser's user agent and handshake;
    * clients that shuffle their extensions have a new JA3 each time: such hosts have many a day, and are left alone; use JA4;
    * the first days: with no history nothing is new.

    Example: 10.0.0.5 fetches something with the user agent ``rclone/v1.66`` that nobody in the company ever used.
    """

    name = "new_software"
    title = "New software on one host"
    needs = FirstSeenSoftware
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1071",)
    severity = Severity.LOW
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    corroborates = True
    prior = -6.0

    def terms(self) -> list[Term]:
        return [evidence.novelty("programs", "program_count", 7.0, "programs")]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} used programs ({}) that neither it, in {} days, nor any other host ever used.",
            "src_endpoint.ip",
            evidence.listed("programs"),
            "age",
        )
