from __future__ import annotations

from pathlib import Path

from vedette.learning.datasets.made_mail_held_out import MadeMailHeldOut


def test_its_sentences_are_others() -> None:
    rows = MadeMailHeldOut().read(Path())
    assert set(rows["@label"]) == {"ham", "phishing"}
    assert rows["@group"].str.starts_with("held-out:").all()
    assert not MadeMailHeldOut.trains
