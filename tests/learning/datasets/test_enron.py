from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from vedette.learning.datasets.enron import Enron, message


@pytest.mark.data
def test_the_set_is_read_whole_and_without_repetitions(shared_data: Path) -> None:
    rows = Enron().read(shared_data)
    many, labels = 13464, {"ham": 7637, "spam": 5827}
    assert len(rows) == many
    assert dict(rows["@label"].value_counts().rows()) == labels
    assert rows.select(pl.struct("@label", "@group")).is_duplicated().sum() == 0
    years = rows["@time"].dt.year()
    assert (years.min(), years.max()) == (1999, 2005)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("don ' t wait , it is $ 5 ( five ) !", "don't wait, it is $5 (five)!"),
        ("see http : / / www . shop . com / a / b . html now", "see http://www.shop.com/a/b.html now"),
        ("at www . shop . biz . go there", "at www.shop.biz. go there"),
        ("mail me @ home . net", "mail me@home. net"),
        ("- - - - - - - - forwarded by", "-------- forwarded by"),
        ("12 / 14 / 99 10 : 18 am", "12/14/99 10: 18 am"),
        ("", ""),
    ],
)
def test_punctuation_is_put_back_where_it_can_be(written: str, meant: str) -> None:
    assert message(f"Subject: x\n{written}".encode()).decode() == f"Subject: x\n\n{meant}"
