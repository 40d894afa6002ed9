"""A domain of one's own for a mail."""

from __future__ import annotations

from random import Random
from typing import ClassVar

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass

_WORDS = (
    *("harbor", "maple", "north", "river", "stone", "bright", "field", "cedar", "lake"),
    *("copper", "amber", "grand", "orchard", "summit", "valley", "coast", "meadow", "anchor"),
)
_PATHS = ("a", "page", "view", "de/start", "m", "info", "t/1", "read")


class MailCleanSender(Evasion):
    """A domain that was bought for it: every check passes, sender, answers and links are all on it. The display name stays."""

    name = "mail_clean_sender"
    kind = EventClass.EMAIL_ACTIVITY
    column = "email.from"
    detectors: ClassVar = ("spam", "phishing")

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        domains = pl.Series([f"{rng.choice(_WORDS)}{rng.choice(_WORDS)}.com" for _ in range(events.height)])
        address = pl.format("info@{}", domains)
        shown = pl.col("email.from_mailbox").str.extract(r"^(.*)<[^<>]*>\s*$").str.strip_chars(" ")
        url = pl.format("https://www.{}/{}", domains, pl.lit(rng.choice(_PATHS)))
        links = pl.col("email.urls.url_string")
        changed = {
            "email.from": address,
            "email.from_mailbox": pl.when(shown.str.len_chars() > 0)
            .then(pl.format("{} <{}>", shown, address))
            .otherwise(address),
            "email.sender": pl.lit(None, pl.String),
            "email.return_path": address,
            "email.reply_to_list": pl.lit(None, pl.List(pl.String)),
            "email_auth.spf": pl.lit("pass"),
            "email_auth.dkim": pl.lit("pass"),
            "email_auth.dmarc": pl.lit("pass"),
            "email.urls.url_string": pl.when(links.list.len() > 0).then(url.repeat_by(links.list.len())),
        }
        return events.with_columns(e.alias(c) for c, e in changed.items() if c in events.columns)
