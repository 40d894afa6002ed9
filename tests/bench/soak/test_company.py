"""The company hangs together: no address twice, no name without an address."""

from __future__ import annotations

import numpy as np
import pytest
from bench.soak.company import CORP, PROGRAMS, Company, popular
from bench.soak.words import sites


@pytest.mark.parametrize("hosts", [60, 500])
def test_addresses_inside_are_the_companys_and_each_is_there_once(hosts: int) -> None:
    company = Company(1, hosts)
    inside = company.addresses[: company.inside]
    assert len(set(inside)) == len(inside)
    assert hosts - 5 <= len([a for a in inside if a.startswith("10.20.")]) <= hosts + 45
    assert not any(a.startswith(("10.", "192.168.", "127.")) for a in company.addresses[company.inside :])


def test_every_name_stands_for_addresses_outside() -> None:
    company = Company(1, 60)
    assert len(company.names) == len(company.base) == len(company.spread) == len(set(company.names))
    assert company.base.min() >= company.inside
    assert (company.base + company.spread).max() <= len(company.addresses)
    assert not any(n.endswith(CORP) for n in company.names)
    for program in PROGRAMS:
        assert all(company.named(h) >= 0 for h in program.hosts)


def test_the_popular_are_popular() -> None:
    drawn = popular(np.random.default_rng(1), 100_000)
    assert 0.02 < (drawn < 5).mean() < 0.4
    assert (drawn > 1000).mean() > 0.2


def test_no_site_comes_twice() -> None:
    domains = [d for _, d in sites(2000, np.random.default_rng(1))]
    assert len(set(domains)) == 2000
