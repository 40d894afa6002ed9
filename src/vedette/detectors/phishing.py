"""Mail that plays somebody to steal."""

from __future__ import annotations

import polars as pl

from vedette.abc import Contribution, Learned, Role
from vedette.features.mail import Mail
from vedette.features.mail_evidence import EVIDENCE, TOPICS
from vedette.features.mail_pieces import pair_block, texts, word_block
from vedette.features.mail_telling import joined, told_facts, told_words
from vedette.model import Analytic, EntityKind, Severity
from vedette.scoring.additive import Block, facts
from vedette.scoring.ngrams import Corpus

SUBJECT_BITS, BODY_BITS, PAIR_BITS = 15, 17, 18

_ROUTE = ("chain_breaks",)
"""How servers hand over tells the receiver's kind of server (and so the collection) more than the sender: not evidence of phishing."""

SYMBOLS = {
    **{name: said for name, said in EVIDENCE.items() if name not in _ROUTE},
    **{topic: f"the text {said}" for topic, said in TOPICS.items()},
}
"""Symbol -> what it says, in the order of their slots."""


class Phishing(Learned):
    """Mail that plays somebody else to get a password, money or a click: a brand, a bank, the reader's own help desk, a boss.

    What is normal: a sender who writes in its own name from its own domain, with links to its own pages or to a known sender for hire. What
    is hostile: a borrowed name, an address that does not fit it, links that hide or lead elsewhere, attachments that run, and a text that
    asks for secrets or money.

    The statistic is a sum of evidence in nats (logistic regression; for phishing: Fette, Sadeh, Tomasic, "Learning to detect phishing
    emails", WWW 2007): symbols about sender, links, attachments, page and topics of the text in twelve languages, which can only raise the
    score, and the words of subject and text and pairs of them, weighed by the length of the text. Symbols and words together are the
    whole score.

    No public collection labels modern honest mail. The model learned from public spam and honest mail of 1999 to 2007, and from mails that
    we made, in which companies and impostors send the same sentences.

    Known false positives:
        - ordinary spam: the model learned that it is unwanted, not that it is no phishing
        - newsletters sent through a domain that has nothing to do with the sender's
        - notices of a service that writes in the name of a customer
        - exercises against phishing

    Blind spots:
        - an account that was taken over and writes in its own name to those who know it
        - a clean domain bought for the purpose, with checks that pass and words that any company writes
        - text in pictures and in attachments; QR codes
        - ordinary sentences added to the text: they lower the score (the model card has the figure); the symbols stay
        - names that are not protected: add yours in vedette.toml ([brands] protected)
        - a mail without headers is judged by text and links alone
    """

    name = "phishing"
    title = "Phishing mail"
    needs = Mail
    analytic = Analytic.LEARNING
    techniques = ("T1566",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.EMAIL, "email.from")
    targets = (Role(EntityKind.EMAIL, "email.to"),)

    @classmethod
    def encode(cls, rows: pl.DataFrame) -> list[Block]:
        return _blocks(rows, texts(rows["subject_text"]), texts(rows["body_text"]))

    @classmethod
    def unsuited(cls, rows: pl.DataFrame) -> pl.Series:
        words = pl.sum_horizontal(pl.col("subject_text", "body_text").str.count_matches(r"\S+"))
        nothing = (words < _FEWEST) & (pl.col("link_count") == 0) & pl.col("file").is_null()
        return rows.select(pl.when(nothing).then(pl.lit("it has no text, link or attachment to judge")).alias("u"))["u"]

    def contributions(self, rows: pl.DataFrame) -> list[list[Contribution]]:
        heads, bodies = texts(rows["subject_text"]), texts(rows["body_text"])
        symbols, subject, body, pairs = _blocks(rows, heads, bodies)
        nats = self.model.form.nats
        return joined(
            [
                told_facts(symbols, nats(symbols), SYMBOLS, rows),
                told_words(subject, nats(subject), heads, "subject", "subject_text"),
                told_words(body, nats(body), bodies, "text", "body_text"),
                told_words(pairs, nats(pairs), bodies, "text", "body_text", "pairs of words"),
            ]
        )

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        # hits only: few
        return [_sentence(row, why) for row, why in zip(rows.iter_rows(named=True), self._heaviest(rows), strict=True)]

    def titles(self, rows: pl.DataFrame) -> list[str]:
        brand = pl.coalesce("from_brand", "link_brand", "text_brand")
        plays = pl.max_horizontal(_PLAYS) > 0
        named = pl.when(plays & brand.is_not_null()).then(pl.format("Phishing in the name of {}", brand.str.head(24)))
        return rows.select(t=named.otherwise(pl.lit(self.title)))["t"].to_list()

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        """By attachment (T1566.001), by link (T1566.002), or by asking for an answer (T1566)."""
        risky = rows.select(r=pl.max_horizontal(_FILES) > 0)["r"]
        return [
            tuple(t for t, holds in (("T1566.001", file), ("T1566.002", links)) if holds) or self.techniques
            for file, links in zip(risky, rows["link_count"] > 0, strict=True)
        ]

    def _heaviest(self, rows: pl.DataFrame) -> list[str]:
        """Return, per row, what its heaviest symbols say."""
        symbols = _symbols(rows)
        told = told_facts(symbols, self.model.form.nats(symbols), SYMBOLS, rows)
        return ["; ".join(c.text for c in sorted(t, key=lambda c: -c.nats)[:_SAID]) for t in told]


def _blocks(rows: pl.DataFrame, heads: Corpus, bodies: Corpus) -> list[Block]:
    return [
        _symbols(rows),
        word_block("subject", heads, SUBJECT_BITS),
        word_block("body", bodies, BODY_BITS),
        pair_block("pairs", bodies, PAIR_BITS),
    ]


def _symbols(rows: pl.DataFrame) -> Block:
    return facts("symbols", {name: rows[name].to_numpy() for name in SYMBOLS})


_FEWEST = 3
_SAID = 2
_PLAYS = (
    "from_shows_brand",
    "from_looks_like",
    "from_holds_brand",
    "subject_shows_brand",
    "text_plays_brand",
    "link_shows_brand",
    "link_holds_brand",
    "link_looks_like",
)
_FILES = ("file_runs", "file_is_page", "file_is_disk", "file_has_macros", "file_is_doubled")


def _sentence(row: dict[str, object], why: str) -> str:
    sender = str(row["email.from"] or "an unnamed sender")[:80]
    subject = f"“{str(row['email.subject'])[:80]}”" if row["email.subject"] else "without a subject"
    ending = f": {why}." if why else " by its words."
    return f"Mail from {sender}, {subject}, looks like phishing{ending}"
