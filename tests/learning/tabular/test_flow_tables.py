from __future__ import annotations

import numpy as np
import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root
from vedette.learning.tabular.flow_tables import FILES, cic_ids2017, nsl_kdd, unsw_nb15


def _data() -> bool:
    try:
        return (data_root() / next(iter(FILES))).is_file()
    except DataError:
        return False


pytestmark = [pytest.mark.data, pytest.mark.skipif(not _data(), reason="the shared data sets are not here")]


@pytest.mark.parametrize(
    ("part", "rows", "normal"),
    [("KDDTrain+_20Percent", 25_192, 13_449), ("KDDTest+", 22_544, 9_711), ("KDDTest-21", 11_850, 2_152)],
)
def test_nsl_kdd_is_whole(part: str, rows: int, normal: int) -> None:
    made = nsl_kdd(data_root(), part)
    assert (len(made), int((~made.attack).sum())) == (rows, normal)
    assert (made.numbers.shape[1], made.words.shape[1]) == (37, 3)


def test_unsw_nb15_has_no_duplicates_and_no_row_of_two_labels() -> None:
    made = unsw_nb15(data_root())
    assert (len(made), len(made.kinds)) == (55_931, 9)
    both = np.concatenate([made.numbers, made.attack[:, None]], axis=1)
    seen = np.unique(np.concatenate([both.astype(str), made.words], axis=1), axis=0)
    assert len(seen) == len(np.unique(np.concatenate([made.numbers.astype(str), made.words], axis=1), axis=0))


def test_cic_ids2017_keeps_addresses_and_time_apart() -> None:
    made = cic_ids2017(data_root())
    assert (len(made), int((~made.attack).sum()), len(made.kinds)) == (30_614, 4_807, 7)
    assert made.about.columns == ["source", "target", "time", "day"]
    assert made.numbers.shape[1] == 91 - 9 - 4
    assert bool(np.isfinite(made.numbers).all())
