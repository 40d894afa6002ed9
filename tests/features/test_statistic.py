from __future__ import annotations

import math

import polars as pl
import pytest

from vedette.features.statistic import bernoulli, entropy, negative_binomial, poisson


def _value(expr: pl.Expr, **columns: object) -> float:
    return float(pl.DataFrame(columns).select(expr).item())


def test_bernoulli_adds_up_the_outcomes() -> None:
    got = _value(bernoulli(pl.col("h"), pl.col("m"), normal=0.2, hostile=0.8), h=[3], m=[1])
    assert got == pytest.approx(2 * math.log(4))


@pytest.mark.parametrize(("count", "expected", "nats"), [(5, 10, 0.0), (10, 10, 0.0), (20, 10, 20 * math.log(2) - 10)])
def test_poisson_is_zero_up_to_the_expected_count(count: int, expected: float, nats: float) -> None:
    assert _value(poisson(pl.col("k"), expected), k=[count]) == pytest.approx(nats)


def test_a_bursty_count_says_less_than_a_poisson_one_and_the_same_in_the_limit() -> None:
    k = pl.col("k")
    plain = _value(poisson(k, 10.0), k=[40])
    assert 0 < _value(negative_binomial(k, 10.0, size=2.0), k=[40]) < plain
    assert _value(negative_binomial(k, 10.0, size=1e9), k=[40]) == pytest.approx(plain, rel=1e-3)


def test_entropy_of_a_fair_choice_of_four_is_two_bits() -> None:
    assert _value(entropy(pl.col("n")), n=[7, 7, 7, 7]) == pytest.approx(math.log(4))
