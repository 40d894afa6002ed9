"""Evidence in nats: log-likelihood ratios that detectors add up (see ``abc.LogOdds``).

* Sequential hypothesis testing of outcomes: Jung, Paxson, Berger, Balakrishnan, "Fast portscan detection using sequential hypothesis
  testing", IEEE S&P 2004.
* Rates: the generalised likelihood ratio of a Poisson count against an expected count (Kulldorff, "A spatial scan statistic", 1997).
* Over-dispersed rates: negative binomial, for traffic that comes in bursts (Paxson and Floyd, "Wide-area traffic: the failure of Poisson
  modeling", 1995).
* Spread: Shannon entropy, as in Lakhina, Crovella, Diot, "Mining anomalies using traffic feature distributions", SIGCOMM 2005.
"""

from __future__ import annotations

import math

import polars as pl


def bernoulli(hits: pl.Expr, misses: pl.Expr, *, normal: float, hostile: float) -> pl.Expr:
    """Evidence of independent outcomes.

    Args:
        hits: how often it happened.
        misses: how often it did not.
        normal: the chance of a hit for normal traffic, in (0, 1).
        hostile: the same for what is looked for.
    """
    return hits * math.log(hostile / normal) + misses * math.log((1 - hostile) / (1 - normal))


def poisson(count: pl.Expr, expected: pl.Expr | float) -> pl.Expr:
    """Evidence that a count is above the expected one; 0 where it is not. ``expected`` > 0."""
    mu = expected if isinstance(expected, pl.Expr) else pl.lit(float(expected))
    return pl.when(count > mu).then(count * (count / mu).log() - (count - mu)).otherwise(0.0)


def negative_binomial(count: pl.Expr, expected: pl.Expr | float, *, size: float) -> pl.Expr:
    """Evidence that a bursty count (variance = mean + mean^2 / size) is above the expected one; 0 where it is not."""
    mu = expected if isinstance(expected, pl.Expr) else pl.lit(float(expected))
    ratio = count * (count / mu).log() - (count + size) * ((count + size) / (mu + size)).log()
    return pl.when(count > mu).then(ratio).otherwise(0.0)


def entropy(counts: pl.Expr) -> pl.Expr:
    """Shannon entropy of a column of counts, in nats (an aggregation)."""
    share = counts / counts.sum()
    return -(share * share.log()).fill_nan(0.0).sum()
