from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.detectors.made_people import ANNA, drive, files, logons, mail, office

from vedette.detectors.insider_month import DRIFTS, InsiderMonth
from vedette.events.batch import EventBatch
from vedette.features.person_day import USUAL
from vedette.testing.rows import hits_of

DAYS = 68


def home(day: int, size: int) -> EventBatch:
    """Return a mail to a private mailbox."""
    return mail(ANNA, 24.0 * day + 15, ["me@gmail.com"], size)


def little_by_little() -> tuple[EventBatch, ...]:
    """Return others' computers, mail home and copies, a few times a week at first and then daily."""
    out: list[EventBatch] = []
    for day in range(44, DAYS):
        if day % 7 < 5 and (day > 54 or day % 2):
            at = 24.0 * day
            out += [logons(ANNA, [at + 15], f"pc-person{5 + day % 3}"), home(day, 400_000), drive(ANNA, at + 16)]
            out.append(files(ANNA, at + 16, [f"E:\\{n}.pdf" for n in range(6)], 1))
    return tuple(out)


CASES: dict[str, tuple[Callable[[], tuple[EventBatch, ...]], bool]] = {
    "an ordinary quarter": (lambda: (), False),
    "little by little": (little_by_little, True),
    "once": (lambda: (home(60, 4_000_000),), False),
    "from the first day on": (lambda: tuple(home(d, 400_000) for d in range(DAYS) if d % 7 < 5), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    made, notable = CASES[case]
    hits = hits_of(InsiderMonth, *office(DAYS), *made())
    assert bool(hits.height) is notable, hits.select("person", "time", "score", "summary").to_dicts()
    assert set(hits["person"]) <= {ANNA}


def test_it_says_what_drifts_and_stands_beside_others_only() -> None:
    hit = hits_of(InsiderMonth, *office(DAYS), *little_by_little()).sort("score").row(-1, named=True)
    assert hit["summary"].startswith(f"{ANNA} has changed in the last weeks, beside 4")
    assert "mails more to private mailboxes" in hit["summary"]
    assert InsiderMonth.corroborates


def test_every_drift_is_of_a_number_that_is_learned() -> None:
    assert {f for numbers, _, _ in DRIFTS.values() for f in numbers} <= set(USUAL)
