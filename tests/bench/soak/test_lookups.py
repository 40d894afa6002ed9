"""Names are asked for before they are gone to, once while the answer is kept."""

from __future__ import annotations

import numpy as np
from bench.soak.company import Company
from bench.soak.days import BEGIN, present
from bench.soak.lookups import for_flows, strange
from bench.soak.rows import MINUTE, SECOND, Flows

_COMPANY = Company(1, 60)


def test_a_name_is_asked_for_once_in_a_while_and_by_each_host() -> None:
    name = _COMPANY.named("www.google.com")
    at = BEGIN + 9 * 60 * MINUTE + np.arange(10) * SECOND
    flows = Flows.of(10, start=at, src=np.arange(10) % 2, dst=_COMPANY.base[name], name=name)
    asked = for_flows(_COMPANY, flows, np.random.default_rng(1))
    inside = asked.take(np.flatnonzero(np.isin(asked["src"], (0, 1)) & (asked["type"] == 0) & (asked["rcode"] == 0)))
    assert inside.names.to_list() == ["www.google.com"] * 2
    assert (inside["time"] < at.min() + SECOND).all()
    assert set(asked["src"].tolist()) > {0, 1}  # the resolvers ask, too


def test_honest_names_may_look_strange() -> None:
    asked = strange(_COMPANY, present(_COMPANY, 0, 3), np.random.default_rng(1))
    names = asked.names.to_list()
    assert sum(n.endswith(".lookup.av-reputation.com") for n in names) > 50
    assert sum(n.endswith(".in-addr.arpa") for n in names) > 50
    assert any(len(n) > 50 for n in names)
    assert 3 in set(asked["rcode"].tolist())
