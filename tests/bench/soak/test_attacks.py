"""Each attack is what it says."""

from __future__ import annotations

import numpy as np
import pytest
from bench.soak.attacks import ATTACKS, Planted, plant
from bench.soak.company import Company
from bench.soak.days import BEGIN
from bench.soak.rows import DAY, HOUR, ICMP, MINUTE, SECOND, SILENT

_DAYS = 30


@pytest.fixture(scope="module")
def company() -> Company:
    return Company(1, 100)


@pytest.fixture(scope="module")
def planted(company: Company) -> dict[str, Planted]:
    return {a.name: a for a in plant(company, _DAYS)}


def test_there_are_twelve_at_different_hosts_within_the_run(planted: dict[str, Planted]) -> None:
    assert len(planted) == len(ATTACKS) == 12
    assert len({a.hosts[0] for a in planted.values()}) == 12
    for a in planted.values():
        assert BEGIN <= a.begin < a.end <= BEGIN + _DAYS * DAY
        assert len(a.flows) + len(a.lookups) > 0
        assert (a.flows.plants >= 0).all()
        assert (a.lookups.plants >= 0).all()


def test_the_fast_scan_is_over_in_ten_minutes_and_hears_little(planted: dict[str, Planted]) -> None:
    scan = planted["fast scan"]
    assert scan.end - scan.begin <= 10 * MINUTE + 10 * SECOND
    assert len(np.unique(scan.flows["dst"])) == min(200, len(np.unique(scan.flows["dst"])))
    assert (scan.flows["state"] == SILENT).mean() > 0.5


def test_the_slow_scan_takes_days(planted: dict[str, Planted]) -> None:
    scan = planted["slow scan"]
    assert scan.end - scan.begin > 3 * DAY
    gaps = np.diff(np.sort(scan.flows["start"]))
    assert np.median(gaps) > 3 * MINUTE


def test_the_beacon_jitters_within_forty_percent(planted: dict[str, Planted]) -> None:
    gaps = np.diff(np.sort(planted["beacon, 40 % jitter"].flows["start"]))
    awake = gaps[gaps < HOUR]
    assert awake.min() >= 0.6 * 300 * SECOND
    assert awake.max() <= 1.4 * 300 * SECOND
    assert awake.std() > 30 * SECOND


def test_the_rotating_beacon_keeps_its_name(planted: dict[str, Planted]) -> None:
    flows = planted["beacon, rotating"].flows
    assert len(np.unique(flows["name"])) == 1
    assert len(np.unique(flows["dst"])) > 20


def test_what_goes_through_names_is_never_asked_twice(planted: dict[str, Planted]) -> None:
    for name, most in (("DNS tunnel", 30 * MINUTE), ("DNS exfiltration, slow", 9 * DAY)):
        asked = planted[name].lookups
        assert asked.names.n_unique() == len(asked) // 2  # by the host and by the resolver
        assert asked["time"].max() - asked["time"].min() < most


def test_the_patient_one_raises_what_it_takes(planted: dict[str, Planted]) -> None:
    flows = planted["exfiltration, patient"].flows
    day = (flows["start"] - BEGIN) // DAY
    sent = [int(flows["sent"][day == d].sum()) for d in np.unique(day)]
    assert len(sent) >= 10
    assert sum(sent[-3:]) > 1.5 * sum(sent[:3])


def test_six_gigabytes_leave_at_night(planted: dict[str, Planted]) -> None:
    night = planted["exfiltration at night"]
    assert 4e9 < night.flows["sent"].sum() < 9e9
    assert (night.begin - BEGIN) % DAY < 4 * HOUR


def test_movement_goes_from_host_to_host(company: Company, planted: dict[str, Planted]) -> None:
    flows = planted["lateral movement"].flows
    seen = {int(flows["src"][0])}
    for src, dst in zip(flows["src"].tolist(), flows["dst"].tolist(), strict=True):
        assert src in seen
        seen.add(dst)
    assert seen <= set(range(company.inside))


def test_the_generated_names_do_not_exist_but_for_one(planted: dict[str, Planted]) -> None:
    bot = planted["generated domains"]
    assert set(bot.lookups["rcode"].tolist()) == {3}
    assert 0 < len(bot.flows) < 10


def test_the_tunnel_of_echoes_carries_megabytes(planted: dict[str, Planted]) -> None:
    flows = planted["ICMP tunnel"].flows
    assert set(flows["proto"].tolist()) == {ICMP}
    assert flows["sent"].sum() > 2e7
