from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.learning.tabular.test_flow_tables import _data

from vedette.learning.data import data_root
from vedette.learning.tabular.flow_sets import NUMBERS, SETS, of_zeek_log, shared

LOG = "\n".join(
    [
        "#separator \\x09",
        "#fields\tts\tproto\tduration\torig_bytes\tresp_bytes\torig_pkts\tresp_pkts\tlabel\tdetailedlabel",
        "1\ttcp\t2.0\t600\t200\t6\t4\tBenign\t-",
        "2\ttcp\t2.0\t600\t200\t6\t4\tBenign\t-",
        "3\tudp\t-\t-\t-\t1\t0\tMalicious\tScan",
        "4\ticmp\t0.5\t56\t56\t1\t1\tBackground\t-",
    ]
)


def test_a_log_becomes_shared_columns_without_duplicates() -> None:
    made = shared(of_zeek_log(LOG))
    assert made.kind.tolist() == ["normal", "Scan", "normal"]
    assert made.words.tolist() == [["tcp", "true"], ["udp", "false"], ["other", "true"]]
    first = dict(zip(NUMBERS, made.numbers[0].tolist(), strict=True))
    assert first["share_out"] == 0.75
    assert [first[c] for c in ("duration", "size_out", "rate_in")] == pytest.approx(np.log1p([2000, 100, 2]).tolist())


def test_what_was_not_measured_is_zero() -> None:
    made = shared(of_zeek_log(LOG))
    assert made.numbers[1, NUMBERS.index("bytes_in")] == 0
    assert bool(np.isfinite(made.numbers).all())


@pytest.mark.data
@pytest.mark.skipif(not _data(), reason="the shared data sets are not here")
@pytest.mark.parametrize("name", SETS)
def test_sets_have_both_labels(name: str) -> None:
    made = SETS[name](data_root())
    assert made.attack.any()
    assert not made.attack.all()
    assert made.numbers.shape[1] == len(NUMBERS)
    assert isinstance(made.about, pl.DataFrame)
