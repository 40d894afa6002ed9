from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features.mail import Mail
from vedette.testing.rows import rows_of


def mails(*columns: dict[str, object]) -> EventBatch:
    """Return messages with these columns; the rest is null."""
    kind = EventClass.EMAIL_ACTIVITY
    frame = pl.DataFrame(
        [{"time": datetime(2026, 1, 5, tzinfo=UTC), "metadata.sequence": i, **c} for i, c in enumerate(columns)],
        schema_overrides=SCHEMAS[kind],
    )
    return EventBatch(kind, frame.with_columns(pl.lit("inbox").alias("metadata.log_name")))


def test_a_row_per_message_with_words() -> None:
    rows = rows_of(
        Mail,
        mails(
            {"email.subject": "Lunch at 12?", "vedette.body_text": "See  you"},
            {"email.subject": "only a subject"},
            {"vedette.body_text": "only a body"},
            {"email.subject": " ", "vedette.body_text": "\n"},
            {"email.from": "anna@mail.example"},
        ),
    )
    assert rows["metadata.sequence"].to_list() == [0, 1, 2]
    assert rows["subject_text"].to_list() == ["lunch at xnumber ?", "only a subject", ""]
    assert rows["body_text"].to_list() == ["see you", "", "only a body"]
