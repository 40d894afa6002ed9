"""Mails that are a picture."""

from __future__ import annotations

from random import Random
from typing import ClassVar

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass

_SUBJECTS = ("Hello", "Your message", "Information", "Re: your request", "News", "For you")
_HTML = 400


class MailPicture(Evasion):
    """All words drawn in one picture that is a link: no text is left but a harmless subject."""

    name = "mail_picture"
    kind = EventClass.EMAIL_ACTIVITY
    column = "vedette.body_text"
    detectors: ClassVar = ("spam", "phishing")

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        subjects = [rng.choice(_SUBJECTS) for _ in range(events.height)]
        linked = pl.col("email.urls.url_string").list.len().fill_null(0) > 0
        changed: dict[str, pl.Expr] = {
            self.column: pl.lit(""),
            "email.subject": pl.lit(pl.Series(subjects, dtype=pl.String)),
            "vedette.link_text": pl.col("vedette.link_text").list.eval(pl.element().fill_null("").str.head(0)),
            "vedette.linked_images": linked.cast(pl.Int32),
            "vedette.remote_images": pl.lit(1, pl.Int32),
            "vedette.html_size": pl.lit(_HTML, pl.Int64),
            "vedette.hidden_text": pl.lit(None, pl.String),
            "vedette.plain_text": pl.lit(None, pl.String),
        }
        return events.with_columns(e.alias(c) for c, e in changed.items() if c in events.columns)
