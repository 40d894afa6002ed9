"""What speaks for phishing in a mail besides its style: sender, links, attachments, page and words; for the feature set ``mail``."""

from __future__ import annotations

import polars as pl

from vedette.features import mail_links, mail_page, mail_sender, mail_words
from vedette.features.mail_text import folded
from vedette.intel.brands import brands

USES = tuple(dict.fromkeys((*mail_sender.USES, *mail_links.USES, *mail_page.USES)))
"""Columns of Email Activity that are read."""

TOGETHER = {
    "asks_and_leads_away": "it asks for an account or its secrets, and no link leads to the sender",
    "asks_and_hides": "it asks for an account or its secrets, and its links hide where they lead",
    "plays_and_leads_away": "it speaks for {from_brand}, and no link leads to the sender",
    "text_plays_brand": "the text speaks of {text_brand}; neither sender nor links are theirs",
    "asks_with_page": "it asks for an account or its secrets, and brings a web page along",
}
"""Facts that hold together."""

EVIDENCE = {**mail_sender.SENDER, **mail_links.LINKS, **mail_page.PAGE, **TOGETHER}
"""Fact -> what it says, with the names of other columns in braces."""

TOPICS = mail_words.TOPICS

_FACTS: dict[str, pl.DataType] = dict.fromkeys(TOGETHER, pl.Float32())
SCHEMA = pl.Schema(
    {
        **mail_sender.SCHEMA,
        **mail_links.SCHEMA,
        **mail_page.SCHEMA,
        **mail_words.SCHEMA,
        **_FACTS,
        "text_brand": pl.String(),
    }
)

_HEAD = 600
"""Characters of a body in which a brand is looked for: further down stand signatures and quotations."""


def evidence(mails: pl.DataFrame) -> pl.DataFrame:
    """Return (n,) rows of ``SCHEMA`` for mails with the columns ``USES``; a row depends on its mail alone."""
    sent = mail_sender.senders(mails)
    led = mail_links.links(mails, sent["from_domain"])
    text = (
        pl.DataFrame({"t": words_of(mails, mail_words.CHARS)}).select(mail_words.plain(folded(pl.col("t")))).to_series()
    )
    named = brands().named(words_of(mails, _HEAD), common=False).alias("text_brand")
    told = pl.concat([sent, led, mail_page.page(mails), mail_words.topics(text), named.to_frame()], how="horizontal")
    return told.with_columns(**_together()).select(pl.col(c).cast(t) for c, t in SCHEMA.items())


def words_of(mails: pl.DataFrame, chars: int) -> pl.Series:
    """Return (n,) String: subject and the beginning of the body."""
    body = pl.col("vedette.body_text").str.head(chars)
    return mails.select(pl.concat_str(pl.col("email.subject"), body, separator=" . ", ignore_nulls=True)).to_series()


def _together() -> dict[str, pl.Expr]:
    asks = pl.max_horizontal("asks_login", "asks_secret", "mailbox", "warns", "threatens") > 0
    away = pl.col("links_none_of_sender") > 0
    hides = (
        pl.max_horizontal(
            "link_is_tenant",
            "link_is_short",
            "link_is_address",
            "link_redirects",
            "link_shows_other",
            "link_holds_brand",
            "link_is_odd",
        )
        > 0
    )
    plays = pl.max_horizontal("from_shows_brand", "from_shows_us", "subject_shows_brand", "from_looks_like") > 0
    return {
        "asks_and_leads_away": (asks & away).cast(pl.Float32),
        "asks_and_hides": (asks & hides).cast(pl.Float32),
        "plays_and_leads_away": (plays & away).cast(pl.Float32),
        "text_plays_brand": (
            pl.col("text_brand").is_not_null()
            & (pl.col("links_none_of_sender") > 0)
            & ~pl.col("link_owners").fill_null("").str.split("|").list.contains(pl.col("text_brand"))
            & ~pl.col("from_owner").fill_null("").str.split("|").list.contains(pl.col("text_brand"))
        ).cast(pl.Float32),
        "asks_with_page": (asks & (pl.col("file_is_page") > 0)).cast(pl.Float32),
    }
