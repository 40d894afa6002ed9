"""Clients that ask for names made by a program."""

from __future__ import annotations

import math
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.abc import BENIGN, MALICIOUS, UNKNOWN, Contribution, Learned, Role, waterfall
from vedette.features.domain_client import FEW, DomainClient
from vedette.features.domain_evidence import evidence, version
from vedette.features.statistic import bernoulli, negative_binomial
from vedette.model import Analytic, EntityKind, Reason, Severity
from vedette.scoring.additive import Block

Floats = npt.NDArray[np.float64]

PRIOR = -9.2
"""Log-odds that a client and window are infected, before any evidence: one in ten thousand."""
LEVELS = (0.001, 0.01, 0.05)
"""p-values of a name that cut it into four grades, the most like a generated one first."""
GENERATED = np.array([0.55, 0.22, 0.10, 0.13])
"""Share of the grades among names of families that training had not seen."""
ORDINARY = {"missing": np.array([0.015, 0.035, 0.08, 0.87]), "other": np.array([0.03, 0.05, 0.09, 0.83])}
"""The same among what healthy clients ask for: worse than calibration, since advertising and slips of the finger are part of it."""
SHARES = np.array([0.05, 0.1, 0.2, 0.4, 0.7, 1.0])
"""Shares of generated names that are tried for the likeliest."""
REMEMBERED = 100_000
"""Names whose grade is remembered."""
LIMIT = {"missing": 25.0, "other": 11.0}
"""Nats that the names of a kind may count for."""


class GeneratedDomains(Learned):
    """A client asks for many names that a program made up, most of which do not exist: malware looks for its masters.

    What is normal: names that people chose, nearly all of which exist; now and then a slip, a dead link, a machine-made name of an
    advertiser. Storms of missing names below one domain (search suffixes, block lists, anti-virus look-ups) count once, and the random
    single words by which browsers test a network do not count.

    The statistic: a bounded fair sample of the client's missing and of its other registered names is judged by the model ``domain``. The
    p-values give a likelihood ratio of "a share of these is generated" against the ordinary mix, the share being the likeliest of six
    (a generalised likelihood ratio, less what the choice is worth). Added to it are the number of missing names beyond the usual and
    their share of all names (Antonakakis et al., "From throw-away traffic to bots", USENIX Security 2012). Windows are ten minutes, an hour
    and a day.

    Known false positives:
        - a mail server or a proxy that looks up what others send it: the names are those of its clients
        - security tests, crawlers of dead links, resolvers whose clients are hidden behind them
        - names of advertising networks that change every day and are blocked by a filter that answers NXDOMAIN

    Blind spots:
        - generators whose names are words, as long as they ask for few
        - a client that asks for one or two names an hour, or over HTTPS
        - captures without answers: only the letters of the names are left
    """

    name = "generated_domains"
    model_name: ClassVar[str] = "domain"
    title = "Client asks generated names"
    needs = DomainClient
    analytic = Analytic.LEARNING
    techniques = ("T1568.002",)
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.DOMAIN, "missing", ends=True),)

    @classmethod
    def encode(cls, rows: pl.DataFrame) -> list[Block]:
        """Return the evidence of all sampled names of each row."""
        names, owner = _names(rows, "missing", "other")
        starts = np.searchsorted(owner, np.arange(rows.height + 1))
        return [Block(b.name, b.slots, b.starts[starts], b.slot) for b in evidence(_labels(names)).blocks]

    @classmethod
    def encoder_version(cls) -> str:
        return version()

    @classmethod
    def unsuited(cls, rows: pl.DataFrame) -> pl.Series:
        count = pl.col("missing").list.len().fill_null(0) + pl.col("other").list.len().fill_null(0)
        few = pl.when(count < FEW).then(pl.lit("too few names to tell")).otherwise(pl.lit(None, pl.String))
        return rows.select(few.alias("unsuited")).to_series()

    def margins(self, rows: pl.DataFrame) -> Floats:
        return PRIOR + sum((nats for nats, _ in self._terms(rows, told=False)), np.zeros(rows.height))

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return what the windows are worth; the p-value is Markov's bound of a likelihood ratio: at most ``exp(-evidence)``."""
        margins = self.margins(rows)
        score = 1 / (1 + np.exp(-np.clip(margins, -700.0, 700.0)))
        strange = self.unsuited(rows)
        verdict = (
            pl.when(strange.is_not_null())
            .then(pl.lit(UNKNOWN))
            .when(pl.Series(margins >= 0))
            .then(pl.lit(MALICIOUS))
            .otherwise(pl.lit(BENIGN))
        )
        columns = {
            "margin": margins,
            "score": score,
            "p_value": np.exp(-np.clip(margins - PRIOR, 0.0, 700.0)),
            "confidence": score,
        }
        return pl.DataFrame({**columns, "verdict": pl.select(verdict).to_series(), "unsuited": strange})

    def contributions(self, rows: pl.DataFrame) -> list[list[Contribution]]:
        attributes = ("missing", "other", "missing_count", "missing_count")
        terms = self._terms(rows)
        return [
            [Contribution(texts[k], float(nats[k]), a) for (nats, texts), a in zip(terms, attributes, strict=True)]
            for k in range(rows.height)  # hits only: few
        ]

    def reasons(self, rows: pl.DataFrame) -> list[tuple[Reason, ...]]:
        return [waterfall(PRIOR, parts) for parts in self.contributions(rows)]

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        grades = {kind: self._grades(rows, kind) for kind in ORDINARY}
        out = []
        for k, row in enumerate(rows.iter_rows(named=True)):  # hits only: few
            strange = [n for kind in ORDINARY for n, g in grades[kind][k] if g < 2]  # noqa: PLR2004 - p at most .01
            named = f" Generated by the look of them: {', '.join(strange[:3])} ..." if strange else ""
            out.append(
                f"{row['src_endpoint.ip']} asked for {row['missing_count'] or 0:,.0f} names that do not exist and "
                f"{row['other_count'] or 0:,.0f} others.{named}"
            )
        return out

    def _terms(self, rows: pl.DataFrame, *, told: bool = True) -> list[tuple[Floats, list[str]]]:
        """Return nats and, where they are to be told, words of: the missing names, the others, how many are missing, which share is."""
        found = [self._letters(rows, kind, told=told) for kind in ORDINARY]
        missing = pl.col("missing_count").fill_nan(0.0).fill_null(0.0).clip(0.0, 1e9)
        whole = missing + pl.col("other_count").fill_nan(0.0).fill_null(0.0).clip(0.0, 1e9)
        scale = (64 / whole.clip(lower_bound=64.0)).clip(upper_bound=1.0)  # no more evidence than 64 names give
        many = negative_binomial(missing, pl.col("expected").fill_null(25.0), size=0.7).clip(0.0, 7.0)
        share = bernoulli(missing * scale, (whole - missing) * scale, normal=0.06, hostile=0.6).clip(-3.0, 5.0)
        heard = pl.col("answered").fill_null(0) > 0
        both = rows.select(
            many=many.fill_nan(0.0).fill_null(0.0),
            share=pl.when(heard).then(share.fill_nan(0.0)).otherwise(0.0).fill_null(0.0),
            missing=missing.round(0).cast(pl.Int64),
            whole=whole.round(0).cast(pl.Int64),
        )
        counts = both.select("missing", "whole").rows() if told else []
        found.append((both["many"].to_numpy(), [f"{n:,} registered names that do not exist" for n, _ in counts]))
        found.append((both["share"].to_numpy(), [f"{n:,} of {w:,} names do not exist" for n, w in counts]))
        return found

    def _letters(self, rows: pl.DataFrame, kind: str, *, told: bool) -> tuple[Floats, list[str]]:
        """Return the likelihood ratio of the sampled names of a kind, and how many of them look generated."""
        names, owner = _names(rows, kind)
        grade = self._grade(names)
        counts = np.zeros((rows.height, len(LEVELS) + 1))
        np.add.at(counts, (owner, grade), 1.0)
        ratio = GENERATED / ORDINARY[kind]
        tried = counts @ np.log(1 - SHARES[:, None] + SHARES[:, None] * ratio).T - math.log(len(SHARES))
        nats = np.clip(tried.max(axis=1), 0.0, LIMIT[kind]) if rows.height else np.zeros(0)
        words = "missing" if kind == "missing" else "other"
        texts = [
            f"{c[:2].sum():.0f} of {c.sum():.0f} sampled {words} names look generated (as 1 in 100 ordinary names do)"
            for c in (counts if told else ())
        ]
        return nats, texts

    def _grade(self, names: pl.Series) -> npt.NDArray[np.int64]:
        """Return (n,) the grade of each name; the same name is judged once, also where it comes again in a wider window."""
        known, every = self._graded, names.to_list()
        if len(known) > REMEMBERED:
            known.clear()
        new = pl.Series([n for n in dict.fromkeys(every) if n not in known], dtype=pl.String)
        if len(new):
            p = self.model.calibration.p_values(self.model.form.margin(evidence(_labels(new)).blocks))
            known.update(zip(new.to_list(), np.searchsorted(LEVELS, p, side="left").tolist(), strict=True))
        return np.array([known[n] for n in every], dtype=np.int64)  # a look in a table each

    @cached_property
    def _graded(self) -> dict[str, int]:
        """Grades of names that were judged: for speed alone."""
        return {}

    def _grades(self, rows: pl.DataFrame, kind: str) -> list[list[tuple[str, int]]]:
        names, owner = _names(rows, kind)
        found: list[list[tuple[str, int]]] = [[] for _ in range(rows.height)]
        for name, k, grade in zip(
            names.to_list(), owner.tolist(), self._grade(names).tolist(), strict=True
        ):  # hits only
            found[k].append((name, grade))
        return found


def _names(rows: pl.DataFrame, *kinds: str) -> tuple[pl.Series, npt.NDArray[np.int64]]:
    """Return the sampled names of all rows, and (n,) int64 the row of each, ascending."""
    lists = pl.concat_list([pl.col(k).fill_null(pl.lit([], pl.List(pl.String))) for k in kinds])
    held = rows.select(names=lists).with_row_index("row").explode("names", empty_as_null=False).drop_nulls("names")
    return held["names"], held["row"].to_numpy().astype(np.int64)


def _labels(names: pl.Series) -> pl.Series:
    """Return what stands left of the suffix of registered names."""
    return names.str.split(".").list.first()
