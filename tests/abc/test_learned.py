from __future__ import annotations

import math

import pytest

from vedette.abc.learned import Contribution, waterfall


@pytest.mark.parametrize(
    ("bias", "nats"), [(-3.0, (4.0, 1.0, -2.0)), (0.5, (-3.0,)), (-2.0, (1.5, -1.5)), (-1.0, ()), (-5.0, (900.0,))]
)
def test_the_weights_of_a_waterfall_add_up_to_the_score_and_keep_their_sign(
    bias: float, nats: tuple[float, ...]
) -> None:
    reasons = waterfall(bias, [Contribution(f"saw {n}", n, str(n)) for n in nats])
    assert math.fsum(r.weight for r in reasons) == pytest.approx(1 / (1 + math.exp(-(bias + sum(nats)))))
    assert [r.weight for r in reasons] == sorted((r.weight for r in reasons), reverse=True)
    for reason in reasons:
        if reason.attribute != "bias":
            assert math.copysign(1, reason.weight) == math.copysign(1, float(reason.attribute))


def test_very_unlikely_is_no_overflow() -> None:
    assert sum(r.weight for r in waterfall(-2.0, [Contribution("much", -1e6)])) == pytest.approx(0.0, abs=1e-9)


def test_what_says_the_same_is_one_reason() -> None:
    twice = [
        Contribution("“js” in path", 1.0, "tail"),
        Contribution("a port", 0.5, "port"),
        Contribution("“js” in path", 2.0, "tail"),
    ]
    reasons = waterfall(-1.0, twice)
    assert [r.text for r in reasons] == ["“js” in path", "where every item starts", "a port"]
    assert math.fsum(r.weight for r in reasons) == pytest.approx(1 / (1 + math.exp(-2.5)))
