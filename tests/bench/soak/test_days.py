"""Who is there when."""

from __future__ import annotations

import numpy as np
from bench.soak.company import Company
from bench.soak.days import BEGIN, Calendar, moments, present
from bench.soak.rows import DAY

_COMPANY = Company(1, 300)


def test_most_work_on_a_monday_and_few_on_a_saturday() -> None:
    monday, saturday = (present(_COMPANY, day, 30).at_work.mean() for day in (0, 5))
    assert monday > 0.75
    assert saturday < 0.2


def test_new_colleagues_come_later() -> None:
    first, last = (present(_COMPANY, day, 30) for day in (0, 29))
    new = len(_COMPANY.workstations) // 45
    assert not first.at_work[-new:].any()
    assert not (first.off > first.on)[-new:].any()
    assert last.at_work[-new:].any() or (last.off > last.on)[-new:].any()


def test_moments_are_within_the_working_day() -> None:
    p = present(_COMPANY, 1, 30)
    host, at = moments(p, np.full(len(_COMPANY.workstations), 20), np.random.default_rng(1))
    assert len(host) > 1000
    assert ((at >= p.arrive[host]) & (at <= p.leave[host])).all()
    assert p.at_work[host].all()
    assert (at >= BEGIN + DAY).all()


def test_a_short_run_has_no_special_days() -> None:
    assert {Calendar(5).rollout, Calendar(5).patches, Calendar(5).new_server, Calendar(5).outage} == {-1}
    assert min(Calendar(30).rollout, Calendar(30).patches, Calendar(30).new_server, Calendar(30).outage) > 0


def test_who_joins_in_the_middle_is_not_there_before() -> None:
    company = Company(1, 300, 0.4)
    days = [present(company, day, 8) for day in (0, 1, 2)]
    young = company.young
    assert 0.25 < young.mean() < 0.55
    assert not any((p.at_work | (p.off > p.on))[young].any() for p in days[:2])
    assert days[2].at_work[young].mean() > 0.7
    assert days[0].at_work[~young].mean() > 0.7
    assert not _COMPANY.young.any()
