"""A host that keeps trying a port that never answers."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.first_contact import expected
from vedette.features.flow_pair import FlowPair
from vedette.features.statistic import negative_binomial
from vedette.features.wording import joined, number, span
from vedette.model import Analytic, EntityKind, Severity

USUAL_TRIES = 3.0
"""Tries of one client on a host that does not answer, in ten minutes."""
FEW_PORTS = 2.0
"""More ports than this are a scan."""

_tries, _failed, _answered = pl.col("probes"), pl.col("failed"), pl.col("answered")
_hours = (pl.col("ended") - pl.col("began")).dt.total_seconds() / 3600


class UnansweredPort(LogOdds):
    """Port not answering: a host of ours tries the same port of another again and again, for hours, and these tries lead nowhere.

    Normal programs give up, or a person does. What goes on is a program that nobody watches: a wrong setting, a machine that was switched
    off, or malware whose server is gone. The number of tries is held against a negative binomial baseline (Paxson and Floyd 1995), and an
    hour of trying is taken as the point where a person would have noticed.

    Known false positives:

    * printers, shares, agents and licence servers that were moved: worth knowing, not an attack;
    * a firewall that drops an allowed program's telemetry;
    * an outage that lasts for hours;
    * a common service (below port 1,024 and the like) that answers most of the time: its answers are not counted.

    Blind spots:

    * one-way sources, for UDP;
    * a few tries a day.

    Example: 10.0.0.5 tries port 4444 of 203.0.113.9 every two minutes for a day: 720 tries, no answer.
    """

    name = "unanswered_port"
    title = "Port not answering"
    needs = FlowPair
    analytic = Analytic.STATISTICAL
    techniques = ("T1008",)
    severity = Severity.LOW
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "dst_endpoint.ip"),)

    def terms(self) -> list[Term]:
        tries = pl.format(
            "{} tries without an answer (normal: about {})", number(_tries), number(expected(USUAL_TRIES))
        )
        lasting = pl.format("it went on for {} (normal: until somebody notices)", span("began", "ended"))
        ports = pl.format("{} different ports: rather a scan", number(_failed))
        answers = pl.format("{} ports answered", number(_answered))
        return [
            Term(negative_binomial(_tries.cast(pl.Float64), expected(USUAL_TRIES), size=3.0), tries, "probes"),
            Term((10 * _hours.clip(lower_bound=1e-3).log()).clip(upper_bound=8.0), lasting, "began"),
            Term(-8 * (_failed / FEW_PORTS).log().clip(lower_bound=0), ports, "failed"),
            Term(pl.when(_answered > 0).then(-4.0), answers, "answered"),
            Term(pl.when(~pl.col("inside")).then(-30.0), pl.lit("from outside: somebody knocks"), "inside"),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} tried port {} of {} {} times in {}, without an answer.",
            "src_endpoint.ip",
            joined("ports", 2),
            "dst_endpoint.ip",
            number(_tries),
            span("began", "ended"),
        )
