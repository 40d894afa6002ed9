from __future__ import annotations

import pytest

from vedette.app.live import desk as module
from vedette.app.live.desk import Desk
from vedette.app.live.engine import Look
from vedette.config import Config, parse
from vedette.model import Finding
from vedette.response.propose import Proposer
from vedette.store.state.erasure import rewriter
from vedette.testing.made import finding


def _desk(config: Config | None = None) -> Desk:
    return Desk(config or Config(), Proposer(config or Config(), {}, books=[]))


def _look(*findings: Finding, final: tuple[str, ...] = ()) -> Look:
    return Look(findings, frozenset(final), {f.uid: [{"time": f.first_seen}] for f in findings}, {})


ONE = finding("192.0.2.1", "10.0.0.5", "T1110", uid="one")
TWO = finding("192.0.2.1", "10.0.0.5", "T1046", uid="two", at=5)
FAR = finding("192.0.2.9", "10.0.0.9", "T1046", uid="far", at=60 * 24 * 5)


def test_only_what_changed_goes_on() -> None:
    desk = _desk()
    first = desk.take(_look(ONE), 1)
    assert ([f.uid for f in first.findings], len(first.incidents), first.withdrawn) == (["one"], 1, [])
    same = desk.take(_look(ONE), 2)
    assert (same.findings, same.incidents, same.position) == ([], [], 2)
    more = desk.take(_look(ONE, TWO), 3)
    assert [f.uid for f in more.findings] == ["two"]
    assert [i.uid for i in more.incidents] == [first.incidents[0].uid]  # it grew, and is the same
    assert more.replaced == {}


def test_what_came_to_nothing_is_withdrawn_and_its_incident_is_no_more() -> None:
    desk = _desk()
    (incident,) = desk.take(_look(ONE), 1).incidents
    work = desk.take(_look(), 2)
    assert (work.withdrawn, work.replaced) == (["one"], {incident.uid: ""})


def test_an_incident_whose_first_finding_changes_is_replaced() -> None:
    desk = _desk()
    (before,) = desk.take(_look(TWO), 1).incidents
    work = desk.take(_look(ONE, TWO), 2)
    assert work.replaced == {before.uid: work.incidents[0].uid}


def test_what_is_final_is_held_for_later_ones_and_told_once() -> None:
    desk = _desk()
    work = desk.take(_look(ONE, final=("one",)), 1)
    assert list(work.final) == ["one"]
    later = desk.take(_look(TWO), 2)
    assert [f.uid for f in later.incidents[0].findings] == ["one", "two"]
    assert (list(later.final), later.withdrawn) == ([], [])


def test_old_incidents_are_let_go_and_stay_as_they_are() -> None:
    desk = _desk(parse("[serve]\nhorizon_hours = 48\n"))
    desk.take(_look(ONE, final=("one",)), 1)
    work = desk.take(_look(FAR, final=("far",)), 2)
    assert set(desk.held) == {"far"}
    assert work.replaced == {}
    assert desk.take(_look(), 3).replaced == {}


def test_what_is_held_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_HELD", 3)
    desk = _desk()
    many = [finding(f"192.0.2.{n}", "10.0.0.5", "T1110", uid=str(n), at=n * 90) for n in range(6)]
    desk.take(_look(*many, final=tuple(f.uid for f in many)), 1)
    assert set(desk.held) == {"3", "4", "5"}


def test_after_a_restart_the_store_is_set_straight_once() -> None:
    """What the store held as provisional from before, and nobody finds again, is withdrawn; what is final meanwhile is told."""
    desk = _desk()
    desk.note(_look(ONE, TWO, final=("one",)))
    work = desk.take(_look(TWO), 7, known={"one", "two", "ghost"})
    assert (list(work.final), work.withdrawn) == (["one"], ["ghost"])
    assert [f.uid for f in work.findings] == ["one", "two"]
    assert set(work.evidence) == {"one", "two"}


def test_a_checkpoint_changes_nothing() -> None:
    desk = _desk()
    desk.take(_look(ONE, TWO, final=("one",)), 1)
    again = _desk()
    again.load(desk.dump())
    assert again.take(_look(TWO), 2) == desk.take(_look(TWO), 2)
    assert again.take(_look(), 3).withdrawn == ["two"]


def test_who_is_erased_is_held_under_a_token_and_a_story_goes_on_with_it() -> None:
    desk = _desk()
    (before,) = desk.take(_look(ONE, final=("one",)), 1).incidents
    desk.note(_look(TWO, final=("two",)))
    rewrite = rewriter("192.0.2.1", "erased-1")
    desk.erase(rewrite)
    assert b"192.0.2.1" not in desk.dump()
    assert "192.0.2.1" not in repr((desk.held, desk._waiting, desk._evidence))
    work = desk.take(_look(), 2)
    assert [i.uid for i in work.incidents] == [before.uid]
    assert "192.0.2.1" not in repr(work)
    assert "erased-1" in repr(work.incidents)
    assert {f.uid for f in work.findings} == {"two"}
