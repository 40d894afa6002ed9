"""Mail as rows: its words in one spelling, who says to have sent it, and what is odd about its make."""

from __future__ import annotations

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import EventClass
from vedette.features.mail_text import KEPT_CHARS, folded, masked

_BODY = pl.col("vedette.body_text").fill_null("").str.head(KEPT_CHARS)


class Mail(EventFeatures):
    """A row per message that has a subject or a body.

    ``subject_text`` and ``body_text`` are folded and masked (``features.mail_text``), so that only words remain.
    """

    name = "mail"
    needs = EventClass.EMAIL_ACTIVITY
    requires = ()
    uses = (
        "email.from",
        "email.from_mailbox",
        "email.return_path",
        "email.reply_to_list",
        "email.to",
        "email.subject",
        "email.message_uid",
        "email.size",
        "email.files.name",
        "email.files.mime_type",
        "email.urls.url_string",
        "email_auth.spf",
        "email_auth.dkim",
        "email_auth.dmarc",
        "vedette.body_text",
        "vedette.hidden_text",
        "vedette.link_text",
        "vedette.received",
    )
    keys = ("email.from", "email.subject")

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        text = pl.concat_str(pl.col("email.subject"), pl.col("vedette.body_text"), ignore_nulls=True)
        return events.filter(text.str.strip_chars() != "").select(
            "time",
            "metadata.log_name",
            "metadata.sequence",
            "email.from",
            "email.to",
            "email.subject",
            "email.message_uid",
            masked(folded(pl.col("email.subject").fill_null(""))).alias("subject_text"),
            masked(folded(_BODY)).alias("body_text"),
        )
