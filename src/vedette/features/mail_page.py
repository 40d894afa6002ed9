"""How the page of a mail is made: what asks for input, what is hidden, what is a picture; facts, 1 where one holds, else 0."""

from __future__ import annotations

import polars as pl

USES = (
    "vedette.body_text",
    "vedette.hidden_text",
    "vedette.forms",
    "vedette.password_fields",
    "vedette.remote_images",
    "vedette.linked_images",
    "vedette.scripts",
    "vedette.frames",
    "email.subject",
)
"""Columns of Email Activity that are read."""

PAGE = {
    "page_asks_password": "the mail itself holds a field for a password",
    "page_has_form": "the mail itself holds a form",
    "page_has_script": "the mail holds a script or a frame",
    "page_hides_text": "the mail hides more text than it shows",
    "page_is_picture": "the mail is little but a picture that is a link",
    "text_is_split": "words are split by invisible characters or spaces",
    "text_mixes_scripts": "words mix letters of several alphabets",
    "subject_is_split": "the subject holds invisible characters or letters of several alphabets",
}
"""Fact -> what it says."""

SCHEMA = pl.Schema(dict.fromkeys(PAGE, pl.Float32))

_INVISIBLE = r"[\p{L}][\u00AD\u200B-\u200D\u2060\uFEFF\u180E]+[\p{L}]"
_SPACED = r"(?:\b\p{L}[ ._*-]){5}\p{L}\b"
_MIXED = r"\p{Latin}[\p{Cyrillic}\p{Greek}\p{Armenian}]|[\p{Cyrillic}\p{Greek}\p{Armenian}]\p{Latin}"
_FEW, _SPLITS, _MIXES = 200, 2, 3
_CHARS = 6_000


def page(mails: pl.DataFrame) -> pl.DataFrame:
    """Return (n,) rows of ``SCHEMA`` for mails with the columns ``USES``."""
    body, subject = pl.col("vedette.body_text").str.head(_CHARS), pl.col("email.subject")
    shown, hidden = pl.col("vedette.body_text").str.len_chars(), pl.col("vedette.hidden_text").str.len_chars()
    facts = {
        "page_asks_password": pl.col("vedette.password_fields") > 0,
        "page_has_form": pl.col("vedette.forms") > 0,
        "page_has_script": (pl.col("vedette.scripts") > 0) | (pl.col("vedette.frames") > 0),
        "page_hides_text": (hidden > _FEW) & (hidden > shown),
        "page_is_picture": (pl.col("vedette.linked_images") > 0) & (shown.fill_null(0) < _FEW),
        "text_is_split": (body.str.count_matches(_INVISIBLE) >= _SPLITS) | (body.str.count_matches(_SPACED) >= _SPLITS),
        "text_mixes_scripts": body.str.count_matches(_MIXED) >= _MIXES,
        "subject_is_split": subject.str.contains(_INVISIBLE)
        | subject.str.contains(_SPACED)
        | subject.str.contains(_MIXED),
    }
    return mails.select(e.fill_null(value=False).cast(pl.Float32).alias(n) for n, e in facts.items())
