from __future__ import annotations

import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root, load

pytestmark = pytest.mark.data


def test_reads_the_set() -> None:
    try:
        data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    rows = load("dga")
    assert set(rows["@label"]) == {"generated", "generated words"}
    assert rows["@corpus"].n_unique() == 50
    assert rows["@corpus"].value_counts()["count"].max() == 2000
    assert rows["@part"].n_unique() == 5
    assert rows["query.hostname"].n_unique() > 0.99 * rows.height
