"""Alerts of other engines become findings of ours."""

from __future__ import annotations

import polars as pl

from vedette.abc import Detector, Role
from vedette.features.foreign_alert import ForeignAlert
from vedette.model import Analytic, EntityKind, Reason, Severity

CONFIDENCE = {1: 0.5, 2: 0.55, 3: 0.65, 4: 0.75, 5: 0.85}
"""Severity as the other engine says -> how sure we take it to be, until the site's own verdicts say otherwise."""

HOUSEKEEPING = ("CaptureLoss::", "PacketFilter::", "SSL::", "Weird::", "HTTP::Malware_Hash_Registry", "SURICATA ")
"""Titles about the sensor, the protocol or a certificate: never more than informational."""


class ForeignAlertDetector(Detector):
    """Another engine raised an alert: a Suricata rule matched, Zeek wrote a notice, or Microsoft Defender found something on a host.

    What the other engine says is taken as it is: its title, its ATT&CK ids, its severity. The confidence is a fixed table by
    severity, since rule sets do not publish how often they are right; alone such a finding stays modest, and it weighs more when an
    analytic of another type says the same about the same host. Alerts alike within ten minutes are one finding.

    Known false positives:
        - those of the rule set: policy and informational rules above all

    Blind spots:
        - what the other engine does not alert on
        - who is to blame: the alert's source address is taken for the actor, which is wrong for rules that match a reply
    """

    name = "foreign_alert"
    title = "Alert of another engine"
    needs = ForeignAlert
    analytic = Analytic.RULE
    techniques = ()
    severity = Severity.LOW
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip", otherwise=Role(EntityKind.HOST, "host"))
    targets = (Role(EntityKind.ADDRESS, "dst_endpoint.ip"),)

    def score(self, rows: pl.DataFrame) -> pl.Series:
        sure = pl.col("severity").replace_strict(CONFIDENCE, default=CONFIDENCE[1], return_dtype=pl.Float64)
        return rows.select(sure.alias("score")).to_series()

    def reasons(self, rows: pl.DataFrame) -> list[tuple[Reason, ...]]:
        texts = rows.select(pl.format("{} says: {}", "product", pl.coalesce("desc", "finding_info.title"))).to_series()
        return [(Reason(t, s, "severity"),) for t, s in zip(texts, self.score(rows), strict=True)]

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        src, dst = (pl.col(f"{side}_endpoint.ip").fill_null("an unknown address") for side in ("src", "dst"))
        between = pl.format("{} raised “{}” about {} to {}.", "product", "finding_info.title", src, dst)
        on_host = pl.format("{} raised “{}” on {}.", "product", "finding_info.title", "host")
        addressed = pl.col("src_endpoint.ip").is_null() & pl.col("dst_endpoint.ip").is_null()
        told = pl.when(addressed & pl.col("host").is_not_null()).then(on_host).otherwise(between)
        return rows.select(told).to_series().to_list()

    def titles(self, rows: pl.DataFrame) -> list[str]:
        return rows["finding_info.title"].to_list()

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return [tuple(t) for t in rows["techniques"].to_list()]

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        said = rows["severity"].to_list()
        return [
            Severity.INFORMATIONAL if title.startswith(HOUSEKEEPING) else Severity(min(max(int(s), 1), 5))
            for title, s in zip(rows["finding_info.title"], said, strict=True)
        ]
