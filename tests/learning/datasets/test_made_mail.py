from __future__ import annotations

from pathlib import Path

from vedette.learning.datasets.made_mail import MadeMail


def test_half_of_it_steals() -> None:
    rows = MadeMail().read(Path())
    counts = dict(rows["@label"].value_counts().iter_rows())
    assert set(counts) == {"ham", "phishing"}
    assert abs(counts["ham"] - counts["phishing"]) < 300
    assert rows["@group"].n_unique() > 40
    assert rows["@corpus"].unique().to_list() == ["made"]
    assert MadeMail.trains
