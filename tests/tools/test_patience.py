"""Who raises his traffic by a little each day is found, and honest growth of a whole network is not taken for him."""

from __future__ import annotations

import numpy as np
import pytest
from tools.patience import BEGINS, EACH, RATES, main, row, watch


@pytest.mark.parametrize("growth", [0.0, 0.02])
def test_the_patient_are_found_in_a_network_that_stays_and_in_one_that_grows(growth: float) -> None:
    seen = watch(days=95, hosts=70, seed=21, growth=growth)
    hot = seen.drift[BEGINS:] >= 3.0
    found = {rate: int(hot[:, seen.rate == rate].any(axis=0).sum()) for rate in RATES}
    assert found[0.10] == EACH
    assert found[0.05] >= EACH - 1
    honest = hot[:, seen.rate == 0]
    assert honest.any(axis=0).sum() <= 0.15 * honest.shape[1]


def test_single_windows_do_not_show_the_patient() -> None:
    """Each window is as the one before: that is what the drift is for."""
    seen = watch(days=70, hosts=40, seed=22, growth=0.0)
    patient = seen.deviation[BEGINS:, seen.rate == 0.02]
    assert np.nanmax(patient) < 4.0


def test_before_they_begin_attackers_are_as_others() -> None:
    seen = watch(days=BEGINS, hosts=40, seed=23, growth=0.0)
    assert np.nanmax(seen.drift[:, seen.rate > 0]) < 3.5


def test_the_table_has_a_row_per_reading(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--seeds", "1", "--days", "34", "--hosts", "20"])
    told = capsys.readouterr().out
    assert told.count("| drift >= 3 |") == 3
    assert "grows by 2.0% a day" in told
    assert row([watch(34, 20, 1, 0.0)], "drift", 99.0).startswith("| drift >= 99 | 0/5 - | 0/5 - | 0/5 - | 0.0 | 0 |")
