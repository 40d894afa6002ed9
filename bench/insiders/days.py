"""The ordinary days: what people do who mean no harm, with everything in it that looks like harm."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from bench.insiders.company import CUSTOMERS, KINDS, OWN, PRIVATE, Company, Person
from bench.insiders.log import CREATE, DELETE, READ, Log

JOB_SITES = ("www.indeed.com", "www.stepstone.de", "www.monster.com", "www.glassdoor.com", "www.xing.com")
CLOUDS = ("www.dropbox.com", "drive.google.com", "wetransfer.com", "www.box.com")
PAPERS = ("wikileaks.org", "pastebin.com", "cryptome.org")
DESK = ("news.example", "portal.corp.example", "wiki.corp.example", "maps.example", "weather.example")
_WEEKEND = 5


def poisson(rng: random.Random, mean: float) -> int:
    """Return a Poisson number (Knuth's way: means are small; large ones are rounded normals)."""
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, n, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        n, product = n + 1, product * rng.random()
    return n


def document(rng: random.Random, person: Person, day: int) -> str:
    """Return a document of the person's work: of its projects, its own folder, or the desk."""
    current = [p for since, p in person.projects if since <= day]
    kind = rng.choice(KINDS)
    if current and rng.random() < 0.7:
        return f"\\\\files\\project-{rng.choice(current)}\\part-{rng.randrange(6)}\\paper-{rng.randrange(400)}{kind}"
    if rng.random() < 0.1:
        return f"\\\\files\\common\\forms\\form-{rng.randrange(60)}{kind}"
    return f"\\\\files\\home-{person.name}\\papers\\own-{rng.randrange(300)}{kind}"


def works(rng: random.Random, person: Person, day: int) -> bool:
    """Return whether the person works on a day."""
    here = person.comes <= day < person.goes and not person.away[0] <= day < person.away[1]
    rate = person.weekend if day % 7 >= _WEEKEND else 0.97
    return here and rng.random() < rate


def ordinary(company: Company, person: Person, day: int, log: Log) -> None:
    """Write one day of one person."""
    rng = random.Random(f"{company.seed} {person.number} {day}")
    if not works(rng, person, day):
        return
    arrives = person.arrives + rng.gauss(0, person.wobble) + (12 if person.night and (day // 7) % 2 else 0)
    stays = max(1.0, person.stays + rng.gauss(0, person.wobble)) * (0.4 if day % 7 >= _WEEKEND else 1)
    projects = {p for since, p in person.projects if since <= day}
    hurried = any(day <= d < day + 5 and p in projects for d, p in company.deadlines)
    if rng.random() < person.late * (5 if hurried else 1):
        stays += rng.uniform(2, 6)

    def hour() -> float:
        return arrives + rng.random() * stays

    who, pc = person.name, person.machine
    log.logon(who, day, arrives, pc)
    for _ in range(poisson(rng, 2.5)):
        log.logon(who, day, hour(), pc)
    for _ in range(poisson(rng, person.files * (1.6 if hurried else 1))):
        log.file(who, day, hour(), pc, rng.choice((READ, READ, CREATE)), document(rng, person, day))
    for _ in range(poisson(rng, 3)):
        log.request(who, day, hour(), rng.choice(DESK))
    _mail(company, person, day, hour, rng, log)
    _data(person, day, hour, rng, log)
    _odd(company, person, day, hour, rng, log)
    if company.leavers.get(person.number) is not None:
        _leaves(company, person, day, hour, rng, log)


def _mail(company: Company, person: Person, day: int, hour: Callable[[], float], rng: random.Random, log: Log) -> None:
    who, everybody = person.name, company.people
    for _ in range(poisson(rng, 5)):
        to = [f"{rng.choice(everybody).name}@{OWN}" for _ in range(1 + poisson(rng, 0.8))]
        log.mail(who, day, hour(), to, [int(3e5 * rng.lognormvariate(0, 1))] if rng.random() < 0.3 else [])
    for _ in range(poisson(rng, person.outside)):
        to = [f"buyer{rng.randrange(4)}@{CUSTOMERS[(person.number * 7 + rng.randrange(5)) % len(CUSTOMERS)]}"]
        sizes = [int(person.attached * rng.lognormvariate(0, 1.2))] if rng.random() < 0.4 else []
        log.mail(who, day, hour(), to, sizes)
    if rng.random() < person.home:
        log.mail(who, day, hour(), [_private(person)], [int(person.home_bytes * rng.lognormvariate(0, 1))])
    if rng.random() < person.circulars or rng.random() < 0.001:
        to = [f"{p.name}@{OWN}" for p in rng.sample(everybody, rng.randrange(len(everybody) // 4, len(everybody)))]
        log.mail(who, day, hour(), to, [])


def _private(person: Person) -> str:
    return f"{person.name.replace('.', '')}@{PRIVATE[person.number % len(PRIVATE)]}"


def copy(log: Log, person: Person, day: int, hour: float, n: int, rng: random.Random) -> None:
    """A drive is attached and ``n`` documents are copied to it."""
    log.drive(person.name, day, hour, person.machine, f"S{person.number * 17 + rng.randrange(2)}")
    for _ in range(n):
        name = document(rng, person, day).rpartition("\\")[2]
        log.file(person.name, day, hour + rng.random() * 0.4, person.machine, CREATE, f"E:\\{rng.randrange(9)}-{name}")


def _data(person: Person, day: int, hour: Callable[[], float], rng: random.Random, log: Log) -> None:
    who = person.name
    if rng.random() < max(person.stick, 0.003):
        copy(log, person, day, hour(), 1 + poisson(rng, person.copies * rng.lognormvariate(-0.3, 0.8)), rng)
    if rng.random() < person.cloud:
        site = CLOUDS[person.number % len(CLOUDS)]
        for _ in range(1 + poisson(rng, 1.5)):
            log.request(who, day, hour(), site, "/upload", int(person.cloud_bytes * rng.lognormvariate(0, 1.2)))
    if rng.random() < person.programs:
        log.request(who, day, hour(), f"get-{rng.randrange(300)}.example", f"/setup-{rng.randrange(900)}.exe")
    _tidies(person, day, hour, rng, log)


def _tidies(person: Person, day: int, hour: Callable[[], float], rng: random.Random, log: Log) -> None:
    who = person.name
    if rng.random() < 0.003:
        for _ in range(rng.randrange(30, 400)):
            log.file(who, day, hour(), person.machine, DELETE, document(rng, person, day))
    elif rng.random() < 0.2:
        for _ in range(rng.randrange(1, 12)):
            log.file(who, day, hour(), person.machine, DELETE, document(rng, person, day))


def _odd(company: Company, person: Person, day: int, hour: Callable[[], float], rng: random.Random, log: Log) -> None:
    who, everybody = person.name, company.people
    for _ in range(poisson(rng, person.machines)):
        log.logon(who, day, hour(), rng.choice(everybody).machine)
    if rng.random() < 0.04:
        log.logon(who, day, hour(), rng.choice(company.rooms))
    if rng.random() < 0.006:
        log.logon(who, day, hour(), everybody[(person.number + rng.randrange(1, 6)) % len(everybody)].machine)
    _reads(company, person, day, hour, rng, log)


def _reads(company: Company, person: Person, day: int, hour: Callable[[], float], rng: random.Random, log: Log) -> None:
    who = person.name
    if person.looking[0] <= day < person.looking[1] and rng.random() < 0.4:
        for _ in range(rng.randrange(1, 9)):
            log.request(who, day, hour(), rng.choice(JOB_SITES), "/jobs")
    elif rng.random() < 0.008:
        log.request(who, day, hour(), rng.choice(JOB_SITES), "/jobs")
    curious = sum(share for d, share in company.news if d <= day < d + 2)
    if rng.random() < person.pastes + curious:
        for _ in range(rng.randrange(1, 5)):
            log.request(who, day, hour(), rng.choice(PAPERS), "/read")
    if rng.random() < 0.01:
        current = rng.randrange(24)
        for _ in range(rng.randrange(1, 15)):
            log.file(
                who,
                day,
                hour(),
                person.machine,
                READ,
                f"\\\\files\\project-{current}\\part-1\\paper-{rng.randrange(400)}.pdf",
            )


def _leaves(
    company: Company, person: Person, day: int, hour: Callable[[], float], rng: random.Random, log: Log
) -> None:
    last = company.leavers[person.number]
    if last - 6 <= day <= last and rng.random() < 0.4:
        copy(log, person, day, hour(), rng.randrange(10, 120), rng)
    if day == last:
        log.mail(person.name, day, hour(), [f"{p.name}@{OWN}" for p in company.people], [])
        log.mail(person.name, day, hour(), [_private(person)], [int(2e6 * rng.lognormvariate(0, 1))])
