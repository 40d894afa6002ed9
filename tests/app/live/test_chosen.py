from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vedette.abc import Wanted
from vedette.app.live.chosen import MOST_REMEMBERED, SETTLE_SECONDS, Choice, Chosen, Later, Memory, Told
from vedette.app.live.written import written
from vedette.model import Incident, Severity
from vedette.response.sinks.ocsf_json import OcsfJson
from vedette.store.state.state import State
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    opened = State.open(f"sqlite:///{tmp_path}/state.db")
    yield opened
    opened.close()


class Desk:
    """A store whose changes are held before one sink, and a clock that is turned by hand."""

    def __init__(self, state: State, **wanted: Any) -> None:  # noqa: ANN401 - settings
        self.state, self.now, self.position, self.seen = state, 1_000.0, 0, state.last_change()
        self.memory = Memory(state, "kept")
        self.choice = Choice(Wanted.model_validate(wanted), state, self.memory, lambda: self.now)

    def commit(self, *incidents: Incident, final: bool = True, **more: Any) -> list[Chosen | Later]:  # noqa: ANN401
        self.position += 1
        findings = [f for i in incidents for f in i.findings]
        uids = [f.uid for f in findings] if final else []
        self.state.commit(Work(self.position, findings=findings, final=uids, incidents=incidents, **more))
        return self.look()

    def look(self) -> list[Chosen | Later]:
        changes = sorted(self.state.changes(self.seen), key=lambda change: not change.gone)
        self.seen = self.state.last_change()
        return [choice for change in changes if (choice := self.choice.item(change)) is not None]

    def told(self, found: list[Chosen | Later]) -> dict[str, Any]:
        """Return the one message in ``found`` as its reader takes it, and remember it as sent."""
        (chosen,) = found
        assert isinstance(chosen, Chosen)
        if chosen.told:
            self.memory.put(chosen.uid, chosen.told)
        (item,) = written(OcsfJson(), [chosen], lambda _: None)
        assert item.message
        row: dict[str, Any] = json.loads(item.message.data)
        return {"key": item.message.key, **row}


def case(uid: str = "case-1", severity: Severity = Severity.HIGH) -> Incident:
    known = some_incident(uid)
    (one,) = known.findings
    return replace(known, severity=severity, findings=(replace(one, uid=f"f-{uid}"),))


def test_an_incident_is_told_at_once_and_not_at_each_small_change(state: State) -> None:
    desk = Desk(state)
    row = desk.told(desk.commit(case()))
    assert (row["key"], row["activity_id"], row["status_id"]) == ("case-1.4.new", 1, 1)
    assert desk.commit(replace(case(), risk=0.85, title="The same, a little worse")) == []


def test_it_is_told_again_when_it_gets_worse(state: State) -> None:
    desk = Desk(state)
    desk.told(desk.commit(case(severity=Severity.MEDIUM)))
    row = desk.told(desk.commit(case(severity=Severity.CRITICAL)))
    assert (row["key"], row["activity_id"], row["severity_id"]) == ("case-1.5.new", 2, 5)
    assert desk.commit(case(severity=Severity.LOW)) == []
    assert desk.commit(case(severity=Severity.HIGH)) == []


def test_it_is_told_when_it_is_closed_and_opened_again(state: State) -> None:
    desk = Desk(state)
    desk.told(desk.commit(case()))
    desk.state.status("case-1", "in_progress", "eve")
    assert desk.look() == []
    desk.state.status("case-1", "closed", "eve")
    row = desk.told(desk.look())
    assert (row["key"], row["activity_id"], row["status_id"]) == ("case-1.4.closed", 3, 5)
    desk.state.status("case-1", "new", "eve")
    assert desk.told(desk.look())["activity_id"] == 2


def test_what_weighs_too_little_is_not_told(state: State) -> None:
    desk = Desk(state, least="high")
    assert desk.commit(case(severity=Severity.MEDIUM)) == []
    assert desk.told(desk.commit(case(severity=Severity.HIGH)))["activity_id"] == 1


def test_one_that_may_still_change_is_told_after_a_minute(state: State) -> None:
    desk = Desk(state)
    (later,) = desk.commit(case(), final=False)
    assert later == Later(1_000.0 + SETTLE_SECONDS)
    desk.now += SETTLE_SECONDS - 1
    assert isinstance(desk.commit(replace(case(), risk=0.9), final=False)[0], Later)
    desk.now += 2
    row = desk.told(desk.commit(replace(case(), risk=0.95), final=False))
    assert row["activity_id"] == 1


def test_or_at_once_where_that_is_wanted_or_a_finding_is_final(state: State) -> None:
    desk = Desk(state, provisional=True)
    assert desk.told(desk.commit(case(), final=False))["activity_id"] == 1
    other = Desk(state)
    assert isinstance(other.commit(case("case-2"), final=False)[0], Later)
    assert other.told(other.commit(replace(case("case-2"), risk=0.9), final=True))["activity_id"] == 1


def grown(uid: str, *parts: Incident, severity: Severity = Severity.HIGH) -> Incident:
    """Return the incident that holds the findings of these."""
    return replace(case(uid, severity), findings=tuple(f for p in parts for f in p.findings))


def test_one_that_grows_keeps_the_name_that_it_was_told_by(state: State) -> None:
    desk = Desk(state)
    desk.told(desk.commit(case("case-1")))
    assert desk.commit(grown("case-2", case("case-1")), replaced={"case-1": "case-2"}) == []
    worse = grown("case-3", case("case-1"), severity=Severity.CRITICAL)
    row = desk.told(desk.commit(worse, replaced={"case-2": "case-3"}))
    assert (row["key"], row["activity_id"], row["metadata"]["uid"]) == ("case-1.5.new", 2, "case-1")
    stored = state.incident("case-1")
    assert stored
    assert stored.incident.uid == "case-3"
    desk.state.status("case-3", "closed", "eve")
    row = desk.told(desk.look())
    assert (row["key"], row["metadata"]["uid"]) == ("case-1.5.closed", "case-1")


def test_of_two_that_become_one_the_other_is_closed(state: State) -> None:
    desk = Desk(state)
    for uid in ("case-1", "case-2"):
        desk.told(desk.commit(case(uid)))
    both = grown("case-3", case("case-1"), case("case-2"))
    row = desk.told(desk.commit(both, replaced={"case-1": "case-3", "case-2": "case-3"}))
    assert row["activity_id"] == 3
    closed, kept = row["metadata"]["uid"], {"case-1": "case-2", "case-2": "case-1"}[row["metadata"]["uid"]]
    assert closed in ("case-1", "case-2")
    assert kept in row["message"]
    desk.state.status("case-3", "closed", "eve")
    assert desk.told(desk.look())["metadata"]["uid"] == kept


def test_one_that_goes_back_to_its_old_name_is_not_told_anew(state: State) -> None:
    desk = Desk(state)
    desk.told(desk.commit(case("case-1")))
    desk.commit(grown("case-2", case("case-1")), replaced={"case-1": "case-2"})
    assert desk.commit(replace(case("case-1"), risk=0.9), replaced={"case-2": "case-1"}) == []


def test_one_that_waits_and_grows_does_not_wait_anew(state: State) -> None:
    desk = Desk(state)
    assert isinstance(desk.commit(case("case-1"), final=False)[0], Later)
    desk.now += SETTLE_SECONDS - 10
    heir = grown("case-2", case("case-1"))
    assert desk.commit(heir, final=False, replaced={"case-1": "case-2"}) == [Later(1_000.0 + SETTLE_SECONDS)]


def test_one_that_turned_out_to_be_nothing_is_closed_if_it_was_told(state: State) -> None:
    desk = Desk(state)
    desk.told(desk.commit(case()))
    uid = case().findings[0].uid
    row = desk.told(desk.commit(withdrawn=[uid], replaced={"case-1": ""}))
    assert (row["activity_id"], row["message"]) == (3, "Closed: It turned out to be nothing.")
    assert isinstance(desk.commit(case("case-3"), final=False)[0], Later)
    assert desk.commit(withdrawn=[case("case-3").findings[0].uid], replaced={"case-3": ""}) == []


def test_findings_are_told_when_they_are_final(state: State) -> None:
    desk = Desk(state, what=["findings"])
    assert desk.commit(case(), final=False) == []
    row = desk.told(_finalized(desk))
    assert row["finding_info"]["uid"] == "f-case-1"
    assert row["key"].startswith("f-case-1.")
    assert desk.look() == []


def _finalized(desk: Desk) -> list[Chosen | Later]:
    desk.position += 1
    desk.state.commit(Work(desk.position, final=["f-case-1"]))
    return desk.look()


def test_findings_of_open_windows_are_told_and_taken_back_where_that_is_wanted(state: State) -> None:
    desk = Desk(state, what=["findings"], provisional=True)
    first = desk.told(desk.commit(case(), final=False))
    gone = desk.told(desk.commit(withdrawn=["f-case-1"]))
    assert (first["activity_id"], gone["activity_id"]) == (1, 3)
    assert first["key"] != gone["key"]


def test_a_finding_that_changes_with_every_look_is_told_once_a_minute(state: State) -> None:
    desk = Desk(state, what=["findings"], provisional=True)
    desk.told(desk.commit(case(), final=False))

    def worse(score: float) -> list[Chosen | Later]:
        return desk.commit(replace(case(), findings=(replace(case().findings[0], score=score),)), final=False)

    desk.now += 1
    assert worse(0.91) == [Later(1_000.0 + SETTLE_SECONDS)]
    desk.now += SETTLE_SECONDS
    assert desk.told(worse(0.92))["confidence_score"] == 92
    assert desk.told(_finalized(desk))["activity_id"] == 1


def test_what_was_told_lasts_and_is_bounded(state: State) -> None:
    memory = Memory(state, "kept")
    for number in range(MOST_REMEMBERED + 5):
        memory.put(f"i{number}", Told(3, closed=False))
    memory.put("i5", Told(4, closed=True))
    memory.save()
    again = Memory(state, "kept")
    assert again.get("i4") is None
    assert again.get("i5") == Told(4, closed=True)
    assert Memory(state, "other").get("i5") is None
