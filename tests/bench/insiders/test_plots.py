from __future__ import annotations

from bench.insiders.company import Company
from bench.insiders.log import HONEST, Log
from bench.insiders.plots import SHAPES, plant


def test_every_shape_is_planted_by_people_of_its_own() -> None:
    company, log = Company(3, 60, 90), Log()
    plots = plant(company, log, 1)
    assert [p.shape for p in plots] == list(SHAPES)
    culprits = [p.people[0] for p in plots]
    assert len(set(culprits)) == len(culprits)
    assert set(log.plants.values()) == {p.number for p in plots}
    assert {who for who, _ in log.plants} <= {name for p in plots for name in p.people}
    assert log.plot == HONEST
    assert not {company.people[n].name for n in company.leavers} & set(culprits)


def test_constants_are_drawn_by_the_seed() -> None:
    logs = []
    for seed in (3, 4):
        log = Log()
        plant(Company(seed, 60, 90), log, 1)
        logs.append((len(log.files), len(log.drives), sorted(d for _, d in log.plants)))
    assert logs[0] != logs[1]


def test_the_boss_writes_to_many() -> None:
    company, log = Company(3, 60, 90), Log()
    (plot,) = [p for p in plant(company, log, 1) if p.shape == 3]
    mails = [m for m in log.mails if m[1].startswith(plot.people[1])]
    assert mails
    assert all(len(m[2]) >= 30 for m in mails)
