from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.detectors.made_people import ANNA, SHARE, drive, files, logons, mail, office, requests

from vedette.app.engine import Engine
from vedette.config import Config
from vedette.detectors.insider_day import KINDS, InsiderDay
from vedette.detectors.insider_month import InsiderMonth
from vedette.events.batch import EventBatch
from vedette.features.person_day import USUAL
from vedette.incidents.correlate import correlate
from vedette.testing.rows import hits_of

DAY = 38
AT = 24.0 * DAY
WORK = (logons(ANNA, [AT + 8.5, AT + 13.5]), files(ANNA, AT + 10, [f"{SHARE}\\paper-{n}.docx" for n in range(9)]))


def taken(n: int, hour: float = 15) -> tuple[EventBatch, ...]:
    """Return documents copied to a drive."""
    return drive(ANNA, AT + hour), files(ANNA, AT + hour + 0.1, [f"E:\\paper-{i}.docx" for i in range(n)], 1)


CASES: dict[str, tuple[Callable[[], tuple[EventBatch, ...]], bool]] = {
    "an ordinary day": (lambda: (), False),
    "a drive for the first time, five documents": (lambda: taken(5), False),
    "a late evening": (lambda: (logons(ANNA, [AT + 21]),), False),
    "a job site": (lambda: (requests(ANNA, AT + 12, "www.indeed.com", 6),), False),
    "curious about what was published": (lambda: (requests(ANNA, AT + 12, "wikileaks.org", 3),), False),
    "tidying up": (lambda: (files(ANNA, AT + 15, [f"{SHARE}\\paper-{n}.docx" for n in range(60)], 4),), False),
    "papers mailed home": (lambda: (mail(ANNA, AT + 15, ["me@gmail.com"], 300_000),), False),
    "at night, a drive, a leak site": (
        lambda: (
            logons(ANNA, [AT + 2]),
            *taken(200, 2.2),
            requests(ANNA, AT + 3, "wikileaks.org", 3, 4_000_000),
        ),
        True,
    ),
    "somebody's computer, and mail home": (
        lambda: (
            logons(ANNA, [AT + 15], "pc-person5"),
            files(ANNA, AT + 15, [f"\\\\files\\home-person5\\own\\{n}.docx" for n in range(90)]),
            mail(ANNA, AT + 16, ["me@gmail.com"], 9_000_000),
        ),
        True,
    ),
    "thousands of documents deleted at night": (
        lambda: (
            logons(ANNA, [AT + 3]),
            files(ANNA, AT + 3, [f"{SHARE}\\paper-{n}.docx" for n in range(3000)], 4),
        ),
        True,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    made, notable = CASES[case]
    hits = hits_of(InsiderDay, *office(), *WORK, *made())
    hits = hits.filter(hits["score"] >= InsiderDay.alert_from)
    assert bool(hits.height) is notable, hits.select("person", "time", "score", "summary").to_dicts()
    assert set(hits["person"]) <= {ANNA}


def test_it_says_what_was_unusual_against_what_and_accuses_nobody() -> None:
    made, _ = CASES["at night, a drive, a leak site"]
    hit = hits_of(InsiderDay, *office(), *WORK, *made()).sort("score").row(-1, named=True)
    assert hit["summary"].startswith(
        f"{ANNA}, 2026-04-09, was unusual beside 28 days before: active at 2, 8, 11, 13 o'clock UTC"
    )
    assert "1 drives attached, 200 documents copied to drives" in hit["summary"]
    assert "3 requests to sites that publish documents (wikileaks.org)" in hit["summary"]
    rows = hits_of(InsiderDay, *office(), *WORK, *made())
    words = " ".join(r.text for reasons in InsiderDay().reasons(rows) for r in reasons)
    assert "never as much in 28 days before" in words
    assert not any(w in words.lower() for w in ("thief", "malicious", "attack", "suspect"))
    assert InsiderDay().attacks(rows.sort("score").tail(1))[0] == ("T1078", "T1052.001", "T1567.002", "T1567")


def test_who_does_it_every_day_is_not_found() -> None:
    copied = [f"E:\\{n}.pdf" for n in range(200)]
    daily = [b for d in range(39) if d % 7 < 5 for b in (drive(ANNA, 24 * d + 15), files(ANNA, 24 * d + 15, copied, 1))]
    hits = hits_of(InsiderDay, *office(), *daily)
    assert hits.filter(hits["age"] > 10).height == 0


def test_the_first_days_of_a_scan_flood_nobody() -> None:
    hits = hits_of(InsiderDay, *office(days=3), *taken(80))
    assert hits.filter(hits["score"] >= InsiderDay.alert_from).height == 0


def test_every_number_belongs_to_a_kind() -> None:
    spoken = {f for kind in KINDS for f in kind.numbers}
    assert set(USUAL) - spoken == {"outside"}  # how many mails go out is everyday's


def test_through_the_engine_it_is_one_incident_with_fair_words() -> None:
    made, _ = CASES["at night, a drive, a leak site"]
    engine = Engine(Config(), [InsiderDay, InsiderMonth])
    for batch in (*office(), *WORK, *made()):
        engine.feed(batch)
    outcome = engine.close()
    engine.spool.close()
    assert not [i for i in outcome.idle if i.broke]
    (incident,) = correlate(outcome.findings)
    assert incident.title == f"{ANNA} had an unusual day"
