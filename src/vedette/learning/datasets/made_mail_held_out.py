"""Mails made by us for tests: other sentences and other names than those for training."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.made_mail_items import made_rows

MAILS, SEED = 4000, 20261124


class MadeMailHeldOut(Dataset):
    """4,000 mails, half of them phishing, from other sentences and other brands than ``made_mail``, but of the same picture of the world.

    It shows false alarms on modern honest mail as we imagine it; it does not show what real mail does.
    """

    name = "made_mail_held_out"
    title = "Mails made for tests"
    licence = "ours"
    trains = False
    origin = "vedette.learning.compose, content/mails/held-out.yaml"
    kind = EventClass.EMAIL_ACTIVITY
    files = {}  # noqa: RUF012 - ClassVar of the contract

    def read(self, root: Path) -> pl.DataFrame:
        del root
        return made_rows("held-out", part=1, count=MAILS, seed=SEED, corpus="made, held out")
