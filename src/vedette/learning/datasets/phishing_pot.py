"""Phishing of 2022-2025, caught in honeypots: a test only, its licence is non-commercial."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.mail_items import RECEIVER, files, mails, without_stamps

_REDACTED = (
    ("phishing@pot", RECEIVER.decode()),
    ("phishing%40pot", RECEIVER.decode().replace("@", "%40")),
    ("cGhpc2hpbmdAcG90", base64.b64encode(RECEIVER).decode().rstrip("=")),
)
"""The recipient as he was redacted: plain, in a link, and in base64; and what stands for him here."""


class PhishingPot(Dataset):
    """Phishing mail with its headers, 2022-08 to 2025-06; there is no wanted mail in it.

    Recipients were redacted to one address, which is masked here; all of it was delivered by one provider, whose stamps are taken off.
    """

    name = "phishing_pot"
    title = "phishing_pot (1,200 messages)"
    licence = "CC BY-NC 4.0"
    trains = False
    origin = "https://github.com/rf-peixoto/phishing_pot, commit 8e207b5"
    kind = EventClass.EMAIL_ACTIVITY
    files: ClassVar = files(
        "content/email_phishing_pot",
        messages="338e552d00bb5495a9ff89917dd95b7733f2ec1656fd1a55d9bff1714302c77b",
        index="38b3f96f5891896d4726e2da8fd341d84089981dbc2d71b5a38265db6233db4b",
    )

    def read(self, root: Path) -> pl.DataFrame:
        rows = mails(root / "content/email_phishing_pot", self.name, without_stamps)
        return rows.with_columns(
            _masking(pl.col(pl.String)), pl.col(pl.List(pl.String)).list.eval(_masking(pl.element()))
        )


def _masking(texts: pl.Expr) -> pl.Expr:
    for redacted, name in _REDACTED:
        texts = texts.str.replace_all(redacted, name, literal=True)
    return texts
