"""Questions by ICMP that only a fingerprinting tool asks."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.first_contact import attacks
from vedette.features.sweep_source import KINDS, SweepSource
from vedette.features.wording import names_of
from vedette.model import Analytic, EntityKind, Severity

NATS = {"timestamp": 4.0, "information": 6.5, "address mask": 6.5}
"""How much each kind of question says. Information and mask requests are deprecated (RFC 6918): no system asks them by itself."""


class IcmpFingerprinting(LogOdds):
    """ICMP fingerprinting: one host asks others for the time, for an address mask or for information, to tell their operating system.

    Normal is the echo request. The other questions of RFC 792 and RFC 950 are answered differently by each system, which is how tools tell
    them apart (O. Arkin, "ICMP usage in scanning", 2001). Each kind seen is a piece of evidence by itself, whatever the number of
    requests; two kinds, or one beside a sweep, are enough to look.

    Known false positives:

    * old network management that asks for the time and for masks;
    * an exercise, or a vulnerability scanner of your own: name it under `network.scanners`.

    Blind spots:

    * fingerprinting by echo requests alone (codes, padding, TTL), or by TCP;
    * sources that do not tell the ICMP type.
    """

    name = "icmp_fingerprinting"
    title = "ICMP fingerprinting"
    needs = SweepSource
    analytic = Analytic.FINGERPRINTING
    techniques = ("T1046", "T1595")
    severity = Severity.LOW
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "hosts"),)

    def terms(self) -> list[Term]:
        asked = {kind: pl.col("kinds") & bit > 0 for kind, bit in KINDS.items() if kind in NATS}
        return [
            Term(
                pl.when(seen).then(NATS[kind]),
                pl.lit(f"it asked by ICMP for the {kind}, which no system does by itself"),
                "kinds",
            )
            for kind, seen in asked.items()
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} asked questions that tell operating systems apart: ICMP {} ({} requests).",
            "src_endpoint.ip",
            names_of("kinds", KINDS),
            "requests",
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return [Severity.MEDIUM if inside else Severity.LOW for inside in rows["inside"]]

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return attacks(rows, inside=("T1046",), outside=("T1595",))
