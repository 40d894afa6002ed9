"""Mail that is blended with other people's ordinary mail."""

from __future__ import annotations

from random import Random
from typing import ClassVar

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass

_SENTENCES = (
    "Sorry for the silence, I was away until Monday and am catching up now.",
    "Both branches build again, the failure came from an outdated header.",
    "Would Friday afternoon suit you, or shall I ask the others first?",
    "The minutes of the board are on the shared drive, in the folder for May.",
    "She said the kitchen will be ready before the guests arrive.",
    "I have no strong opinion, either of the two layouts works for us.",
    "Our figures differ by a few percent because the plant stood still in March.",
    "Does that option still exist, or was it dropped with the last change?",
    "Bring a jacket, it gets cold on the boat in the evening.",
    "I have read half of the book by now and like it more than the film.",
    "The auditors want the receipts of the trip, could you scan yours?",
    "Moving the check into the loop made it slower, so I took it out again.",
)
"""What stands in where no ordinary mail is at hand."""
_FEWEST, _MOST, _DRAWS = 350, 20_000, 60
"""Characters that are added at the least and at the most; how many mails are drawn for them at the most."""


class MailBlending(Evasion):
    """A passage of ordinary mail below the text, as long as the text itself: of the collection's own benign mail, where there is some.

    It is good-word padding (Lowd, Meek, CEAS 2005) with words that the receiver's other mail does hold. A recipe that trains on it borrows
    from its training collections; a protocol borrows from the benign mails of the test, which no training has seen.
    """

    name = "mail_blending"
    kind = EventClass.EMAIL_ACTIVITY
    column = "vedette.body_text"
    detectors: ClassVar = ("spam", "phishing")
    borrows = True

    def __init__(self, ordinary: pl.DataFrame | None = None) -> None:
        found = [] if ordinary is None else ordinary[self.column].drop_nulls().to_list()
        self._passages = [t for t in found if t.strip()] or list(_SENTENCES)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        texts = [f"{text or ''}\n\n{self._passage(len(text or ''), rng)}" for text in events[self.column]]
        return events.with_columns(pl.Series(self.column, texts, pl.String))

    def _passage(self, size: int, rng: Random) -> str:
        """Return ordinary text of about ``size`` characters, from as many mails as it takes; each gives a piece from a random place on."""
        wanted, found = max(_FEWEST, min(size, _MOST)), ""
        for _ in range(_DRAWS):
            if len(found) >= wanted:
                break
            text, lacking = rng.choice(self._passages), wanted - len(found)
            at = rng.randrange(len(text) - lacking) if len(text) > lacking else 0
            begin = text.find(" ", at) + 1 if at else 0
            found += f"{text[begin : begin + lacking]} "
        return found
