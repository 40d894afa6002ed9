from __future__ import annotations

from random import Random
from urllib.parse import unquote_plus

from vedette.learning.datasets.web_benign_people import forms, questions, searches, visits


def test_people_write_quotes_tags_and_names_of_files_without_harm() -> None:
    rng = Random(1)
    asked = [
        unquote_plus(m.query or "") + m.path
        for grammar in (searches, questions, forms)
        for m in (grammar(rng) for _ in range(400))
    ]
    assert all(any(sign in a for a in asked) for sign in ("'", "<", "select", "/etc/passwd", ";", "{{"))


def test_plain_visits_have_no_sign_at_all() -> None:
    rng = Random(1)
    assert not any(set(unquote_plus(visits(rng).query or "")) & set("'<>;|`$") for _ in range(400))
