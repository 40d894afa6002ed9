from __future__ import annotations

import polars as pl
import pytest


@pytest.fixture
def mails() -> pl.DataFrame:
    """A mail with all its parts, a bare one, and one of which nothing is known."""
    return pl.DataFrame(
        {
            "email.from": ["service@shop.example", "a@b.example", None],
            "email.from_mailbox": ["Shop Service <service@shop.example>", "a@b.example", None],
            "email.subject": ["Please verify your account", "hello there", None],
            "vedette.body_text": ["Please confirm your password today, otherwise it expires.", "", None],
            "vedette.link_text": [["Confirm now"], None, None],
            "email.urls.url_string": [["https://shop.example/x"], None, None],
            "vedette.linked_images": pl.Series([0, 0, 0], dtype=pl.Int32),
        }
    )
