from __future__ import annotations

import math
from ipaddress import IPv4Network

import numpy as np
from tests.store.profiles.made import START, Row, Sent, rows_of

from vedette.store.profiles import Profile
from vedette.store.profiles.portrait import portraits


def _office(days: int) -> Profile:
    random = np.random.default_rng(1)
    rows: list[Row] = [
        (
            hour,
            f"10.0.0.{n}",
            float(random.lognormal(math.log(10e6), 0.6)) if 8 <= hour % 24 < 18 else 20_000.0,
            [f"s{hour % 5}"],
        )
        for hour in range(24 * days)
        for n in range(8)
        if (hour // 24) % 7 < 5
    ]
    profile = Profile(Sent(), groups={"lab": (IPv4Network("10.0.0.0/31"),)})
    profile.judge(rows_of(rows))
    return profile


def test_what_is_normal_for_a_host_is_told_in_its_own_unit() -> None:
    _, (told,) = portraits(_office(12), "10.0.0.3")
    (usual,) = told.numbers
    assert usual.unit == "bytes"
    assert told.keys == {"src_endpoint.ip": "10.0.0.3"}
    assert (told.windows, told.since) == (24 * 10, START)
    assert usual.low < 20_000
    assert usual.high > 10e6
    assert usual.busy == (8, 18)
    assert usual.weekend is None
    assert told.values[0].count == 5
    assert set(told.values[0].last) == {f"s{n}" for n in range(5)}
    assert told.group.startswith("alike")
    assert "10.0.0.4" in told.peers
    assert "10.0.0.0" not in told.peers
    assert told.unseen == ("no weekend seen yet",)


def test_a_named_group_is_called_so() -> None:
    _, (told,) = portraits(_office(5), "10.0.0.1")
    assert (told.group, told.peers, told.peer_count) == ("lab", ("10.0.0.0",), 1)


def test_what_it_cannot_see_yet_is_said() -> None:
    profile = _office(5)
    profile.judge(rows_of([(24 * 5 + n, "new", 1e6, []) for n in range(3)]))
    _, (told,) = portraits(profile, "new")
    assert told.windows == 3
    assert told.unseen[0] == "3 windows: judged by everyone for 40%"
    assert "no peer group: too young, or nobody behaves alike" in told.unseen
    assert "known for 0 days: no full week seen yet" in told.unseen
    assert "no working day seen yet" in told.unseen
    assert told.numbers[0].expected_low < told.numbers[0].low


def test_a_stranger_has_none() -> None:
    assert portraits(_office(1), "192.0.2.1") == (0, [])
    assert portraits(_office(1), "10.0.0.1", "192.0.2.1") == (0, [])
