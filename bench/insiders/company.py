"""The people of a made-up company: roles, habits, computers, projects; everything that the seed decides once."""

# ruff: noqa: SIM905 - lists of names read better as text

from __future__ import annotations

import random
from dataclasses import dataclass, field

FIRST = tuple(
    """
    anna ben carla david elena farid greta hugo iris jonas karin leo mara nils olga paul quinn rosa samir tilda uwe vera willem
    xenia yusuf zoe
    """.split()
)
LAST = tuple(
    """
    adler berg conti dahl engel fischer gruber holm ivanov jansen keller lund moreau novak olsen peters quist roth stein thorn
    ulrich vogel weber young zimmer
    """.split()
)
CUSTOMERS = tuple(f"customer-{n}.example" for n in range(40))
PRIVATE = ("gmail.com", "gmx.net", "outlook.com", "yahoo.com", "icloud.com", "web.de")
OWN = "corp.example"
PROJECTS = 24
KINDS = (".docx", ".xlsx", ".pptx", ".pdf", ".dwg", ".csv", ".txt", ".zip")


@dataclass(frozen=True, slots=True)
class Role:
    """What a job makes likely; rates are per working day, as (least, most) of people in it.

    Attributes:
        share: of the company.
        stick: a drive is attached; ``copies``: documents copied then.
        outside: mails to customers; ``attached``: median bytes of what is attached.
        cloud: something is sent to a site that keeps files, by those who do at all (``cloudy``).
        machines: other computers logged on to.
        programs: programs fetched.
        files: documents opened.
        circulars: mails to everybody.
        pastes: visits of sites where texts are published.
    """

    name: str
    share: float
    stick: tuple[float, float] = (0.0, 0.015)
    copies: tuple[int, int] = (2, 40)
    outside: tuple[float, float] = (0.2, 2.0)
    attached: float = 2e5
    cloudy: float = 0.15
    cloud: tuple[float, float] = (0.01, 0.15)
    machines: tuple[float, float] = (0.0, 0.02)
    programs: tuple[float, float] = (0.0, 0.02)
    files: tuple[int, int] = (5, 25)
    circulars: float = 0.0
    pastes: float = 0.0005
    night: float = 0.0


ROLES = (
    Role("engineer", 0.34, stick=(0.0, 0.08), programs=(0.02, 0.15), files=(8, 40), pastes=0.02),
    Role(
        "sales",
        0.20,
        stick=(0.05, 0.6),
        copies=(3, 80),
        outside=(3.0, 14.0),
        attached=1e6,
        cloudy=0.5,
        cloud=(0.1, 0.6),
    ),
    Role("office", 0.22, outside=(0.3, 3.0), files=(10, 45)),
    Role("research", 0.10, stick=(0.02, 0.3), copies=(3, 120), files=(8, 60), programs=(0.01, 0.08), cloudy=0.3),
    Role(
        "admin",
        0.08,
        stick=(0.01, 0.15),
        machines=(0.4, 3.0),
        programs=(0.1, 0.5),
        files=(1, 12),
        night=0.3,
        pastes=0.01,
    ),
    Role("manager", 0.06, outside=(1.0, 6.0), files=(4, 20), circulars=0.12),
)


@dataclass(slots=True, eq=False)
class Person:
    """One of them, with habits of their own; rates are per working day."""

    number: int
    name: str
    role: Role
    machine: str
    boss: int
    arrives: float
    stays: float
    wobble: float
    late: float
    weekend: float
    night: bool
    stick: float
    copies: float
    outside: float
    attached: float
    cloud: float
    cloud_bytes: float
    machines: float
    programs: float
    files: float
    circulars: float
    pastes: float
    home: float
    home_bytes: float
    looking: tuple[int, int]
    comes: int
    goes: int
    away: tuple[int, int]
    projects: list[tuple[int, int]] = field(default_factory=list)
    """(from this day on, project)."""


class Company:
    """Who works there.

    Args:
        seed: the same seed gives the same people.
        people: how many.
        days: for how long.
    """

    def __init__(self, seed: int, people: int, days: int) -> None:
        self.seed, self.days = seed, days
        rng = random.Random(f"company {seed}")
        names = rng.sample([f"{a}.{b}" for a in FIRST for b in LAST], people)
        roles = [r for r in ROLES for _ in range(max(1, round(r.share * people)))]
        roles = (roles + [ROLES[0]] * people)[:people]
        rng.shuffle(roles)
        managers = [n for n, r in enumerate(roles) if r.name == "manager"] or [0]
        self.people = [self._person(rng, n, names[n], roles[n], rng.choice(managers)) for n in range(people)]
        self.rooms = [f"room-{n}" for n in range(6)]
        self.news = [(rng.randrange(days), rng.uniform(0.02, 0.12)) for _ in range(3)]
        """Days on which many read what was published, and how many."""
        self.deadlines = [(rng.randrange(days), rng.randrange(PROJECTS)) for _ in range(6)]
        self._leavers(rng)

    def _person(self, rng: random.Random, number: int, name: str, role: Role, boss: int) -> Person:
        days = self.days
        uses_cloud = rng.random() < role.cloudy
        begins = rng.randrange(days)
        looks = (begins, begins + rng.randrange(5, 30)) if rng.random() < 0.12 else (0, 0)
        holiday = rng.randrange(-10, days)
        person = Person(
            number=number,
            name=name,
            role=role,
            machine=f"pc-{number:03d}",
            boss=boss,
            arrives=rng.gauss(7.6, 0.8),
            stays=rng.uniform(7.6, 9.6),
            wobble=rng.uniform(0.1, 0.8),
            late=rng.choice((0.005, 0.02, 0.04, 0.12)),
            weekend=rng.choice((0.0, 0.01, 0.03, 0.15)),
            night=rng.random() < role.night,
            stick=rng.uniform(*role.stick) if rng.random() < 0.5 else role.stick[0],
            copies=rng.uniform(*role.copies),
            outside=rng.uniform(*role.outside),
            attached=role.attached * rng.lognormvariate(0, 0.8),
            cloud=rng.uniform(*role.cloud) if uses_cloud else 0.004,
            cloud_bytes=3e6 * rng.lognormvariate(0, 1.2),
            machines=rng.uniform(*role.machines),
            programs=rng.uniform(*role.programs),
            files=rng.uniform(*role.files),
            circulars=role.circulars,
            pastes=role.pastes * rng.lognormvariate(0, 1),
            home=rng.uniform(0.005, 0.06) if rng.random() < 0.25 else 0.001,
            home_bytes=4e5 * rng.lognormvariate(0, 1.2),
            looking=looks,
            comes=rng.randrange(5, days) if rng.random() < 0.05 else 0,
            goes=days,
            away=(holiday, holiday + rng.randrange(4, 16)),
        )
        for _ in range(rng.randrange(1, 4)):
            person.projects.append((0, rng.randrange(PROJECTS)))
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            person.projects.append((rng.randrange(days), rng.randrange(PROJECTS)))
        if rng.random() < 0.05:
            self._moves(rng, person)
        return person

    def _moves(self, rng: random.Random, person: Person) -> None:
        """The person gets another job in the company: other projects from a day on, more mail outside."""
        day = rng.randrange(self.days)
        person.projects = [(0, p) for _, p in person.projects[:2]] + [(day, rng.randrange(PROJECTS)) for _ in range(4)]

    def _leavers(self, rng: random.Random) -> None:
        """Some leave with consent: they look for work before, and take their own papers along in the last week."""
        self.leavers: dict[int, int] = {}
        for person in rng.sample(self.people, max(1, len(self.people) // 40)):
            day = rng.randrange(self.days // 3, self.days)
            person.goes, person.looking = day + 1, (day - rng.randrange(20, 60), day - 15)
            self.leavers[person.number] = day
