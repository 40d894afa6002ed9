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
    more, held = load("dga_more"), load("dga")
    assert not set(more["query.hostname"]) & set(held["query.hostname"])
    assert more["@corpus"].value_counts()["count"].max() == 400
