from __future__ import annotations

import string
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.abc import Detector
from vedette.incidents.correlate import correlate
from vedette.incidents.guidance import FORECAST, GUIDANCE, OF_PEOPLE
from vedette.incidents.guidance_cloud import CLOUD
from vedette.incidents.guidance_host import HOST
from vedette.incidents.stages import PROGRESS
from vedette.incidents.story import STEPS
from vedette.intel.attack import TACTICS, techniques
from vedette.model import Analytic, Entity, EntityKind, Evidence, Finding, Reason, Severity
from vedette.plugins import discover
from vedette.testing.made import finding

A, V = "203.0.113.7", "10.0.0.5"
MANY = " ".join(f"10.{n}.0.1" for n in range(12))
LOW, HIGH = Severity.LOW, Severity.HIGH

SIGNS = tuple(
    Reason(t, w, "x") for t, w in (("a weaker sign", 0.1), ("a shell is started by a document: cmd.exe", 0.8))
)
TITLES = {
    f"{A} scanned {V}": [finding(A, V, "T1595.001")],
    f"{A} scanned many addresses": [finding(A, MANY, "T1046")],
    f"Many addresses flooded {V}": [finding(MANY, V, "T1498.001")],
    f"{A} flooded {V} by reflection": [finding(A, V, "T1498.002")],
    f"{A} scanned {V}, then guessed passwords": [
        finding(A, V, "T1595", severity=LOW),
        finding(A, f"{V} user:bob", "T1110", at=5),
    ],
    f"{A} guessed passwords on web1, then logged in": [
        finding(A, "host:web1 user:bob", "T1110"),
        finding(A, "user:bob host:web1", "T1110 T1078", at=5, severity=HIGH),
        finding("user:bob", "host:web1", "T1548", at=9),
    ],
    "Many addresses attacked a service of many addresses": [
        finding(MANY, MANY, "T1018", severity=LOW),
        finding(MANY, MANY, "T1190", at=5),
    ],
    "bob gained rights on web1": [finding("user:bob", "host:web1", "T1548")],
    f"{A} drew attention at {V}": [finding(A, V, "")],
    f"{A} sent bob a phishing link": [finding(A, "user:bob", "T1566.002")],
    f"{A} sent bob a dangerous attachment": [finding(A, "user:bob", "T1566.001 T1566.002")],
    f"{A} sent ben a phishing link": [
        replace(finding(A, "user:ben", "", severity=LOW), detector="spam"),
        finding(A, "user:ben", "T1566.002"),
    ],
    "Somebody dug in on ws7": [finding("host:ws7", "", "T1547.001")],
    "Somebody cleared logs on ws7": [finding("host:ws7", "host:ws7", "T1070.001")],
    "ws7: a shell is started by a document": [
        replace(finding("host:ws7", "user:bob", "T1059"), detector="process_start", reasons=SIGNS)
    ],
    f"{A} sent spam to bob": [replace(finding(A, "user:bob", ""), detector="spam")],
}


@pytest.mark.parametrize(("title", "findings"), TITLES.items(), ids=TITLES.keys())
def test_the_heading_names_attacker_deed_and_victim(title: str, findings: list[Finding]) -> None:
    (incident,) = correlate(findings)
    assert incident.title == title
    assert len(title.split()) <= 10


def test_the_story_runs_from_when_and_who_to_what_comes_next() -> None:
    (incident,) = correlate([finding(A, V, "T1110", at=n, lasts=0.5) for n in range(3)])
    assert incident.story == (
        "22 November 2026, 12:00:00 to 12:02:30 UTC (2 min 30 s): 203.0.113.7 against 10.0.0.5.",
        "12:00:00  203.0.113.7 did T1110 to 10.0.0.5. (2 more like it, 12:00:00 to 12:02:30.)",
        "What stands out: 1,024 ports in 12 s, where 3 is usual.",
        "No finding shows a login that worked.",
        "Likely next: a login that works (Initial Access), then more rights.",
    )
    assert (
        incident.next_steps[0] == f"Search the logs of {V} for an accepted login by {A}, during the guessing and after."
    )


def test_another_day_is_named_and_weak_kinds_are_counted() -> None:
    findings = [finding(A, V, "T1046", at=12 * 60 + n, detector=f"d{n}") for n in range(STEPS + 2)]
    (incident,) = correlate([finding(A, V, "T1046", at=11 * 60 + 59, severity=HIGH), *findings])
    told = incident.story[1:-3]
    assert [s for s in told if s.startswith("23 November 2026, 00:0")] == [told[1]]
    assert told[-1] == "3 weaker kinds of finding belong to it too."


HOSTILE = st.text(alphabet=st.sampled_from("{}<>\x00\u202e\n\t \"'%\\a\u200b"), max_size=80)


@settings(deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_names_stay_harmless_words(user: str, victim: str, summary: str) -> None:
    hostile = {
        "actors": (Entity(EntityKind.USER, user),),
        "targets": (Entity(EntityKind.HOST, victim),),
        "summary": summary,
    }
    made = replace(finding("", "", "T1110"), **hostile)  # type: ignore[arg-type]
    (incident,) = correlate([made])
    for text in (incident.title, *incident.story, *incident.next_steps):
        assert text.isprintable()
    assert len(incident.title.split()) <= 10


def test_the_tables_speak_of_known_techniques_and_of_every_tactic() -> None:
    by_actor = {f"{name} {role.kind}" for name, of in discover(Detector).items() for role in of.actor.choices()}
    assert set(GUIDANCE) <= techniques().keys() | TACTICS.keys() | discover(Detector).keys() | by_actor | {""}
    assert set(PROGRESS) == set(TACTICS)
    assert set(TACTICS) <= set(FORECAST) <= TACTICS.keys() | techniques().keys()
    for name, words in GUIDANCE.items():
        fields = {
            f for text in (words.did, *words.check, words.outcome) for _, f, _, _ in string.Formatter().parse(text) if f
        }
        assert ("{v}" in words.did) is (
            name not in OF_PEOPLE | CLOUD.keys() | (HOST.keys() - {"log_cleared_windows", "mfa_fatigue"})
        )
        assert fields <= {"a", "v"}
        assert words.check


def test_checks_speak_of_whoever_did_what_they_are_about() -> None:
    (incident,) = correlate(
        [
            finding(A, f"{V} user:bob", "T1110 T1078", severity=Severity.CRITICAL),
            finding(V, MANY, "T1046", at=5, severity=HIGH),
            finding(A, V, "T1595", at=-5, severity=LOW),
        ]
    )
    assert incident.next_steps[0].startswith(f"End the sessions of {A} on {V}")
    assert incident.next_steps[1].startswith(f"Read what that account did on {V}")
    assert incident.next_steps[2].startswith(f"Ask who runs {V}:")


def test_a_story_with_many_kinds_leaves_no_stage_out_and_tells_actors_apart() -> None:
    scans = [finding(A, V, "T1595", at=n, severity=HIGH, detector=f"d{n}") for n in range(STEPS + 4)]
    weak = finding(A, V, "T1571", at=20, severity=LOW, summary="An odd port.")
    inside = finding(V, MANY, "T1046", at=40, detector="sees_T1110", title="Case of T1110", summary="It scans on.")
    (incident,) = correlate([*scans, weak, finding(A, V, "T1110", at=30), inside])
    told = " ".join(incident.story)
    assert "An odd port." in told
    assert "It scans on." in told


def test_a_mail_with_its_links_is_told_as_the_mail() -> None:
    learned: dict[str, Any] = {"analytic": Analytic.LEARNING, "evidence": (Evidence("m.eml", 0),)}
    mail = replace(
        finding("user:x", "user:y", "T1566.002", score=0.96, event_count=12, **learned),
        actors=(Entity(EntityKind.EMAIL, "a@b.example"),),
        targets=tuple(Entity(EntityKind.EMAIL, f"{who}@c.example") for who in ("anna", "ben")),
        reasons=(Reason("all other words of the text", 0.9), Reason("a form asks for a password", 0.091)),
    )
    link = replace(
        finding("domain:d.example", "user:y", "T1204.001", score=0.994, **learned),
        detector="url",
        targets=(Entity(EntityKind.URL, "http://d.example/login"),),
    )
    (incident,) = correlate([mail, link])
    assert incident.title == "a@b.example sent *@c.example a phishing link"
    assert "What stands out: a form asks for a password." in incident.story
    assert any(s.endswith("(11 more like it, 12:00:00 to 12:01:00.)") for s in incident.story)
    (alone,) = correlate([link])
    assert alone.title == "d.example lured with hxxp://d[.]example/login"
    assert alone.story[0].endswith(": d.example with hxxp://d[.]example/login.")


def test_of_a_person_whose_day_was_unusual_no_victim_is_named_and_nothing_foretold() -> None:
    (incident,) = correlate([finding("user:anna.berg", "", "T1567.002 T1485", detector="insider_day")])
    assert incident.title == "anna.berg had an unusual day"
    assert incident.story[0].endswith("anna.berg.")
    told = " ".join(incident.story)
    assert not any(words in told for words in ("against", "targets without a name", "Likely next"))


def test_what_says_the_same_of_the_same_event_makes_room_for_what_says_more() -> None:
    """A ninth kind is told instead of a second judgement of one event; what else is said of other events is told as ever."""
    others = [finding(A, V, "T1595", at=n, detector=f"d{n}", summary=f"Deed {n}.") for n in range(1, STEPS)]
    grave = finding(A, f"{V} user:bob", "T1595", detector="sure", severity=HIGH, summary="It is so.")
    echo = finding(A, f"{V} user:bob", "T1595", detector="unsure", summary="It may be so.")
    (incident,) = correlate([grave, echo, *others])
    told = " ".join(incident.story)
    assert "It is so." in told
    assert "It may be so." not in told
    assert all(f"Deed {n}." in told for n in range(1, STEPS))
    (elsewhere,) = correlate([grave, replace(echo, evidence=(Evidence("other.log", 1),)), *others])
    assert "It may be so." in " ".join(elsewhere.story)
