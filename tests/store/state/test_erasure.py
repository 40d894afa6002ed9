from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vedette.errors import QueryError
from vedette.model import Entity, EntityKind, Finding, Plan, Reason
from vedette.store.state.connect import file_url
from vedette.store.state.erasure import _near, _rewriter
from vedette.store.state.state import State
from vedette.store.state.stored import FindingFilter, IncidentFilter
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident
from vedette.testing.made import finding

NAME = "victoria"
USER = Entity(EntityKind.USER, NAME)


def about(uid: str, *targets: Entity, at: float = 0, summary: str = "It was.") -> Finding:
    return replace(finding("10.0.0.1", "10.0.0.2", "T1", at=at, uid=uid, summary=summary), targets=targets)


def fill(state: State, name: str = NAME) -> None:
    """Store the name in every place that there is."""
    user = Entity(EntityKind.USER, name)
    one = replace(
        finding("10.0.0.1", "10.0.0.2", "T1110", uid="f1"),
        title=f"Guessing at {name}",
        summary=f"10.0.0.1 guessed {name}'s password.",
        targets=(user, Entity(EntityKind.EMAIL, f"{name}@corp.example")),
        reasons=(Reason(f"the account {name.upper()}, 50 times", 0.9),),
    )
    incident = replace(
        some_incident("incident1"),
        title=f"Password guessing at {name}",
        story=(f"{name} was guessed.",),
        next_steps=(f"Ask {name}.",),
        targets=one.targets,
        findings=(one,),
    )
    plan = Plan("disable_account", user, (f"disable {name}",), why=f"{name} was guessed")
    rows = [{"actor.user.name": name, "message": f"Failed for {name} from 10.0.0.1", "list": [{"deep": [name]}]}]
    state.commit(Work(1, [one], {"f1": rows}, incidents=[incident], plans={"incident1": [plan]}))
    state.verdict("incident1", "benign", "ann", f"asked {name}")
    state.note("ann", "looked", name, f"for {name}")


def told(state: State) -> str:
    """Return everything that the store tells, in one text."""
    parts = (
        state.incidents(IncidentFilter()),
        state.incident("incident1"),
        state.findings(FindingFilter()),
        state.finding("f1"),
        state.entities(),
        state.verdicts("incident1"),
        state.audit(),
        state.changes(0),
    )
    return "\n".join(map(repr, parts))


def test_nothing_that_the_store_tells_names_somebody_erased(state: State) -> None:
    fill(state)
    assert told(state).lower().count(NAME) > 15
    erased = state.erase(EntityKind.USER, NAME)
    assert NAME not in told(state).lower()
    assert "erased-" in told(state)
    assert erased == 7, "the finding, its evidence, the incident, the verdict, the note and two entities"
    assert state.erase(EntityKind.USER, NAME) == 0


def test_the_rest_is_as_it_was(state: State) -> None:
    fill(state)
    before = state.incident("incident1")
    state.erase(EntityKind.USER, NAME)
    after = state.incident("incident1")
    assert before is not None
    assert after is not None
    assert after.incident.actors == before.incident.actors
    assert (after.verdict, after.incident.techniques) == ("benign", before.incident.techniques)
    (token,) = {t.value for t in after.incident.targets if t.kind is EntityKind.USER}
    assert after.incident.title == f"Password guessing at {token}"
    assert after.incident.targets[1].value == f"{token}@corp.example"
    assert [i.incident.uid for i in state.incidents(IncidentFilter(entity=token, kind=EntityKind.USER)).items] == [
        "incident1"
    ]
    assert state.incidents(IncidentFilter(entity=NAME)).items == ()


def test_what_is_erased_is_in_no_byte_of_the_files(tmp_path: Path) -> None:
    state = State.open(file_url(tmp_path / "x.sqlite"))
    fill(state)
    assert any(NAME.encode() in p.read_bytes() for p in tmp_path.iterdir())
    state.erase(EntityKind.USER, NAME)
    assert [p.name for p in tmp_path.iterdir() if NAME.encode() in p.read_bytes().lower()] == []
    state.close()
    assert [p.name for p in tmp_path.iterdir() if NAME.encode() in p.read_bytes().lower()] == []


def test_two_spellings_become_one_entity(state: State) -> None:
    both = tuple(Entity(EntityKind.USER, n) for n in ("Victoria", "victoria"))
    state.commit(
        Work(
            1,
            [
                about("f1", *both),
                about("f2", both[0], at=90),
            ],
        )
    )
    state.erase(EntityKind.USER, "VICTORIA")
    (one,) = state.entities(text="erased-").items
    assert one.findings == 2
    assert (one.last_seen - one.first_seen).total_seconds() == 91 * 60


def test_others_with_like_names_stay(state: State) -> None:
    others = ("victorian", "xvictoria", "victor")
    targets = tuple(Entity(EntityKind.USER, n) for n in (*others, NAME))
    state.commit(Work(1, [about("f1", *targets, summary=" ".join(others))]))
    state.erase(EntityKind.USER, NAME)
    found = state.finding("f1")
    assert found is not None
    assert {t.value for t in found.finding.targets} >= set(others)
    assert found.finding.summary == " ".join(others)


@pytest.mark.parametrize(
    ("name", "stays"), [("10.0.0.5", "10.0.0.50 210.0.0.5"), ("al", "also al is here"), ("user", "x")]
)
def test_a_name_is_a_whole_word(state: State, name: str, stays: str) -> None:
    entity = Entity(EntityKind.USER, name)
    state.commit(Work(1, [about("f1", entity, summary=stays)]))
    assert state.erase(EntityKind.USER, name) == 2
    found = state.finding("f1")
    assert found is not None
    assert found.finding.summary == stays
    assert found.finding.targets[0].kind is EntityKind.USER
    assert found.finding.targets[0].value.startswith("erased-")


def test_words_of_ours_are_no_names(state: State) -> None:
    """Somebody may be called like a detector, a technique or a kind of thing."""
    fill(state)
    for name in ("user", "sees_T1110", "T1110", "f1x", "incident1", "disable_account", "address"):
        state.erase(EntityKind.USER, name)
    found = state.finding("f1")
    assert found is not None
    assert (found.finding.uid, found.finding.detector, found.finding.techniques) == ("f1", "sees_T1110", ("T1110",))
    assert state.incident("incident1") is not None


@pytest.mark.parametrize(
    "name",
    ["CORP\\alice", 'al"ice', "älice", "a\nlice", "\u202ealice", "x" * 3_000, "a\x00lice", "$(id)", "%", "ÄLICE"],
)
def test_any_name_can_be_erased(state: State, name: str) -> None:
    entity = Entity(EntityKind.USER, name)
    state.commit(Work(1, [about("f1", entity)], {"f1": [{"name": name}]}))
    assert state.erase(EntityKind.USER, name) >= 3
    found = state.finding("f1")
    assert found is not None
    assert found.finding.targets[0].value.startswith("erased-")
    assert str(found.evidence[0]["name"]).startswith("erased-")
    assert not [e for e in state.entities().items if "lice" in e.entity.value.lower()]


@pytest.mark.parametrize("name", ["", " ", "\n"])
def test_nobody_cannot_be_erased(state: State, name: str) -> None:
    with pytest.raises(QueryError):
        state.erase(EntityKind.USER, name)


def test_many_rows_are_rewritten_in_several_transactions(state: State) -> None:
    made = [about(f"f{n}", *(USER,) * (n % 2)) for n in range(1_203)]
    state.commit(Work(1, made))
    assert state.erase(EntityKind.USER, NAME) == 601 + 1
    assert state.findings(FindingFilter(entity=NAME)).items == ()


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_no_row_that_holds_a_name_is_passed_over(name: str, before: str, after: str) -> None:
    """What is looked at more closely is at least what would be changed."""
    text = before + name + after
    raw = msgspec.json.encode([text]).decode()
    if _rewriter([name], "TOKEN")(text) != text:
        assert _near([name]).search(raw)


def test_the_token_cannot_be_guessed_from_the_name(tmp_path: Path) -> None:
    """Two stores give the same person different tokens, and no digest of the old text is left to try names against."""
    found = []
    for n in range(2):
        state = State.open(file_url(tmp_path / f"{n}.sqlite"))
        fill(state)
        with sqlite3.connect(tmp_path / f"{n}.sqlite") as connection:
            before = connection.execute("SELECT digest FROM vedette_findings").fetchone()
        state.erase(EntityKind.USER, NAME)
        with sqlite3.connect(tmp_path / f"{n}.sqlite") as again:
            assert again.execute("SELECT digest FROM vedette_findings").fetchone() != before
        connection.close()
        again.close()
        found.append(state.entities(text="erased-").items[0].entity.value)
        state.close()
    assert found[0] != found[1]
