from __future__ import annotations

import random
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.incidents.correlate import BLOCKS, BUSY_COUNT, correlate
from vedette.incidents.stages import CROWD
from vedette.model import Analytic, Entity, EntityKind, Evidence, Finding, Severity
from vedette.testing.made import finding

ATTACKER, VICTIM, OTHER = "203.0.113.7", "10.0.0.5", "10.0.0.6"
SPREAD = " ".join(f"10.9.{n}.1" for n in range(12))


def sizes(findings: list[Finding]) -> list[int]:
    return sorted((len(i.findings) for i in correlate(findings)), reverse=True)


PAIRS = {
    "one actor within the gap": (finding(ATTACKER, VICTIM, "T1046"), finding(ATTACKER, OTHER, "T1110", at=30), True),
    "one actor after the gap": (finding(ATTACKER, VICTIM, "T1046"), finding(ATTACKER, VICTIM, "T1110", at=120), False),
    "strangers": (finding(ATTACKER, VICTIM, "T1046"), finding("198.51.100.9", OTHER, "T1046"), False),
    "guessed at, then it scans": (finding(ATTACKER, VICTIM, "T1110"), finding(VICTIM, SPREAD, "T1046", at=5), True),
    "it scanned before": (finding(ATTACKER, VICTIM, "T1110", at=5), finding(VICTIM, SPREAD, "T1046"), False),
    "only scanned, then it scans": (finding(ATTACKER, VICTIM, "T1595"), finding(VICTIM, SPREAD, "T1046", at=5), False),
    "flooded, then it scans": (finding(ATTACKER, VICTIM, "T1498"), finding(VICTIM, SPREAD, "T1046", at=5), False),
    "entered, then sudo there": (
        finding(ATTACKER, "host:web1 user:bob", "T1078"),
        finding("user:bob", "host:web1", "T1548", at=5),
        True,
    ),
    "guessed at in vain, then sudo there": (
        finding(ATTACKER, "host:web1 user:admin", "T1110"),
        finding("user:bob", "host:web1", "T1548", at=5),
        False,
    ),
    "two users on one host": (
        finding("user:bob", "host:web1", "T1548"),
        finding("user:eve", "host:web1", "T1070"),
        True,
    ),
    "root here and root there": (
        finding("user:root", "host:web1", "T1548"),
        finding("user:root", "host:db1", "T1070"),
        False,
    ),
    "one server in the background": (
        finding(ATTACKER, VICTIM, "T1595"),
        finding("198.51.100.9", VICTIM, "T1595"),
        True,
    ),
    "one swept network": (
        finding(ATTACKER, "10.0.0.1 10.0.0.2", "T1595"),
        finding("198.51.100.9", "10.0.0.8 10.0.0.9", "T1595"),
        True,
    ),
    "one server, two stages": (finding(ATTACKER, VICTIM, "T1595"), finding("198.51.100.9", VICTIM, "T1498"), False),
    "a login is not background": (
        finding(ATTACKER, VICTIM, "T1110 T1078"),
        finding("198.51.100.9", VICTIM, "T1110 T1078"),
        False,
    ),
}


@pytest.mark.parametrize(("first", "second", "joined"), PAIRS.values(), ids=PAIRS.keys())
def test_what_joins_and_what_does_not(first: Finding, second: Finding, joined: bool) -> None:
    assert sizes([first, second]) == ([2] if joined else [1, 1])


def test_an_intrusion_is_one_story_apart_from_the_background_on_the_same_server() -> None:
    story = [
        finding(ATTACKER, VICTIM, "T1595.002", severity=Severity.LOW),
        finding(ATTACKER, f"{VICTIM} user:bob", "T1110", at=10),
        finding(ATTACKER, f"{VICTIM} host:web1 user:bob", "T1110 T1078", at=20, severity=Severity.HIGH),
        finding("user:bob", "host:web1", "T1548.003", at=30),
    ]
    noise = [finding(f"198.51.100.{n}", VICTIM, "T1595.002", at=n / 10, severity=Severity.LOW) for n in range(200)]
    incidents = correlate(story + noise)
    assert [len(i.findings) for i in incidents] == [4, 200]
    assert [i.severity for i in incidents] == [Severity.CRITICAL, Severity.LOW]


def test_a_flood_by_a_thousand_is_one_incident_however_it_was_seen() -> None:
    alone = [finding(f"198.51.{n // 250}.{n % 250}", VICTIM, "T1498.001", at=n / 100) for n in range(1000)]
    crowds = [
        finding(" ".join(f"192.0.2.{10 * n + k}" for k in range(10)), VICTIM, "T1498.001", at=n, detector="crowd")
        for n in range(10)
    ]
    assert sizes(alone) == [1000]
    assert sizes(crowds) == [10]


def test_a_gateway_behind_which_many_act_joins_only_with_a_second_fact() -> None:
    nat = "192.0.2.1"
    many = [finding(nat, f"10.{n}.0.1", "T1110", at=n / 100) for n in range(BUSY_COUNT + 1)]
    apart = finding(nat, "198.51.100.200", "T1071", at=1)
    same_target = finding(nat, "10.7.0.1", "T1498", at=1)
    assert sizes([*many[:10], apart]) == [11]
    assert sizes([*many, apart, same_target]) == [BUSY_COUNT + 2, 1]


def test_forged_sources_of_a_flood_do_not_drag_their_owners_in() -> None:
    forged = [f"198.51.100.{n}" for n in range(1, 13)]
    flood = finding(" ".join(forged), VICTIM, "T1498.001")
    others = [finding(a, f"10.{n}.0.9", "T1110", at=5) for n, a in enumerate(forged)]
    assert sizes([flood, *others]) == [1] * 13


SOME = [p for pair in PAIRS.values() for p in pair[:2]]


@settings(deadline=None)
@given(st.permutations(SOME))
def test_the_order_of_findings_does_not_matter(findings: list[Finding]) -> None:
    assert correlate(findings) == correlate(SOME)


@settings(deadline=None)
@given(st.lists(st.sampled_from(SOME), unique_by=lambda f: f.uid))
def test_every_finding_is_in_exactly_one_incident(findings: list[Finding]) -> None:
    incidents = correlate(findings)
    assert sorted(f.uid for i in incidents for f in i.findings) == sorted(f.uid for f in findings)
    assert len({i.uid for i in incidents}) == len(incidents)


def test_many_findings_take_little_time() -> None:
    rng = random.Random(7)
    address = [f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}" for _ in range(5000)]
    findings = [
        finding(rng.choice(address), rng.choice(address), rng.choice(["T1046", "T1110", "T1498", "T1078"]), at=n / 50)
        for n in range(20_000)
    ]
    start = time.process_time()
    incidents = correlate(findings)
    assert time.process_time() - start < 5  # about 1 s; 100,000 take about 5 s
    assert sum(len(i.findings) for i in incidents) == len(findings)


def test_building_blocks_raise_nothing_and_glue_nothing() -> None:
    one, two = finding(ATTACKER, VICTIM, "T1046"), finding("198.51.100.9", OTHER, "T1046", at=5)
    weak = finding(ATTACKER, OTHER, "T1566", at=2, alert=False, score=0.2)
    far = finding(ATTACKER, OTHER, "T1566", at=600, alert=False, score=0.2)
    assert correlate([weak, far]) == []
    bare, both = correlate([one, two]), correlate([far, weak, two, one])
    assert [i.uid for i in both] == [i.uid for i in bare], "the incidents are those of the alerts"
    assert sorted(len(i.findings) for i in both) == [1, 2]
    assert [i.risk for i in both] == [i.risk for i in bare]
    (told,) = (i for i in both if len(i.findings) == 2)
    assert told.story[-1].startswith("1 weaker finding about")


def test_a_likely_building_block_corroborates() -> None:
    alert = finding(ATTACKER, VICTIM, "T1046", score=0.6)
    block = finding(ATTACKER, VICTIM, "T1566", at=1, alert=False, score=0.9, analytic=Analytic.LEARNING)
    (bare,), (both,) = correlate([alert]), correlate([alert, block])
    assert both.confidence > bare.confidence


def test_the_surest_blocks_have_room() -> None:
    alert = finding(ATTACKER, VICTIM, "T1046")
    weak = [finding(ATTACKER, VICTIM, "T1566", at=n / 100, alert=False, score=n / 100) for n in range(90)]
    (incident,) = correlate([alert, *weak])
    assert len(incident.findings) == BLOCKS + 1
    assert min(f.score for f in incident.findings) > 0.5


def test_a_mail_and_a_link_in_it_are_one() -> None:
    learned = {"analytic": Analytic.LEARNING}
    mail = finding("a.example", "user:bob", "T1566", evidence=(Evidence("m.eml", 0),), **learned)
    link = finding("b.example", "file:c", "T1204.001", at=1, evidence=(Evidence("m.eml", 0),), **learned)
    other = finding("d.example", "file:e", "T1204.001", at=1, evidence=(Evidence("m.eml", 1),), **learned)
    assert sizes([mail, link, other]) == [2, 1]
    many = finding(
        "b.example", "file:c", "T1204.001", at=1, evidence=(Evidence("m.eml", 0),), event_count=900, **learned
    )
    assert sizes([mail, many]) == [1, 1]


def _lure(kind: EntityKind, actor: str, *, at: float, **changes: Any) -> Finding:  # noqa: ANN401 - of any field
    made = finding("host:x", "user:bob", "T1566.002", at=at, analytic=Analytic.LEARNING, evidence=(), **changes)
    return replace(made, uid=f"{made.uid}|{actor}", actors=(Entity(kind, actor),))


def test_a_campaign_is_one_incident() -> None:
    mail, domain = EntityKind.EMAIL, EntityKind.DOMAIN
    assert sizes([_lure(mail, f"offers{n}@pills.example", at=n) for n in range(9)]) == [9]
    assert sizes([_lure(mail, f"someone{n}@gmail.com", at=n) for n in range(3)]) == [1, 1, 1]
    assert sizes([_lure(domain, "bad.example", at=300.0 * n) for n in range(4)]) == [4], "clicks hours apart"
    assert sizes([_lure(domain, "bad.example", at=0), _lure(domain, "bad.example", at=60 * 30)]) == [1, 1]


def test_who_goes_where_a_mail_led_joins_it_and_nobody_else() -> None:
    evil = Entity(EntityKind.DOMAIN, "bad.example")
    went = [replace(_lure(EntityKind.ADDRESS, f"10.0.0.{n}", at=300.0 + n), targets=(evil,)) for n in (5, 6)]
    assert sizes(went) == [2], "two clients of one site"
    elsewhere = replace(went[1], targets=(Entity(EntityKind.DOMAIN, "worse.example"),))
    assert sizes([went[0], elsewhere]) == [1, 1], "two sites"
    assert sizes([_lure(EntityKind.DOMAIN, "bad.example", at=0), *went]) == [3], "a mail led both there"
    assert sizes([_lure(EntityKind.DOMAIN, "bad.example", at=60 * 30), *went]) == [2, 1], "the mail came later"


def test_many_mails_and_the_link_in_all_of_them_are_one() -> None:
    mails = _lure(EntityKind.EMAIL, "a@b.example", at=0, event_count=12)
    links = _lure(EntityKind.DOMAIN, "c.example", at=1, event_count=12)
    same = (Evidence("m.mbox", 4), Evidence("m.mbox", 7))
    assert sizes([replace(mails, evidence=same), replace(links, evidence=same)]) == [2]


def test_a_host_that_is_judged_as_a_whole_is_one_incident_and_heads_it() -> None:
    """However much was found about it, and though what it did is of several stages."""
    names = [finding(VICTIM, f"domain:d{n}.example", "T1568.002", at=n / 10, detector="domain") for n in range(300)]
    other = [
        finding(VICTIM, "domain:x.example", "T1204.001", at=n / 10, detector="url", uid=f"u{n}") for n in range(30)
    ]
    judged = finding(VICTIM, "", "T1568.002", lasts=40, detector="infected_host", severity=Severity.HIGH, score=0.8)
    assert len(correlate([*names, *other])) > 1
    whole = correlate([*names, *other, judged])
    assert len(whole) == 1
    assert whole[0].title.startswith(f"{VICTIM} looks infected")
    assert len(whole[0].findings) == 331


def _failing(hosts: int, *, apart: float = 1.0, technique: str = "T1046") -> list[Finding]:
    """Return a finding of each of so many hosts, about targets of its own, some minutes apart."""
    return [finding(f"10.0.1.{n}", f"198.51.{n}.7 203.0.{n}.9", technique, at=n * apart) for n in range(hosts)]


def test_what_more_than_a_crowd_does_alike_at_one_time_is_one_incident() -> None:
    assert sizes(_failing(CROWD + 1)) == [CROWD + 1]
    (together,) = correlate([replace(f, severity=Severity.CRITICAL) for f in _failing(CROWD + 1)])
    assert any("10.0.1.0 was the first" in line for line in together.story)
    assert together.severity is Severity.MEDIUM, "an outage is likelier than nine attackers"
    assert sizes(_failing(CROWD)) == [1] * CROWD, "a few may be a few attackers"
    assert sizes(_failing(CROWD + 1, apart=100)) == [1] * (CROWD + 1), "not at one time"
    assert sizes(_failing(CROWD + 1, technique="T1110")) == [1] * (CROWD + 1), "guessing has no innocent common cause"


def test_who_got_further_does_not_drown_in_what_many_do_alike() -> None:
    further = finding("10.0.1.3", "10.0.0.99", "T1021", at=5)
    found = correlate([*_failing(CROWD + 4), further])
    assert sorted(len(i.findings) for i in found) == [2, CROWD + 3]
    assert next(i for i in found if len(i.findings) == 2).actors == further.actors


@pytest.mark.parametrize("technique", ["T1071", "T1566", "T1041"])
def test_only_what_has_an_innocent_common_cause_is_joined_for_being_many(technique: str) -> None:
    many = [
        replace(f, evidence=(Evidence("a.log", n),)) for n, f in enumerate(_failing(CROWD + 4, technique=technique))
    ]
    assert sizes(many) == [1] * (CROWD + 4)


def test_scans_and_calls_in_vain_have_one_cause() -> None:
    both = [f for n, f in enumerate(_failing(CROWD + 4)) if n % 2] + [
        f for n, f in enumerate(_failing(CROWD + 4, technique="T1008")) if not n % 2
    ]
    assert sizes(both) == [CROWD + 4]
