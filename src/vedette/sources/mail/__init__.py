"""Mail: messages, mailboxes and folders of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from vedette.sources.mail.mail_message import message
from vedette.sources.mail.mail_rows import mail_rows


def parsed(raw: Sequence[bytes], first: int = 0, modified: datetime | None = None) -> pl.DataFrame:
    """Return (n,) rows of Email Activity, one per message, in order; pure.

    Args:
        raw: whole messages.
        first: ``metadata.sequence`` of the first.
        modified: the time of messages that name none.
    """
    return mail_rows([message(data) for data in raw], first, modified)
