"""Somebody who looks round on a host he does not know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.discovery_acts import ACTS, DiscoveryActs
from vedette.features.statistic import negative_binomial
from vedette.model import Analytic, EntityKind, Severity

_USUAL, _BURSTS = 0.8, 1.0
"""Different questions in ten minutes of an account that asks any: one, rarely three."""
_PLAIN = 1
"""Strength of questions that everybody asks now and then."""
_DOMAIN = 2.0
"""Nats for each question that is not plain: who may administer the domain, which controllers are there."""


class DiscoveryBurst(LogOdds):
    """One account asks many different questions about a host and its network within ten minutes.

    What is normal: an administrator who looks for a fault asks two or three things (``ipconfig``, ``ping``, ``netstat``); agents ask the
    same few again and again. What is hostile: who has just come in asks who he is, which rights he has, which accounts, groups,
    controllers, shares, programs and defences there are.

    The statistic is the likelihood ratio of a negative binomial count of *different* questions against .8, plus two nats for each one that
    ordinary users do not ask (the administrators of the domain, its trusts, which defences run). Questions are the signs of discovery in
    ``features/command_look.py``; the same one twice counts once. ATT&CK TA0007.

    Known false positives:
        - inventory scripts and support tools that collect everything at once
        - an administrator who examines an unknown host
        - installers that check what they stand on

    Blind spots:
        - questions asked through the system's functions, without a command
        - less than three within ten minutes
        - several hosts asked one question each
    """

    name = "discovery_burst"
    title = "Burst of looking round"
    needs = DiscoveryActs
    analytic = Analytic.BEHAVIORAL
    techniques = tuple(dict.fromkeys(t for s in ACTS for t in s.techniques))
    severity = Severity.MEDIUM
    actor = Role(EntityKind.HOST, "host")
    targets = (Role(EntityKind.USER, "account"),)
    prior: ClassVar[float] = -7.0

    def terms(self) -> list[Term]:
        rare = pl.col("acts").list.eval(pl.element().is_in(_RARE).cast(pl.Int64)).list.sum()
        return [
            Term(
                negative_binomial(pl.col("questions").cast(pl.Float64), _USUAL, size=_BURSTS).clip(upper_bound=12.0),
                pl.format("{} different questions within ten minutes: {}", "questions", _named()),
                "acts",
            ),
            Term(
                rare.cast(pl.Float64) * _DOMAIN,
                pl.format("{} of them are such that ordinary users do not ask", rare),
                "acts",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} on {} asked {} different questions within ten minutes: {}; the first: {}",
            "account", "host", "questions", _named(), pl.col("lines").list.head(3).list.join(" | "),
        )  # fmt: skip

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return [_techniques(held or ()) or self.techniques[:1] for held in rows["acts"].to_list()]  # hits only: few


_RARE = [i for i, s in enumerate(ACTS) if s.strength > _PLAIN]
_SAID = {i: s.said.replace(" (Unix)", "") for i, s in enumerate(ACTS)}
_MOST_TECHNIQUES = 8


def _named() -> pl.Expr:
    words = pl.element().replace_strict(_SAID, default="?", return_dtype=pl.String)
    return pl.col("acts").list.head(6).list.eval(words).list.join(", ")


def _techniques(acts: Sequence[int | None]) -> tuple[str, ...]:
    found = sorted((ACTS[i] for i in acts if i is not None and i < len(ACTS)), key=lambda s: -s.strength)
    return tuple(dict.fromkeys(t for s in found for t in s.techniques))[:_MOST_TECHNIQUES]
