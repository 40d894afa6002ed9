"""Evidence in nats from first contacts: how many different ones failed, and how many were answered.

A scanner does not know what is there, so most of its first contacts fail; a user goes where somebody listens (Jung, Paxson, Berger,
Balakrishnan, "Fast portscan detection using sequential hypothesis testing", IEEE S&P 2004). Their threshold random walk takes contacts
as independent; failures of one host are not (an outage, a dead server in a list). So the rates are themselves random: beta-binomial
outcomes with the paper's means (0.2 and 0.8 fail), which grow with the logarithm of the count, and for the count itself a negative
binomial baseline.
"""

from __future__ import annotations

import math
from datetime import timedelta

import polars as pl

from vedette.features.statistic import negative_binomial
from vedette.model import Severity

NORMAL = (1.0, 4.0)
"""Beta prior (failed, answered) of a user's contacts: a fifth fails; now and then most do."""
HOSTILE = (8.0, 2.0)
"""The same of a scanner."""
SHARE = 0.25
"""Failures to expect beside each answered contact, at a busy client (mail exchange, crawler, resolver)."""
GROWTH = 0.25
"""Different failing contacts grow with this power of time: people and programs come back to the same few."""

_BASE = timedelta(minutes=10)


def outcomes(failed: pl.Expr, answered: pl.Expr) -> pl.Expr:
    """Evidence of the share that failed: the beta-binomial likelihood ratio of ``HOSTILE`` against ``NORMAL``."""
    return _log_beta_binomial(failed, answered, *HOSTILE) - _log_beta_binomial(failed, answered, *NORMAL)


def breadth(failed: pl.Expr, answered: pl.Expr, *, usual: float | pl.Expr, size: float = 1.0) -> pl.Expr:
    """Evidence that more different contacts failed than ``usual`` in ten minutes, grown to the row's ``window``, at such a busy client."""
    return negative_binomial(failed, expected(usual) + SHARE * answered, size=size)


def expected(usual: float | pl.Expr) -> pl.Expr:
    """Return ``usual``, the count in ten minutes, grown to the row's ``window``."""
    return usual * (pl.col("window") / _BASE).pow(GROWTH)


def severities(rows: pl.DataFrame, wide: pl.Series) -> list[Severity]:
    """How bad a scan is: from ``inside`` it means that a machine is not ours alone any more; from outside ``wide`` (Boolean) matters."""
    outside = [Severity.MEDIUM if w else Severity.LOW for w in wide]
    return [Severity.HIGH if i else s for i, s in zip(rows["inside"], outside, strict=True)]  # hits only: few


def attacks(rows: pl.DataFrame, inside: tuple[str, ...], outside: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The ATT&CK ids of a scan: discovery by somebody ``inside``, reconnaissance by somebody ``outside``."""
    return [inside if i else outside for i in rows["inside"]]  # hits only: few


def _log_beta_binomial(failed: pl.Expr, answered: pl.Expr, a: float, b: float) -> pl.Expr:
    """Logarithm of the chance of one order of outcomes whose rate is Beta(a, b)."""
    prior = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    return _log_gamma(failed + a) + _log_gamma(answered + b) - _log_gamma(failed + answered + (a + b)) - prior


def _log_gamma(x: pl.Expr) -> pl.Expr:
    """Stirling's series (DLMF 5.11.1) with two terms: right to 0.003 from 1 on."""
    return (x - 0.5) * x.log() - x + 0.5 * math.log(2 * math.pi) + 1 / (12 * x)
