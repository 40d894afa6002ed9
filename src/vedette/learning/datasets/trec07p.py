"""Ham and spam of April 2007: the beginning of TREC's public spam corpus of 2007."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.mail_items import files, mails, masking, without_stamps

_masked = masking(("uwaterloo.ca",))


class Trec07p(Dataset):
    """The first 15,000 messages, in order of arrival, to one mail server with many addresses, 2007-04-08 to 2007-04-20.

    Most spam repeats: fewer than two thirds of the messages have a body of their own. Ham is mostly mailing lists.
    """

    name = "trec07p"
    title = "TREC 2007 public spam corpus (first 15,000 messages)"
    licence = "none stated; the TREC corpus has an agreement for research use"
    trains = True
    origin = "https://github.com/JM-Rodrigo/Datos_IA, commit 4f6d505"
    kind = EventClass.EMAIL_ACTIVITY
    files: ClassVar = files(
        "content/email_trec07p",
        messages="853039aaa8749f26ba2dd05543f3d93d3e3aab3547ae57d2ba4df824babe965e",
        index="28efba08208491e0274bb850b49f7db658da2284a31cb04ea3961da7b8fe6c09",
    )

    def read(self, root: Path) -> pl.DataFrame:
        return mails(root / "content/email_trec07p", self.name, lambda raw: _masked(without_stamps(raw)))
