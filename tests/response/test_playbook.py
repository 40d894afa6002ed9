from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from vedette.errors import ContentError
from vedette.incidents.correlate import correlate
from vedette.model import Analytic, EntityKind, Finding, Incident, Severity
from vedette.response.playbook import CROWD, Match, Playbook, Proposal, load, playbooks, propose
from vedette.testing.made import finding

INTERNAL = [ip_network("10.0.0.0/8")]
A, V = "203.0.113.7", "10.0.0.5"
HIGH, RULE = Severity.HIGH, Analytic.RULE


def incident(*findings: Finding) -> Incident:
    (joined,) = correlate(findings)
    return joined


def objections(*findings: Finding) -> dict[str, str]:
    """Return what speaks against each plan, by target."""
    plans = propose([incident(*findings)], INTERNAL, [ip_network("10.0.0.1/32")])
    return {p.target.value: " ".join(p.objections) for found in plans.values() for p in found}


GUESSING = finding(A, f"{V} user:bob", "T1110.001", severity=HIGH)


def test_every_playbook_that_comes_with_it_is_valid() -> None:
    assert [b.name for b in playbooks()] == ["block-attacker"]


def test_a_grave_incident_gets_a_plan_and_a_harmless_one_none() -> None:
    assert set(objections(GUESSING)) == {A}
    assert objections(replace(GUESSING, severity=Severity.LOW)) == {}
    assert objections(replace(GUESSING, score=0.7)) == {}
    assert objections(replace(GUESSING, techniques=("T1571",))) == {}


MANY = " ".join(f"198.51.100.{n}" for n in range(1, CROWD + 5))
OBJECTIONS = {
    "one kind of analytic": ([GUESSING], A, "Only one kind"),
    "forged sources": ([finding(A, V, "T1498.001", severity=HIGH)], A, "may be forged"),
    "reflection": ([finding(A, V, "T1498.002", severity=HIGH)], A, "abused server"),
    "inside": ([finding("10.0.0.9", V, "T1046", severity=HIGH)], "10.0.0.9", "inside your network"),
    "protected": ([finding("10.0.0.1", V, "T1046", severity=HIGH)], "10.0.0.1", "is protected"),
    "protected, as IPv6": ([finding("::ffff:10.0.0.1", V, "T1046", severity=HIGH)], "::ffff:10.0.0.1", "is protected"),
    "a victim too": ([GUESSING, finding(V, "10.0.0.6", "T1046", at=5, severity=HIGH)], V, "victim here as well"),
    "a crowd": ([finding(MANY, V, "T1498.001", severity=HIGH)], "198.51.100.1", "Many sources"),
}


@pytest.mark.parametrize(("findings", "target", "words"), OBJECTIONS.values(), ids=OBJECTIONS.keys())
def test_what_speaks_against_a_plan_is_said(findings: list[Finding], target: str, words: str) -> None:
    assert words in objections(*findings)[target]


def test_two_kinds_of_analytic_against_an_outsider_leave_no_objection() -> None:
    assert objections(GUESSING, finding(A, V, "T1110 T1078", at=5, severity=HIGH, analytic=RULE))[A] == ""


def test_plans_are_bounded_and_what_an_action_refuses_is_passed_over() -> None:
    book = Playbook("b", "", Match(entities=(EntityKind.ADDRESS,)), (Proposal("block_address", "actors", most=3),))
    flood = incident(finding(f"127.0.0.1 user:bob {MANY}", V, "T1498.001", severity=HIGH))
    (plans,) = propose([flood], books=[book]).values()
    assert [p.target.value for p in plans] == ["198.51.100.1", "198.51.100.2", "198.51.100.3"]


def test_an_action_that_does_not_exist_is_an_error_with_the_playbooks_name() -> None:
    book = Playbook("b", "", Match(entities=(EntityKind.ADDRESS,)), (Proposal("explode", "actors"),))
    with pytest.raises(ContentError, match=r"explode.*playbook b"):
        propose([incident(GUESSING)], books=[book])


GOOD = """\
name: b
goal: g
match:
  entities: [address]
  severity: high
propose:
  - action: block_address
    whom: actors
"""
BAD = {
    "an unknown key": (GOOD.replace("severity: high", "severty: high"), 5, "severty"),
    "a bad word": (GOOD.replace("whom: actors", "whom: everybody"), 8, "everybody"),
    "a missing key": (GOOD.replace("goal: g\n", ""), 1, "goal"),
    "no such technique": (GOOD.replace("severity: high", "techniques: [T0]"), 5, "T0"),
    "out of range": (GOOD.replace("severity: high", "confidence: 7"), 5, "<= 1"),
    "not YAML": (GOOD.replace("[address]", "[address"), 5, "expected"),
    "no mapping": ("3", 1, "object"),
    "nothing": ("", 1, "object"),
    "a tag": ("!!python/object/apply:os.getcwd []", 1, "constructor"),
}


@pytest.mark.parametrize(("text", "line", "words"), BAD.values(), ids=BAD.keys())
def test_a_bad_playbook_is_an_error_with_file_and_line(text: str, line: int, words: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load(path)
    assert caught.value.where == f"{path}:{line}"
    assert words in caught.value.message


def test_bytes_that_are_no_text_and_a_missing_file_are_errors_too(tmp_path: Path) -> None:
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    for name in ("bytes.yaml", "absent.yaml"):
        with pytest.raises(ContentError, match="not a valid playbook"):
            load(tmp_path / name)
