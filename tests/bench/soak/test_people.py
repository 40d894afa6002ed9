"""Reading, meeting, sending, working: sizes and courses as they are known of networks."""

from __future__ import annotations

import numpy as np
from bench.soak.company import Company
from bench.soak.days import present
from bench.soak.people import browse, meet, neighbours, office, patch, send
from bench.soak.rows import SILENT, UDP

_COMPANY = Company(1, 200)
_MONDAY = present(_COMPANY, 0, 30)


def test_reading_is_heavy_tailed_and_popular_sites_are_popular() -> None:
    flows = browse(_COMPANY, _MONDAY, np.random.default_rng(1))
    got = flows["got"][flows["got"] > 0]
    assert got.mean() > 2 * np.median(got)
    assert 0.002 < (flows["state"] == SILENT).mean() < 0.03
    sites = flows["name"][flows["name"] < 30_000]
    assert (sites < 60).mean() > 0.1
    assert len(np.unique(sites)) > 500


def test_calls_send_as_much_as_they_get_and_not_through_names() -> None:
    flows = meet(_COMPANY, _MONDAY, np.random.default_rng(1))
    assert len(flows) > 50
    assert (flows["sent"] > 1e7).mean() > 0.2
    assert (flows["proto"] == UDP).mean() > 0.6
    assert (flows["name"] < 0).all()


def test_a_few_send_much_every_day() -> None:
    flows = send(_COMPANY, _MONDAY, np.random.default_rng(1))
    by_host = np.bincount(flows["src"], weights=flows["sent"])
    assert by_host.max() > 2e8
    assert (by_host == 0).mean() > 0.3


def test_work_stays_inside() -> None:
    rng = np.random.default_rng(1)
    for flows in (office(_COMPANY, _MONDAY, rng), neighbours(_COMPANY, _MONDAY, rng)):
        assert len(flows) > 100
        assert flows["dst"].max() < _COMPANY.inside


def test_everybody_fetches_a_patch() -> None:
    flows = patch(_COMPANY, _MONDAY, "dl.update-service.com", 1e8, np.random.default_rng(1))
    assert len(flows) == _MONDAY.at_work.sum()
    assert flows["got"].min() > 5e7
