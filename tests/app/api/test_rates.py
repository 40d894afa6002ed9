from __future__ import annotations

import pytest

from vedette.app.api.rates import Buckets, network_of


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills() -> None:
    clock = Clock()
    buckets = Buckets(per_minute=60, capacity=3, clock=clock)
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a") == pytest.approx(1.0)
    assert buckets.take("b") == 0, "everybody has their own"
    clock.now += 1.5
    assert buckets.take("a") == 0
    assert buckets.take("a") == pytest.approx(0.5)
    clock.now += 1_000
    assert [buckets.take("a") == 0 for _ in range(5)] == [True] * 3 + [False] * 2, "it holds no more than it can"


def test_over_any_time_no_more_than_allowed() -> None:
    clock = Clock()
    buckets = Buckets(per_minute=600, capacity=60, clock=clock)
    passed = 0
    for _ in range(12_000):  # a minute of asking 200 times a second
        passed += buckets.take("a") == 0
        clock.now += 0.005
    assert 600 <= passed <= 661


def test_what_is_given_back_can_be_taken() -> None:
    buckets = Buckets(per_minute=1, capacity=2, clock=Clock())
    buckets.take("a")
    buckets.give("a")
    buckets.give("a")
    assert [buckets.take("a") == 0 for _ in range(3)] == [True, True, False]


def test_the_table_is_bounded_and_loses_who_was_not_here_for_longest() -> None:
    buckets = Buckets(per_minute=1, capacity=1, kept=100, clock=Clock())
    for number in range(1_000):
        buckets.take(str(number))
    assert len(buckets._held) == 100
    assert buckets.take("999") > 0
    assert buckets.take("0") == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        ("x" * 200, "x" * 64),
    ],
)
def test_who_shares_a_bucket(address: str, network: str) -> None:
    assert network_of(address) == network
