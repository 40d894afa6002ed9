from __future__ import annotations

import random
from datetime import timedelta

import polars as pl
import pytest

from vedette.detectors.lateral_movement import LateralMovement
from vedette.events.batch import EventBatch
from vedette.features.lateral_host import LateralHost
from vedette.model import Severity
from vedette.testing.flows import START, flows
from vedette.testing.rows import hits_of, rows_of

HOUR, DAY = 3_600.0, 86_400.0
SERVERS = [f"10.1.0.{n}" for n in range(1, 5)]
PEOPLE = [f"10.2.0.{n}" for n in range(1, 61)]
ADMIN, MANAGEMENT = "10.3.0.1", "10.1.0.100"
LAST = 11 * DAY
"""A day on which all is known."""
Link = tuple[float, str, str, int]


def office() -> list[Link]:
    """Twelve days: files on two servers each, an administrator at work, a management server that goes round."""
    chance, links = random.Random(5), []
    own = {host: chance.sample(SERVERS, 2) for host in PEOPLE}
    for day in range(12):
        for hour in range(9):
            at = day * DAY + hour * HOUR
            links += [
                (at + chance.uniform(0, HOUR), h, s, 445) for h in PEOPLE for s in own[h] if chance.random() < 0.6
            ]
            links += [(at + chance.uniform(0, HOUR), ADMIN, chance.choice(PEOPLE + SERVERS), 3_389)]
            links += [(at + chance.uniform(0, HOUR), MANAGEMENT, h, 445) for h in chance.sample(PEOPLE, 8)]
    return links


def batch(links: list[Link]) -> EventBatch:
    made = flows(
        len(links), src=[s for _, s, _, _ in links], dst=[d for *_, d, _ in links], port=[p for *_, p in links]
    )
    times = pl.Series([START + timedelta(seconds=at) for at, *_ in links]).cast(made.frame.schema["time"])
    return EventBatch(made.kind, made.frame.with_columns(time=times, start_time=times))


CHAIN = [(LAST + 600, PEOPLE[4], PEOPLE[8], 445), (LAST + 1_500, PEOPLE[8], PEOPLE[20], 3_389)]
FAN = [(LAST + 60 * n, PEOPLE[30], PEOPLE[40 + n], 445) for n in range(7)]
CASES: dict[str, tuple[list[Link], str | None, Severity]] = {
    "a chain": (CHAIN, PEOPLE[8], Severity.HIGH),
    "a fan": (FAN, PEOPLE[30], Severity.MEDIUM),
    "nothing": ([], None, Severity.LOW),
    "a chain the wrong way round": ([(2 * LAST - t, *rest) for t, *rest in CHAIN], None, Severity.LOW),  # type: ignore[misc]
    "one colleague's share": (CHAIN[:1], None, Severity.LOW),
    "the other file servers": ([(LAST + 60 * n, PEOPLE[3], s, 445) for n, s in enumerate(SERVERS)], None, Severity.LOW),
    "the administrator goes round": (
        [(LAST + 60 * n, ADMIN, h, 3_389) for n, h in enumerate(PEOPLE[:3])],
        None,
        Severity.LOW,
    ),
}


@pytest.fixture(scope="module")
def usual() -> list[Link]:
    return office()


@pytest.mark.parametrize("case", CASES)
def test_against_an_office(case: str, usual: list[Link]) -> None:
    links, host, severity = CASES[case]
    hits = hits_of(LateralMovement, batch(usual + links))
    assert hits["host"].to_list() == ([host] if host else [])
    if host:
        assert hits["severity"].to_list() == [severity]


def test_the_protocols_are_the_techniques(usual: list[Link]) -> None:
    rows = rows_of(LateralHost, batch(usual + CHAIN))
    assert LateralMovement().attacks(rows.filter(LateralMovement().score(rows) >= 0.5)) == [("T1021.001",)]


def test_without_history_it_says_nothing() -> None:
    assert hits_of(LateralMovement, batch([(t - LAST, *rest) for t, *rest in CHAIN + FAN])).is_empty()  # type: ignore[misc]


def test_the_sentence_says_how(usual: list[Link]) -> None:
    (summary,) = hits_of(LateralMovement, batch(usual + CHAIN))["summary"]
    assert PEOPLE[8] in summary
    assert "after a host that never did so had called it" in summary
