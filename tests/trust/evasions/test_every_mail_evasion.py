from __future__ import annotations

from random import Random

import polars as pl
import pytest

from vedette.abc import Evasion
from vedette.plugins import discover

OF_MAIL = [e for name, e in discover(Evasion).items() if name.startswith("mail_")]


@pytest.mark.parametrize("evasion", OF_MAIL, ids=lambda e: e.name)
def test_rows_and_columns_stay_and_chance_comes_from_the_seed(evasion: type[Evasion], mails: pl.DataFrame) -> None:
    once = evasion().rewrite(mails, Random(1))
    assert once.schema == mails.schema
    assert once.height == mails.height
    assert once.equals(evasion().rewrite(mails, Random(1)))
    assert not once.equals(mails)


def test_there_are_seven_of_them() -> None:
    assert len(OF_MAIL) == 7
