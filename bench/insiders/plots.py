"""Who takes data or does harm, and how: six shapes, with every constant drawn by the seed.

One to five are the scenarios of the CERT insider threat data set (answers r2 to r6.2); six, sabotage, is the commonest other case in the
literature (Cappelli, Moore and Trzeciak, *The CERT Guide to Insider Threats*, 2012).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from bench.insiders.company import OWN, PRIVATE, PROJECTS, Company, Person
from bench.insiders.days import CLOUDS, JOB_SITES, PAPERS, copy, document
from bench.insiders.log import CREATE, DELETE, HONEST, READ, Log

SHAPES = {
    1: "after hours, drive, leak site",
    2: "job sites, then drives",
    3: "administrator, keylogger, mail as the boss",
    4: "others' computers, mail home",
    5: "uploads to a file site",
    6: "sabotage",
}


@dataclass(frozen=True, slots=True)
class Plot:
    """One of them: ``people`` are the names under which it is done, the culprit's first."""

    number: int
    shape: int
    people: tuple[str, ...]


def plant(company: Company, log: Log, each: int) -> list[Plot]:
    """Write ``each`` plots of every shape, by different people; return them."""
    rng = random.Random(f"plots {company.seed}")
    taken: set[int] = set(company.leavers)
    plots: list[Plot] = []
    for shape in SHAPES:
        for _ in range(each):
            person = rng.choice(
                [
                    p
                    for p in company.people
                    if p.number not in taken
                    and not p.comes
                    and p.goes == company.days
                    and p.number != p.boss
                    and (shape != 3 or p.role.name in ("admin", "engineer"))
                ]
            )
            taken |= {person.number, person.boss} if shape == 3 else {person.number}
            log.plot = len(plots)
            names = (person.name, company.people[person.boss].name) if shape == 3 else (person.name,)
            _WRITTEN[shape](company, person, log, rng)
            plots.append(Plot(len(plots), shape, names))
    log.plot = HONEST
    return plots


def _days(rng: random.Random, company: Company, lasts: int) -> int:
    """Return a first day that leaves a month before and ``lasts`` days behind it."""
    return rng.randrange(30, max(31, company.days - lasts))


def _after_hours(company: Company, person: Person, log: Log, rng: random.Random) -> None:
    nights = rng.randrange(2, 7)
    first, hours = _days(rng, company, 20), rng.choice(((20, 24), (22, 28), (1, 5)))
    scale, site = rng.uniform(10, 150), rng.choice(PAPERS)
    for day in sorted(rng.sample(range(first, first + 18), nights)):
        hour = rng.uniform(*hours)
        log.logon(person.name, day, hour, person.machine)
        copy(log, person, day, hour + 0.2, rng.randrange(5, 10 + int(scale)), rng)
        if rng.random() < 0.7:
            for _ in range(rng.randrange(1, 5)):
                log.request(person.name, day, hour + 0.8, site, "/submit", int(1e6 * rng.lognormvariate(0, 1.5)))


def _job_then_drive(company: Company, person: Person, log: Log, rng: random.Random) -> None:
    weeks, thefts = rng.randrange(3, 8), rng.randrange(3, 9)
    first = rng.randrange(14, max(15, company.days - weeks * 7 - 16))
    rate, scale = rng.uniform(0.3, 0.9), rng.uniform(30, 350)
    for day in range(first, first + weeks * 7):
        if day % 7 < 5 and rng.random() < rate:
            for _ in range(rng.randrange(1, 8)):
                log.request(person.name, day, rng.uniform(8, 16), rng.choice(JOB_SITES), "/jobs")
        if day % 7 < 5 and rng.random() < 0.06:
            log.mail(
                person.name, day, rng.uniform(9, 16), ["hiring@rival.example"], [int(2e5 * rng.lognormvariate(0, 1))]
            )
    for day in sorted(rng.sample(range(first + weeks * 7, first + weeks * 7 + 14), thefts)):
        copy(log, person, day, rng.uniform(8, 17), rng.randrange(10, 20 + int(scale)), rng)


def _boss(company: Company, person: Person, log: Log, rng: random.Random) -> None:
    boss, day = company.people[person.boss], _days(rng, company, 4)
    day += (7 - day % 7) % 7 if day % 7 >= 5 else 0
    at = rng.uniform(9, 16)
    log.request(person.name, day, at, f"tools-{rng.randrange(99)}.example", "/keylog-setup.exe")
    log.drive(person.name, day, at + 0.5, person.machine, f"N{person.number}")
    log.file(person.name, day, at + 0.6, person.machine, CREATE, "E:\\keylog-setup.exe")
    log.logon(person.name, day, at + 1.2, boss.machine)
    log.drive(person.name, day, at + 1.3, boss.machine, f"N{person.number}")
    late = rng.uniform(8, 22)
    log.logon(boss.name, day + 1, late, rng.choice((person.machine, boss.machine)))
    size = rng.randrange(len(company.people) // 2, len(company.people))
    to = [f"{p.name}@{OWN}" for p in rng.sample(company.people, size)]
    for _ in range(rng.randrange(1, 3)):
        log.mail(boss.name, day + 1, late + 0.3, to, [])


def _others(company: Company, person: Person, log: Log, rng: random.Random) -> None:
    weeks = rng.randrange(7, 11)
    first = rng.randrange(14, max(15, company.days - weeks * 7))
    home = f"{rng.choice(('me', 'my.box'))}{person.number}@{rng.choice(PRIVATE)}"
    least, most, scale = rng.uniform(0.6, 1.2), rng.uniform(1.5, 3.5), 3e5 * rng.lognormvariate(0, 1)
    victims = rng.sample([p for p in company.people if p is not person], rng.randrange(3, 9))
    for week in range(weeks):
        often = least + (most - least) * week / weeks
        for day in sorted(
            rng.sample(range(first + week * 7, first + week * 7 + 5), min(5, max(0, round(often + rng.gauss(0, 0.5)))))
        ):
            victim, hour = rng.choice(victims), rng.uniform(8, 18)
            log.logon(person.name, day, hour, victim.machine)
            for _ in range(rng.randrange(3, 30)):
                log.file(person.name, day, hour + rng.random() * 0.5, victim.machine, READ, document(rng, victim, day))
            log.mail(
                person.name,
                day,
                hour + 0.7,
                [home],
                [int(scale * rng.lognormvariate(0, 0.8)) for _ in range(rng.randrange(1, 5))],
            )


def _uploads(company: Company, person: Person, log: Log, rng: random.Random) -> None:
    days = rng.randrange(3, 9)
    first, scale = _days(rng, company, 24), 10 ** rng.uniform(6.3, 8.3)
    site = rng.choice(CLOUDS)
    for day in sorted(rng.sample(range(first, first + 22), days)):
        hour = rng.uniform(8, 18)
        for _ in range(rng.randrange(5, 40)):
            log.file(person.name, day, hour, person.machine, READ, document(rng, person, day))
        for _ in range(rng.randrange(1, 8)):
            log.request(person.name, day, hour + 0.4, site, "/upload", int(scale / 4 * rng.lognormvariate(0, 0.8)))


def _sabotage(company: Company, person: Person, log: Log, rng: random.Random) -> None:
    day, night = _days(rng, company, 2), rng.random() < 0.5
    hour = rng.uniform(19, 23.4) if night else rng.uniform(9, 16)
    log.logon(person.name, day, hour, person.machine)
    folder = rng.randrange(PROJECTS)
    for _ in range(rng.randrange(80, 1500)):
        path = (
            document(rng, person, day)
            if rng.random() < 0.5
            else f"\\\\files\\project-{folder}\\part-{rng.randrange(6)}\\p-{rng.randrange(900)}.docx"
        )
        log.file(person.name, day, hour + rng.random() * 0.5, person.machine, DELETE, path)


_WRITTEN: dict[int, Callable[[Company, Person, Log, random.Random], None]] = {
    1: _after_hours,
    2: _job_then_drive,
    3: _boss,
    4: _others,
    5: _uploads,
    6: _sabotage,
}
