from __future__ import annotations

from vedette.features.command_words import KEYWORDS


def test_words_are_lower_case_and_stand_once() -> None:
    assert len(set(KEYWORDS)) == len(KEYWORDS)
    assert all(w == w.lower() and w.strip() == w for w in KEYWORDS)
    assert {"powershell", "certutil", "bash", "temp"} <= set(KEYWORDS)
