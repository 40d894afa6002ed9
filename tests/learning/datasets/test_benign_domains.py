from __future__ import annotations

import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root, load
from vedette.learning.datasets.benign_domains import counted, curated

pytestmark = pytest.mark.data


def test_reads_the_set() -> None:
    try:
        data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    rows = load("benign_domains")
    assert set(rows["@corpus"]) == {"popular", "universities", "banks", "projects", "networks"}
    assert rows["@group"].is_unique().all()
    tested = (rows["@part"] == "test").mean()
    assert tested is not None
    assert 0.19 < tested < 0.21  # type: ignore[operator]


def test_the_tables_are_counted_over_other_names() -> None:
    try:
        root = data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    labels = set(curated(root)["label"])
    assert not labels & set(counted(root))
