"""Mails made by us for training: modern honest ones, and ones that steal."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.made_mail_items import made_rows

MAILS, SEED = 6000, 20261123


class MadeMail(Dataset):
    """6,000 mails in twelve languages, half of them phishing: the same sentences sent by companies and by impostors.

    There is no public set of modern honest mail. How often what occurs is our picture of mail in the 2020s (``learning.mail_world``), not a
    measurement. ``@group`` is the sentence; half of the protected brands appear here, the other half in ``made_mail_held_out``.
    """

    name = "made_mail"
    title = "Mails made for training"
    licence = "ours"
    trains = True
    origin = "vedette.learning.compose, content/mails/train.yaml"
    kind = EventClass.EMAIL_ACTIVITY
    files = {}  # noqa: RUF012 - ClassVar of the contract

    def read(self, root: Path) -> pl.DataFrame:
        del root
        return made_rows("train", part=0, count=MAILS, seed=SEED, corpus="made")
