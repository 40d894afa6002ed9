from __future__ import annotations

from vedette.learning.datasets.made_mail_items import made_rows


def test_rows_are_the_same_for_the_same_seed() -> None:
    rows = made_rows("train", part=0, count=40, seed=1, corpus="made")
    assert rows.equals(made_rows("train", part=0, count=40, seed=1, corpus="made"))
    assert not rows.equals(made_rows("train", part=0, count=40, seed=2, corpus="made"))
    assert rows["metadata.sequence"].to_list() == list(range(rows.height))
    assert rows["email.from"].str.contains("@").all()
