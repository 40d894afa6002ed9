"""How often stolen accounts are found, and honest ones taken for stolen, in the sign-ins of a made-up company.

``python -m bench.logons`` prints a table. Two hundred people sign in for sixty days: from two offices, from home, on journeys, by a gateway
in another country, with new telephones now and then. On the working days of the second month an account a day is stolen, in four ways. The
company is simpler than life: nobody shares an account, logs have no gaps, and an address belongs to one country.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from vedette.app.engine import Engine
from vedette.config import Config
from vedette.detectors.dormant_account import DormantAccount
from vedette.detectors.impossible_travel import ImpossibleTravel
from vedette.detectors.unusual_logon import UnusualLogon
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.model import EntityKind, Finding

START = datetime(2026, 1, 5, tzinfo=UTC)
PEOPLE, DAYS, QUIET = 200, 60, 30
COUNTRIES = ("FR", "AT", "CH", "NL", "IT", "ES", "PL", "GB", "US", "TR", "AE", "IN", "JP", "SG", "BR")
BROWSERS = ("Chrome/120.0", "Edg/119.0", "Firefox/121.0", "Safari/17.1")
SYSTEMS = (
    "Windows NT 10.0; Win64; x64",
    "Macintosh; Intel Mac OS X 14_1",
    "X11; Linux x86_64",
    "iPhone; CPU iPhone OS 17_1",
    "Linux; Android 14",
)
WAYS = (
    "far away, with a script",
    "far away, with a browser",
    "at home, another machine",
    "far away, while the owner works",
)
Row = dict[str, object]


@dataclass(slots=True)
class Person:
    """Somebody with a home, machines and hours."""

    name: str
    home: str
    agents: list[str]
    begins: float
    gateway: bool


def _agent(rng: random.Random, mobile: bool) -> str:
    return f"Mozilla/5.0 ({rng.choice(SYSTEMS[3:] if mobile else SYSTEMS[:3])}) {rng.choice(BROWSERS)}"


def _address(rng: random.Random, first: int) -> str:
    return f"{first}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"


def company(seed: int) -> tuple[list[Row], dict[tuple[str, int], str]]:
    """Return the sign-ins, and (person, day) -> the way in which the account was stolen."""
    rng = random.Random(seed)
    people = [
        Person(
            f"person{n:03}@corp.example",
            _address(rng, 80 + n % 8),
            [_agent(rng, False), _agent(rng, True)],
            rng.gauss(8, 1),
            rng.random() < 0.3,
        )
        for n in range(PEOPLE)
    ]
    abroad = {c: 100 + i for i, c in enumerate(COUNTRIES)}
    journeys: dict[str, tuple[int, int, str, str]] = {}
    rows: list[Row] = []
    thefts: dict[tuple[str, int], str] = {}
    for day in range(DAYS):
        for p in people:
            if day % 7 >= 5 and rng.random() > 0.08:
                continue
            if rng.random() < 1 / 150:
                p.agents[rng.random() < 0.6] = _agent(rng, rng.random() < 0.6)
            if p.name not in journeys and rng.random() < 1 / 60:
                country = rng.choices(COUNTRIES, [8, 6, 5, 5, 4, 4, 3, 3, 3, 1, 1, 1, 1, 1, 1])[0]
                journeys[p.name] = (day, day + rng.randrange(1, 6), country, _address(rng, abroad[country]))
            rows += _day(rng, p, day, journeys.get(p.name))
            if p.name in journeys and day >= journeys[p.name][1]:
                del journeys[p.name]
        if day >= DAYS - QUIET and day % 7 < 5:
            victim, way = rng.choice(people), WAYS[day % len(WAYS)]
            thefts[victim.name, day] = way
            rows += _theft(rng, victim, day, way, abroad)
    return rows, thefts


def _row(p: Person, day: int, hour: float, address: str, country: str, agent: str) -> Row:
    at = START + timedelta(days=day, hours=hour)
    row: Row = {"time": at, "user.name": p.name, "src_endpoint.ip": address, "src_endpoint.location.country": country}
    return row | {"http_request.user_agent": agent, "service.name": "Mail", "activity_id": 1, "status_id": 1}


def _day(rng: random.Random, p: Person, day: int, journey: tuple[int, int, str, str] | None) -> list[Row]:
    rows = []
    office = rng.random() < 0.6
    for _ in range(rng.randrange(2, 6)):
        hour = min(max(rng.gauss(p.begins + 4, 2.5), 0.1), 23.9)
        agent = p.agents[rng.random() < 0.3]
        if journey and journey[0] < day <= journey[1]:
            rows.append(_row(p, day, hour, journey[3], journey[2], agent))
        elif p.gateway and rng.random() < 0.2:
            rows.append(_row(p, day, hour, "198.51.100.9", "NL", agent))
        elif office:
            rows.append(_row(p, day, hour, f"192.0.2.{1 + (len(p.name) + day) % 2}", "DE", agent))
        else:
            rows.append(_row(p, day, hour, p.home, "DE", agent))
    return rows


def _theft(rng: random.Random, p: Person, day: int, way: str, abroad: dict[str, int]) -> list[Row]:
    far = rng.choice(("VN", "BR", "NG", "US", "RU", "IN"))
    address = _address(rng, abroad.get(far, 150))
    night, noon = rng.uniform(0, 5), p.begins + 4
    if way == WAYS[0]:
        return [_row(p, day, night, address, far, "python-requests/2.31")]
    if way == WAYS[1]:
        return [_row(p, day, night, address, far, _agent(rng, False))]
    if way == WAYS[2]:
        return [_row(p, day, night, _address(rng, 90), "DE", _agent(rng, False))]
    return [_row(p, day, noon, p.home, "DE", p.agents[0]), _row(p, day, noon + 0.4, address, far, _agent(rng, False))]


def found(rows: list[Row]) -> tuple[Finding, ...]:
    """Return the findings of the three detectors."""
    schema = {k: SCHEMAS[EventClass.AUTHENTICATION][k] for k in rows[0]}
    frame = pl.DataFrame(rows, schema=schema, orient="row").sort("time").with_row_index("metadata.sequence")
    engine = Engine(Config(), [UnusualLogon, ImpossibleTravel, DormantAccount])
    engine.feed(EventBatch(EventClass.AUTHENTICATION, frame.cast({"metadata.sequence": pl.Int64})), "made")
    findings = engine.close().findings
    engine.spool.close()
    return findings


def study(seeds: range) -> str:
    """Return the table: recall by way of theft, and false findings per 1,000 days of a person."""
    caught, of, false, quiet = Counter[str](), Counter[str](), Counter[str](), 0
    for seed in seeds:
        rows, thefts = company(seed)
        quiet += len({(r["user.name"], r["time"].date()) for r in rows if isinstance(r["time"], datetime)}) - len(
            thefts
        )
        of.update(thefts.values())
        seen: dict[tuple[str, int], set[str]] = {}
        for f in found(rows):
            day = (f.first_seen - START).days
            for name in {e.value for e in (*f.actors, *f.targets) if e.kind is EntityKind.USER}:
                seen.setdefault((name, day), set()).add(f.detector)
        for key, detectors in seen.items():
            if key in thefts:
                caught.update({thefts[key], *(f"{thefts[key]}: {d}" for d in detectors)})
            else:
                false.update(detectors)
    lines = ["| Stolen account | Found | By |", "|---|---|---|"]
    for way in WAYS:
        by = ", ".join(f"`{k.split(': ')[1]}` {n}" for k, n in sorted(caught.items()) if k.startswith(f"{way}: "))
        lines.append(f"| {way} | {caught[way]} of {of[way]} | {by} |")
    lines += ["", "| Detector | False findings per 1,000 days of a person |", "|---|---|"]
    names = (UnusualLogon.name, ImpossibleTravel.name, DormantAccount.name)
    return "\n".join([*lines, *(f"| `{d}` | {1000 * false[d] / quiet:.2f} ({false[d]} of {quiet:,}) |" for d in names)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1)
    wanted = parser.parse_args()
    print(study(range(wanted.first, wanted.first + wanted.seeds)))
