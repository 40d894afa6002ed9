from __future__ import annotations

from pathlib import Path

from vedette.learning.data import load
from vedette.learning.datasets.dga_made import GENERATORS, NAMES, DgaMade


def test_is_the_same_every_time() -> None:
    rows = load("dga_made", Path())
    assert rows.equals(DgaMade().read(Path()))
    assert rows["@group"].n_unique() == GENERATORS
    assert GENERATORS * NAMES * 0.8 < rows.height <= GENERATORS * NAMES
    assert rows["query.hostname"].is_unique().all()
