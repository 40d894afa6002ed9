"""Good-word padding of mails."""

from __future__ import annotations

from random import Random
from typing import ClassVar

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass

_SENTENCES = (
    "Thanks for the notes from yesterday, I will look at the draft tonight.",
    "The meeting has moved to Thursday at ten, same room as last week.",
    "Please find my comments on the second chapter, the rest looks fine to me.",
    "I tried the new version on my machine and the tests pass now.",
    "We should talk about the schedule for the release before the holidays.",
    "Could you send me the numbers for the last quarter when you have them?",
    "The train was late again, so I missed the beginning of the talk.",
    "I agree with what John wrote about the interface, it should stay simple.",
    "My daughter starts school in September, we are all a bit nervous.",
    "The patch fixes the memory leak that was reported on the list.",
    "Let me know if the contract needs another signature from our side.",
    "The weather was lovely, we walked along the river for hours.",
    "I attach the agenda, add whatever you think is missing.",
    "Has anybody seen the manual of the old printer?",
    "The customer is happy with the delivery and asks for a quote for next year.",
    "On the question of storage I would rather wait for the figures.",
)


class MailPadding(Evasion):
    """Ordinary sentences below the text, as much again as the text itself (Lowd, Meek, "Good word attacks", CEAS 2005)."""

    name = "mail_padding"
    kind = EventClass.EMAIL_ACTIVITY
    column = "vedette.body_text"
    detectors: ClassVar = ("spam", "phishing")

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        texts = [f"{text or ''}\n\n{_padding(len(text or ''), rng)}" for text in events[self.column]]
        return events.with_columns(pl.Series(self.column, texts, pl.String))


def _padding(size: int, rng: Random) -> str:
    """Return sentences of about ``size`` characters, at least five of them."""
    found: list[str] = []
    while sum(map(len, found)) < min(size, 20_000) or len(found) < _FEWEST:
        found.append(rng.choice(_SENTENCES))
    return " ".join(found)


_FEWEST = 5
