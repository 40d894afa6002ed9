"""Names made by a program."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import polars as pl

from vedette.abc import Contribution, Learned, Role
from vedette.features.domain import Domain as DomainFeatures
from vedette.features.domain_evidence import evidence, version
from vedette.features.domain_told import told
from vedette.model import Analytic, EntityKind, Severity
from vedette.scoring.additive import Block

SHORTEST, LONGEST = 3, 63
"""Characters of a label that can be judged."""


class Domain(Learned):
    """A domain name that a program made up, as malware does to find its masters again.

    What is normal: names that people chose, so that other people can say and remember them: words, names, abbreviations. What is looked
    for: letters in an order that no language has, names in which no word is, digits among letters, syllables put together by rule.

    The model is a sum over runs of two to four letters, over the surprise of each letter after the three before it, over the share of the
    name that known words cover, over vowels and digits. It sees the label left of the public suffix and nothing else: neither the top-level
    domain nor the length by itself, nor what stands left of the registered name (content delivery and advertising number their hosts).
    It was trained on the names of 50 families (Plohmann et al., "A comprehensive measurement study of domain generating malware", USENIX
    Security 2016) and on names made for it; see the model card for families that it had not seen.

    Known false positives:
        - abbreviations, and names in languages written without vowels or in another script's transcription
        - names of advertising, adult and gambling networks, which are often made by a program too
        - random names that an honest service registered for itself
        - names that nobody vouches for: the rate of false alarms is set on curated names (1 in 1,000), and of names that resolvers are
          asked for it calls 5.1 % (OpenDNS) and 1.9 % (domain_stats), some of them rightly

    Blind spots:
        - families that put words together (nymaim2, ngioweb, gozi), and benign names with a letter changed (charbot)
        - labels of one or two characters, internationalised names: insufficient data
        - names below hosting providers (github.io), except dynamic DNS

    One name is weak evidence: an infected host asks for many. See ``generated_domains``.
    """

    name = "domain"
    title = "Generated domain name"
    needs = DomainFeatures
    analytic = Analytic.LEARNING
    techniques = ("T1568.002",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.DOMAIN, "registered"),)
    familiar: ClassVar[str] = "runs2"

    @classmethod
    def encode(cls, rows: pl.DataFrame) -> list[Block]:
        return evidence(rows["label"]).blocks

    @classmethod
    def encoder_version(cls) -> str:
        return version()

    @classmethod
    def unsuited(cls, rows: pl.DataFrame) -> pl.Series:
        label = pl.col("label")
        size = label.str.len_bytes()
        why = (
            pl.when(label.is_null())
            .then(pl.lit("nobody registered it: an address, a local name or a reverse look-up"))
            .when(label.str.starts_with("xn--"))
            .then(pl.lit("an internationalised name: the model knows Latin letters only"))
            .when(size < SHORTEST)
            .then(pl.lit("too short to tell"))
            .when(size > LONGEST)
            .then(pl.lit("longer than a label can be"))
        )
        return rows.select(why.cast(pl.String).alias("unsuited")).to_series()

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge every label once: a company asks for the same few thousand names all day."""
        labels = rows["label"].unique(maintain_order=True)
        distinct = super().judge(labels.to_frame())
        at = rows.select("label").join(
            labels.to_frame().with_row_index("_at"), on="label", how="left", nulls_equal=True, maintain_order="left"
        )
        return distinct[at["_at"]]

    def margins(self, rows: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return self.model.form.margin(self.encode(rows))

    def contributions(self, rows: pl.DataFrame) -> list[list[Contribution]]:
        return told(self.model.form, rows["label"])

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        name = pl.coalesce("registered", "name")
        text = pl.coalesce(
            pl.format("{} asked for {}, which looks like a name that a program made up.", "src_endpoint.ip", name),
            pl.format("{} looks like a name that a program made up.", name),
        )
        return rows.select(text.alias("s"))["s"].to_list()
