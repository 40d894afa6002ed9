"""Mail as rows: its words in one spelling, who says to have sent it, where it leads, and what is odd about its make."""

from __future__ import annotations

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features import mail_evidence, mail_make
from vedette.features.mail_text import KEPT_CHARS, bare, folded, masked

_TAKEN = (
    "time",
    "metadata.log_name",
    "metadata.sequence",
    "email.from",
    "email.from_mailbox",
    "email.to",
    "email.subject",
    "email.message_uid",
)
_TEXTS = {
    "subject_text": masked(folded(bare(pl.col("email.subject").fill_null("")))),
    "body_text": masked(folded(pl.col("vedette.body_text").fill_null("").str.head(KEPT_CHARS))),
}
_LETTERS = pl.concat_str("email.subject", pl.col("vedette.body_text").str.head(2_000), separator=" ", ignore_nulls=True)
_KIND = SCHEMAS[EventClass.EMAIL_ACTIVITY]


class Mail(EventFeatures):
    """A row per message that has a subject or a body.

    ``subject_text`` and ``body_text`` are folded and masked (``features.mail_text``), so that only words remain; ``foreign_share`` is the
    share of letters that are not Latin. Beside them stand the facts of ``mail_make`` (make and route) and of ``mail_evidence`` (sender,
    links, page, words).
    """

    name = "mail"
    needs = EventClass.EMAIL_ACTIVITY
    requires = ()
    uses = tuple(dict.fromkeys((*_TAKEN[3:], "vedette.body_text", *mail_make.USES, *mail_evidence.USES)))
    keys = ("email.from", "email.subject")

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return events.filter(_LETTERS.str.contains(r"\S")).map_batches(_rows, schema=_SCHEMA)


_SCHEMA = pl.Schema(
    {
        **{c: _KIND[c] for c in _TAKEN},
        **dict.fromkeys(_TEXTS, pl.String),
        "foreign_share": pl.Float64,
        **mail_make.SCHEMA,
        **mail_evidence.SCHEMA,
    }
)


def _rows(mails: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of messages: column work, a batch at a time."""
    texts = (
        mails.lazy()
        .select(*_TAKEN, **_TEXTS, foreign_share=_LETTERS.map_batches(_foreign, return_dtype=pl.Float64))
        .collect()
    )
    parts = [texts, mail_make.makes(mails), mail_evidence.evidence(mails)]
    return pl.concat(parts, how="horizontal").select(pl.col(c).cast(t) for c, t in _SCHEMA.items())


def _foreign(texts: pl.Series) -> pl.Series:
    """Return the share of letters that are not Latin; null where there are no letters."""
    odd = texts.str.len_bytes() != texts.str.len_chars()
    some = texts.filter(odd)
    counted = pl.DataFrame({"all": some.str.count_matches(r"\p{L}"), "latin": some.str.count_matches(r"\p{Latin}")})
    share = counted.select(pl.when(pl.col("all") > 0).then(1 - pl.col("latin") / pl.col("all"))).to_series()
    plain = pl.select(pl.when(texts.str.contains("[a-zA-Z]")).then(0.0)).to_series()
    return plain.scatter(odd.arg_true(), share) if len(some) else plain
