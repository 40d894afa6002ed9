from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vedette.errors import JournalError
from vedette.model import Analytic, Entity, EntityKind
from vedette.response.journal import Entry
from vedette.response.world import Status, World, request, to_data
from vedette.testing.incidents import some_incident
from vedette.testing.responses import Block

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
MADE = request(Block().plan(some_incident(), Entity(EntityKind.ADDRESS, "198.51.100.7")), some_incident())


def world(*kinds: str) -> World:
    entries = [Entry(0, NOW, "proposed", to_data(MADE), "")]
    for n, kind in enumerate(kinds, 1):
        entries.append(Entry(n, NOW + timedelta(minutes=n), kind, {"uid": MADE.uid, "who": "ada"}, ""))
    return World.of(entries)


def test_a_request_survives_the_journal() -> None:
    assert world().requests == {MADE.uid: MADE}
    assert MADE.analytics == frozenset({Analytic.BEHAVIORAL}) or MADE.analytics


def test_the_same_plan_of_the_same_incident_is_one_request() -> None:
    again = World.of([Entry(n, NOW, "proposed", to_data(MADE), "") for n in range(2)])
    assert list(again.requests) == [MADE.uid]
    other = request(MADE.plan, some_incident(uid="i2"))
    assert other.uid != MADE.uid


@pytest.mark.parametrize(
    ("kinds", "status", "there"),
    [
        ((), Status.PROPOSED, False),
        (("approved",), Status.APPROVED, False),
        (("rejected",), Status.REJECTED, False),
        (("approved", "applying"), Status.APPLYING, True),
        (("applying", "applied"), Status.IN_FORCE, True),
        (("applying", "failed"), Status.FAILED, False),
        (("applying", "applied", "undoing"), Status.UNDOING, True),
        (("applying", "applied", "undoing", "undo failed"), Status.UNDOING, True),
        (("applying", "applied", "undoing", "undone"), Status.UNDONE, False),
    ],
)
def test_where_a_plan_stands(kinds: tuple[str, ...], status: Status, there: bool) -> None:
    found = world(*kinds)
    assert found.requests[MADE.uid].status is status
    assert [r.uid for r in found.in_the_world()] == [MADE.uid] * there


def test_its_time_counts_from_when_it_began() -> None:
    found = world("approved", "applying", "applied").requests[MADE.uid]
    assert found.since == NOW + timedelta(minutes=2)
    assert found.until == found.since + timedelta(seconds=MADE.plan.ttl_seconds)
    assert found.people == ("ada",)


def test_what_was_stopped_may_go_on() -> None:
    assert World.of([Entry(0, NOW, "stopped", {"who": "ada"}, "")]).stopped == "ada"
    assert not World.of([Entry(n, NOW, k, {"who": "ada"}, "") for n, k in enumerate(("stopped", "resumed"))]).stopped


def test_a_line_about_nothing_is_damage() -> None:
    with pytest.raises(JournalError, match="nobody proposed"):
        World.of([Entry(0, NOW, "applied", {"uid": "x"}, "")])
