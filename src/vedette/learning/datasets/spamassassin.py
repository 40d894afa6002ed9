"""Ham and spam of 2001-2002: the public corpus of the SpamAssassin project."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.mail_items import files, mails, masking, without_stamps

_masked = masking(("netnoteinc.com", "slashnull.org", "taint.org", "jmason.org", "example.com"))
_REDACTED = re.compile(rb"\b(?:zzzz|yyyy)\b")
"""What stands for a reader's name."""


class SpamAssassin(Dataset):
    """Mail of a few people and of mailing lists they read, 2001-06 to 2002-12, with all headers.

    ``@part`` is the folder: hard-ham-1 is wanted mail that looks like spam (newsletters, HTML). Ham is mostly mailing lists of
    programmers, whose footers and words are not everybody's mail.
    """

    name = "spamassassin"
    title = "SpamAssassin public corpus"
    licence = "PDDL 1.0 as labelled at its origin"
    trains = True
    origin = "https://github.com/stdlib-js/datasets-spam-assassin, commit 1b84d49"
    kind = EventClass.EMAIL_ACTIVITY
    files: ClassVar = files(
        "content/email_spamassassin",
        messages="8a0e24fd884138da983c0d35cc981263419018570db46ac29752ee35d42d7276",
        index="951539c2f0e432f872926aaf33b784e6dc08b248e4516522257f9945f231e932",
    )

    def read(self, root: Path) -> pl.DataFrame:
        return mails(root / "content/email_spamassassin", self.name, _cleaned)


def _cleaned(raw: bytes) -> bytes:
    return _masked(_REDACTED.sub(b"reader", without_stamps(raw)))
