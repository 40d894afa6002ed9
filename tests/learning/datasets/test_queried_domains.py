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
    rows, curated = load("queried_domains"), load("benign_domains")
    assert set(rows["@corpus"]) == {"opendns", "domain_stats"}
    assert not set(rows["@group"]) & set(curated["@group"])
