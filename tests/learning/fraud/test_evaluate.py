"""The protocol end to end, on made-up payments; and on the handbook's, where they are."""

from __future__ import annotations

import polars as pl
import pytest

from vedette.learning.fraud.evaluate import results, rows_of
from vedette.testing.payments import made_site, payments

PEERS = ("sklearn", "lightgbm")


@pytest.mark.parametrize("count", [1])
def test_every_configuration_has_its_figures(count: int) -> None:
    for library in PEERS:
        pytest.importorskip(library)
    rows = rows_of(iter([payments(*made_site(days=70, accounts=15))]))
    found = pl.DataFrame(list(results(rows, 2, lambda _: None, count)))
    assert set(found["part"]) == {"validation", "test"}
    seeds = found.filter(pl.col("part") == "test").group_by("configuration").agg(pl.col("seed").n_unique())
    told = dict(seeds.iter_rows())
    once = ("logistic regression, handbook's features", "sum, 7 days", "payment_anomaly (no labels)")
    assert [told[name] for name in once] == [1, 1, 1]
    assert [told[name] for name in ("random forest, handbook's features", "sum, all days")] == [2, 2]
    assert found["auc"].is_between(0, 1).all()
    weeks = {part: found.filter(pl.col("part") == part)["fold"].to_list() for part in ("validation", "test")}
    assert max(weeks["validation"]) < min(weeks["test"])


def test_the_latest_labelled_payments_are_learned_from() -> None:
    made = payments(*made_site(days=12, accounts=5))
    whole, late = rows_of(iter([made])), rows_of(iter([made]), most=40)
    assert whole.height == 12 * 5 * 2
    assert late.height == 40
    assert late["own.ratio"].equals(whole["own.ratio"].tail(40), null_equal=True)
