"""A site's own model: learned from its labels, judged on later payments."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from vedette.detectors.fraud import Fraud
from vedette.errors import DataError
from vedette.features.payment import Payment
from vedette.learning.fraud import train
from vedette.learning.fraud.prequential import LABEL
from vedette.testing.payments import made_site, payments
from vedette.testing.rows import rows_of


def site(seed: int = 1, days: int = 40) -> pl.DataFrame:
    return rows_of(Payment, payments(*made_site(days=days, seed=seed)))


def test_the_card_tells_how_it_did_on_later_payments() -> None:
    model = train.trained(site(), {"made": "0"})
    Fraud(model)
    told = model.card["left_out"]
    assert told["items"] == pytest.approx(0.8 * site().height, rel=0.01)
    assert told["auc"] > 0.85
    assert told["average_precision"] > model.card["by_amount_alone"]["average_precision"] + 0.1
    assert told["calibration_error"] < 0.05


def test_the_same_payments_give_the_same_model() -> None:
    assert train.trained(site(), {}).version == train.trained(site(), {}).version


def test_a_sample_of_genuine_payments_stands_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = site(days=60)
    whole = train.margins(train.fitted(rows), rows)
    monkeypatch.setattr(train, "GENUINE", rows.filter(pl.col(LABEL) == 0).height // 2)
    half = train.margins(train.fitted(rows), rows)
    assert np.corrcoef(whole, half)[0, 1] > 0.9
    assert abs(float(np.median(whole - half))) < 0.5  # the weights keep the level


@pytest.mark.parametrize("label", [0, None])
def test_without_frauds_there_is_no_model(label: int | None) -> None:
    rows = site().with_columns(pl.lit(label, pl.Int32).alias(LABEL))
    with pytest.raises(DataError, match="too few to learn from"):
        train.trained(rows, {})
