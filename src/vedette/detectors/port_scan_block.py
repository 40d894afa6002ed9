"""Several ports on each of several hosts, most of which do not answer."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.contact import KINDS
from vedette.features.first_contact import attacks, expected, outcomes, severities
from vedette.features.flow_source import PAIRS, FlowSource
from vedette.features.statistic import negative_binomial
from vedette.features.wording import joined, names_of, number, span
from vedette.model import Analytic, EntityKind, Severity

USUAL_REPEATS = 2.0
"""Failing pairs of one client in ten minutes beyond one port a host and one host a port."""
SLACK = 1.5
"""Pairs may exceed the larger of hosts and ports by this factor before they count: programs with two ports, errors of the estimates."""
WIDE_PAIRS = 500
"""From here on an outsider's scan is more than curiosity."""

_pairs, _hosts, _ports, _answered = map(pl.col, ("pairs", "hosts", "ports", "answered"))
_repeats = (pl.col("sampled") - SLACK * pl.max_horizontal("hosts", "ports")).clip(lower_bound=0)
_sampled = pl.when(_pairs > pl.col("sampled")).then(pl.lit("at least ")).otherwise(pl.lit(""))
_n = {c: pl.concat_str(_sampled, number(pl.col(c))) for c in ("hosts", "ports")} | {"pairs": number(_pairs, PAIRS)}


class PortScanBlock(LogOdds):
    """Block port scan: one host tries the same ports on the same hosts, and most do not answer.

    Normal programs that fail a lot, peer-to-peer above all, meet each peer on a port of its own: pairs of host and port are about as many
    as hosts. A scan crosses hosts with ports, so that pairs are far more than either. The count of pairs beyond that is held against a
    negative binomial baseline, the share that failed is that of first contacts (Jung et al. 2004, see ``features/first_contact``).

    Known false positives:

    * a vulnerability scanner, inventory or monitoring of your own whose list is out of date: name it under `network.scanners`;
    * an outage while a client or proxy uses many ports of the same servers.

    Blind spots:

    * vertical and horizontal scans: they have detectors of their own;
    * a small block hidden among thousands of answered pairs of the same source;
    * a scan that takes pairs at random from a space so large that few hosts and ports repeat within a day;
    * the limits of those detectors: many sources, one direction only.

    Example: ``nmap -F 10.0.0.0/24``: 100 ports on 254 hosts, 25,400 pairs.
    """

    name = "port_scan_block"
    title = "Block port scan"
    needs = FlowSource
    analytic = Analytic.STATISTICAL
    techniques = ("T1046", "T1018", "T1595.001")
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "ends", ends=True),)

    def terms(self) -> list[Term]:
        answer = number(_pairs + _answered, PAIRS)
        share = pl.format("{} of {} pairs of host and port led nowhere (normal: about a fifth)", _n["pairs"], answer)
        cross = pl.format("{} hosts crossed with {} ports made {} failing pairs", _n["hosts"], _n["ports"], _n["pairs"])
        crossed = negative_binomial(_repeats, expected(USUAL_REPEATS) + 0.1 * _answered, size=1.0)
        return [
            Term(pl.when(_repeats > 0).then(outcomes(_pairs, _answered)), share, "pairs"),
            Term(crossed, cross, "pairs"),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} tried {} ports on {} hosts in {}, such as {}: {} of {} pairs led nowhere. Kind: {}.",
            "src_endpoint.ip",
            _n["ports"],
            _n["hosts"],
            span("began", "ended"),
            joined("ends"),
            _n["pairs"],
            number(_pairs + _answered, PAIRS),
            names_of("kinds", KINDS),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return severities(rows, rows["pairs"] >= WIDE_PAIRS)

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return attacks(rows, inside=("T1046", "T1018"), outside=("T1595.001",))
