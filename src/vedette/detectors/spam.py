"""Mail that nobody asked for."""

from __future__ import annotations

import polars as pl

from vedette.abc import Contribution, Learned, Role
from vedette.features.mail import Mail
from vedette.features.mail_evidence import EVIDENCE
from vedette.features.mail_make import MAKE
from vedette.features.mail_pieces import pair_block, texts, word_block
from vedette.features.mail_telling import joined, told_facts, told_words
from vedette.model import Analytic, EntityKind, Severity
from vedette.scoring.additive import Block, facts
from vedette.scoring.ngrams import Corpus

SUBJECT_BITS, BODY_BITS, PAIR_BITS = 16, 18, 19

_BORROWED = (
    "from_shows_address",
    "from_shows_brand",
    "from_mixes_scripts",
    "from_is_coded",
    "from_is_free",
    "from_is_none",
    "reply_to_free",
    "spf_fails",
    "dkim_fails",
    "dmarc_fails",
    "subject_shows_brand",
    "subject_is_split",
    "link_shows_other",
    "link_is_address",
    "link_is_coded",
    "link_is_short",
    "link_is_deep",
    "link_has_user",
    "link_has_port",
    "link_is_opaque",
    "file_runs",
    "file_is_disk",
    "file_has_macros",
    "file_is_doubled",
    "file_is_packed",
    "file_lies",
    "page_has_form",
    "page_asks_password",
    "page_hides_text",
    "page_is_picture",
    "text_is_split",
    "text_mixes_scripts",
    "asks_and_hides",
)
SYMBOLS = MAKE | {name: EVIDENCE[name] for name in _BORROWED}
"""Symbol -> what it says, in the order of their slots."""


class Spam(Learned):
    """Mail that nobody asked for: advertising, fraud and lures sent to very many.

    What is normal: mail between people, mailing lists, notices and newsletters that somebody wanted. What is hostile: the words and
    phrases of offers sent to everybody, and mail made or delivered as no ordinary program and no ordinary server does it.

    The statistic is a sum of evidence in nats (logistic regression; for spam: Goodman, Yih, "Online discriminative spam filter training",
    CEAS 2006): the distinct words of subject and body and pairs of them, weighed by the length of the text, and a list of symbols (about
    the route, the headers' meaning, the text, links, attachments and the page) that can only raise the score. Symbols and words together
    are the whole score, so it can be checked by hand.

    Known false positives:
        - newsletters and advertising that the recipient did ask for
        - bounces and quarantine notices that quote spam
        - mail about spam, medicine, loans or gambling

    Blind spots:
        - languages other than English: the model learned from English mail; what holds too few known words is "insufficient data"
        - mail of today: the mail it learned from is of 1999 to 2007, and modern marketing looks otherwise
        - text in pictures and attachments
        - spam about a site's own business; a calibration on the site's own mail helps (vedette calibrate)
        - a short mail of ordinary words with one link
    """

    name = "spam"
    title = "Spam mail"
    needs = Mail
    analytic = Analytic.LEARNING
    techniques = ()
    severity = Severity.LOW
    actor = Role(EntityKind.EMAIL, "email.from")
    targets = (Role(EntityKind.EMAIL, "email.to"),)
    familiar = "body"

    @classmethod
    def encode(cls, rows: pl.DataFrame) -> list[Block]:
        return _blocks(rows, texts(rows["subject_text"]), texts(rows["body_text"]))

    @classmethod
    def unsuited(cls, rows: pl.DataFrame) -> pl.Series:
        return rows.select(
            pl.when(pl.col("foreign_share") > _FOREIGN)
            .then(pl.lit("it is written in letters that the model does not know"))
            .when(pl.col("foreign_share").is_null())
            .then(pl.lit("it has no text to judge"))
            .alias("unsuited")
        ).to_series()

    def contributions(self, rows: pl.DataFrame) -> list[list[Contribution]]:
        heads, bodies = texts(rows["subject_text"]), texts(rows["body_text"])
        subject, body, pairs, symbols = _blocks(rows, heads, bodies)
        nats = self.model.form.nats
        return joined(
            [
                told_words(subject, nats(subject), heads, "subject", "subject_text"),
                told_words(body, nats(body), bodies, "text", "body_text"),
                told_words(pairs, nats(pairs), bodies, "text", "body_text", "pairs of words"),
                told_facts(symbols, nats(symbols), SYMBOLS, rows),
            ]
        )

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        sender = pl.col("email.from").fill_null("an unnamed sender")
        named = pl.format("“{}”", pl.col("email.subject").str.head(_SUBJECT))
        told = pl.format("Mail from {}, {}, reads or is made like spam.", sender, named.fill_null("without a subject"))
        return rows.select(told=told)["told"].to_list()


_FOREIGN = 0.5
_SUBJECT = 80


def _blocks(rows: pl.DataFrame, heads: Corpus, bodies: Corpus) -> list[Block]:
    return [
        word_block("subject", heads, SUBJECT_BITS),
        word_block("body", bodies, BODY_BITS),
        pair_block("pairs", bodies, PAIR_BITS),
        facts("symbols", {name: rows[name].to_numpy() for name in SYMBOLS}),
    ]
