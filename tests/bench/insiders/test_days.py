from __future__ import annotations

import random

import pytest
from bench.insiders.company import Company
from bench.insiders.days import ordinary, poisson, works
from bench.insiders.log import Log


def test_a_day_is_the_same_each_time_it_is_made() -> None:
    company = Company(3, 40, 60)
    one, two = Log(), Log()
    for log in (one, two):
        for person in company.people[:10]:
            ordinary(company, person, 8, log)
    assert one.files == two.files
    assert one.mails == two.mails
    assert one.logons
    assert not one.plants


def test_nobody_works_before_coming_after_going_or_on_holiday() -> None:
    company = Company(3, 40, 60)
    person = company.people[0]
    person.comes, person.goes, person.away = 5, 20, (10, 12)
    rng = random.Random(1)
    days = {d for d in range(60) for _ in range(20) if works(rng, person, d)}
    assert days
    assert not days & {*range(5), 10, 11, *range(20, 60)}


@pytest.mark.parametrize("mean", [0.01, 2.0, 80.0])
def test_poisson_numbers_have_their_mean(mean: float) -> None:
    rng = random.Random(1)
    drawn = [poisson(rng, mean) for _ in range(4000)]
    assert sum(drawn) / 4000 == pytest.approx(mean, rel=0.25)
