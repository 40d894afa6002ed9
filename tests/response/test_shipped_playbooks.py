"""What the playbooks that come with Vedette propose, with every action ready: few plans, exact, in order."""

from __future__ import annotations

import platform
from datetime import timedelta
from typing import Any

import pytest

from vedette.abc import Action
from vedette.config import Config
from vedette.incidents.correlate import correlate
from vedette.model import Analytic, Entity, EntityKind, Finding, Incident, Severity
from vedette.plugins import discover
from vedette.response.equipped import equipped
from vedette.response.guard import Guard, Verdict
from vedette.response.playbook import playbooks
from vedette.response.propose import Proposer
from vedette.response.world import World, request
from vedette.testing.made import NOON, finding

HIGH, RULE, LEARNING = Severity.HIGH, Analytic.RULE, Analytic.LEARNING
OUT, IN, HOST = "203.0.113.7", "10.0.0.5", "host:web1"
SETTINGS: dict[str, Any] = {
    "network": {"internal": ["10.0.0.0/8"]},
    "privacy": {"domains": ["corp.example"]},
    "response": {"mode": "autonomous", "protected": ["dc1"]},
    "actions": {name: dict(cls.example) for name, cls in discover(Action).items() if name != "crowdsec_decision"},
}
CONFIG = Config.model_validate(SETTINGS)
ACTIONS = equipped(CONFIG)
PROPOSER = Proposer(CONFIG, ACTIONS)


def incident(*findings: Finding) -> Incident:
    (joined,) = correlate(findings)
    return joined


def both(actors: str, targets: str, techniques: str) -> list[Finding]:
    """Return the same, said by two kinds of analytic."""
    kinds = ((0, Analytic.STATISTICAL), (1, RULE))
    return [finding(actors, targets, techniques, at=at, analytic=kind, severity=HIGH) for at, kind in kinds]


LURE = finding("x", "y", "T1566.001", severity=HIGH, score=0.97, analytic=LEARNING, detector="phishing")
SENDER, BOB = Entity(EntityKind.EMAIL, "eve@bad.example"), Entity(EntityKind.EMAIL, "bob@corp.example")
FIELDS: dict[str, Any] = {**{n: getattr(LURE, n) for n in Finding.__slots__}, "actors": (SENDER,), "targets": (BOB,)}
MAIL = Finding(**FIELDS)
MAIL_ROWS = [{"email.message_uid": "<a1@bad.example>", "email.to": ["bob@corp.example"]}]
RUN_ROWS = [{"device.hostname": platform.node(), "process.file.path": "/srv/upload/x"}]

CASES: dict[str, tuple[list[Finding], list[dict[str, Any]], list[tuple[str, str, str]]]] = {
    "somebody outside guesses": (
        [finding(OUT, IN, "T1110.001", severity=HIGH)],
        [],
        [("block_address", OUT, "")],
    ),
    "he got in, one kind of analytic says": (
        [finding(OUT, f"user:bob {IN}", "T1110 T1078", severity=HIGH)],
        [],
        [("reset_password_at_next_logon", "bob", "approve"), ("open_case", OUT, ""), ("block_address", OUT, "")],
    ),
    "he got in, two say": (
        both(OUT, f"user:bob {IN}", "T1110 T1078"),
        [],
        [
            ("disable_account", "bob", "approve"),
            ("end_sessions", "bob", "approve"),
            ("open_case", OUT, ""),
            ("block_address", OUT, ""),
        ],
    ),
    "a host of ours calls home, one kind says": (
        [finding(IN, f"{OUT} domain:c2.example.net", "T1071.001", severity=HIGH)],
        [],
        [("sinkhole_domain", "c2.example.net", "approve"), ("open_case", IN, "")],
    ),
    "a host of ours calls home, two say": (
        both(IN, f"{OUT} domain:c2.example.net", "T1071.001"),
        [],
        [
            ("sinkhole_domain", "c2.example.net", "approve"),
            ("block_address", OUT, ""),
            ("isolate_host", IN, "approve"),
            ("open_case", IN, ""),
        ],
    ),
    "a host attacks its neighbours": (both(HOST, "10.0.0.6", "T1021.002"), [], [("isolate_host", "web1", "approve")]),
    "one that is protected does": (both("host:dc1", "10.0.0.6", "T1021.002"), [], []),
    "data leaves": (
        both(IN, OUT, "T1048"),
        [],
        [("block_address", OUT, ""), ("isolate_host", IN, "approve"), ("open_case", IN, "")],
    ),
    "a flood with forged sources": (
        [finding(OUT, IN, "T1498.001", severity=HIGH)],
        [],
        [("open_case", OUT, "")],
    ),
    "a flood by one that is real": (
        [finding(OUT, IN, "T1499.002", severity=HIGH)],
        [],
        [("block_address", OUT, ""), ("open_case", OUT, "")],
    ),
    "a lure in a mailbox": ([MAIL], MAIL_ROWS, [("quarantine_message", "<a1@bad.example>", "approve")]),
    "a lure that somebody followed": (
        [Finding(**{**FIELDS, "techniques": ("T1566.002", "T1204.001")})],
        MAIL_ROWS,
        [
            ("reset_password_at_next_logon", "bob@corp.example", "approve"),
            ("open_case", "eve@bad.example", ""),
            ("quarantine_message", "<a1@bad.example>", "approve"),
        ],
    ),
    "a program that should not be there, one kind says": (
        [finding(HOST, "user:bob", "T1204.002", severity=HIGH)],
        RUN_ROWS,
        [("open_case", "web1", "")],
    ),
    "a program that should not be there, two say": (
        both(HOST, "user:bob", "T1204.002"),
        RUN_ROWS,
        [
            ("quarantine_file", "/srv/upload/x", "approve"),
            ("isolate_host", "web1", "approve"),
            ("open_case", "web1", ""),
        ],
    ),
    "an unusual day of a person": (
        [finding("user:bob", "", "T1213", severity=HIGH, detector="insider_day", analytic=LEARNING)],
        [],
        [("open_case", "bob", "approve")],
    ),
}


@pytest.mark.parametrize(("findings", "rows", "wanted"), CASES.values(), ids=CASES.keys())
def test_what_is_proposed_and_in_which_order(
    findings: list[Finding], rows: list[dict[str, Any]], wanted: list[tuple[str, str, str]]
) -> None:
    evidence = {f.uid: rows for f in findings}
    assert [(p.action, p.target.value, p.tier) for p in PROPOSER(incident(*findings), evidence)] == wanted


@pytest.mark.parametrize(("findings", "rows"), [case[:2] for case in CASES.values()], ids=CASES.keys())
def test_nothing_disruptive_is_done_alone_on_one_kind_of_analytic(
    findings: list[Finding], rows: list[dict[str, Any]]
) -> None:
    seen = incident(*findings)
    guard, now = Guard(CONFIG), NOON + timedelta(hours=1)
    for plan in PROPOSER(seen, {f.uid: rows for f in findings}):
        made, action = request(plan, seen), type(ACTIONS[plan.action])
        verdict = guard.judge(made, action, World(), now).verdict
        assert verdict is not Verdict.GO or not action.disruptive or len(made.analytics) > 1


def test_every_action_that_has_a_use_without_a_script_stands_in_a_playbook() -> None:
    used = {step.action for book in playbooks() for step in book.steps}
    assert set(discover(Action)) - used == {"run_script", "run_script_once"}
