from __future__ import annotations

import io

import numpy as np
import polars as pl
import pytest

from vedette.errors import DataError
from vedette.intel.content import content
from vedette.learning.data import data_root
from vedette.learning.datasets.benign_domains import counted
from vedette.learning.domain_tables import found_words, tables
from vedette.trust.evasions.domain_generators import WORDS

NAMES = [a + b for k, a in enumerate(WORDS[:60]) for b in WORDS[k : k + 12]]


def test_finds_words_in_names_without_spaces() -> None:
    found = set(found_words(NAMES))
    often = [w for w in WORDS[12:50] if 3 <= len(w) <= 9]
    assert sum(w in found for w in often) > 0.8 * len(often)


def test_the_same_names_give_the_same_bytes() -> None:
    made = tables(pl.Series(NAMES))
    assert made == tables(pl.Series(NAMES))
    with np.load(io.BytesIO(made), allow_pickle=False) as held:
        assert set(held.files) == {"at", "count", "words"}


@pytest.mark.data
@pytest.mark.slow
def test_what_ships_is_what_the_data_gives() -> None:
    try:
        root = data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    made, held = (np.load(io.BytesIO(b)) for b in (tables(counted(root)), content("language/domains.npz").read_bytes()))
    assert all(np.array_equal(made[k], held[k]) for k in ("at", "count", "words"))
