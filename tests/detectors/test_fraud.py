"""Fraud, with a model trained on a made-up site."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from vedette.abc import MALICIOUS
from vedette.detectors.fraud import Fraud
from vedette.features.payment import Payment
from vedette.features.payment_words import THEMES
from vedette.learning.fraud.train import trained
from vedette.testing.payments import made_site, payments
from vedette.testing.rows import rows_of


@cache
def taught() -> Fraud:
    return Fraud(trained(rows_of(Payment, payments(*made_site(seed=1))), {"made": "0"}))


def test_frauds_of_another_site_are_found_and_few_others() -> None:
    rows = rows_of(Payment, payments(*made_site(seed=2)))
    late = rows.filter(pl.col("own.age") > 20)
    called, bad = (
        (taught().judge(late)["verdict"] == MALICIOUS).to_numpy(),
        (late["vedette.payment.label"] == 1).to_numpy(),
    )
    assert called[bad].mean() > 0.3
    assert called[~bad].mean() < 0.02


def test_reasons_are_themes_and_say_what_raised_the_score() -> None:
    rows = rows_of(Payment, payments(*made_site(seed=2)))
    worst = rows[int(np.argmax(taught().margins(rows)))]
    (parts,) = taught().contributions(worst)
    assert {p.attribute for p in parts} == set(THEMES.values())
    assert max(parts, key=lambda p: p.nats).attribute in ("size", "lately", "frauds there")
    assert taught().summaries(worst)[0].startswith("account-")


def test_no_model_ships() -> None:
    assert not Fraud.ships
