"""The guard's promises, one by one and over plans of every kind; those over time are in ``test_runner``."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.abc import Action
from vedette.config import Config, Mode
from vedette.model import Analytic, Entity, EntityKind, Plan
from vedette.response.guard import Guard, Verdict
from vedette.response.world import Request, Status, World
from vedette.testing.responses import Block, Wipe

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
BOTH = frozenset({Analytic.RULE, Analytic.STATISTICAL})


def wanted(target: str = "203.0.113.7", kind: EntityKind = EntityKind.ADDRESS, **changes: object) -> Request:
    plan = Plan("block", Entity(kind, target), ("block it",), ("unblock it",), disruptive=True, causes=("T1008",))
    base = Request("r1", plan, "i1", "An incident", BOTH, ("T1110",), NOW - timedelta(minutes=5))
    return replace(base, **changes)  # type: ignore[arg-type]


def guard(**response: object) -> Guard:
    network = response.pop("network", {})
    return Guard(Config.model_validate({"response": {"mode": "autonomous", **response}, "network": network}))


def judged(
    request: Request, by: Guard | None = None, world: World | None = None, action: type[Action] = Block
) -> tuple[Verdict, str]:
    decision = (by or guard()).judge(request, action, world or World(), NOW)
    return decision.verdict, decision.why


def in_force() -> World:
    other = wanted("203.0.113.9", uid="other", status=Status.IN_FORCE, since=NOW - timedelta(hours=2))
    return World({"other": other}, done=[(NOW - timedelta(hours=2), "block", other.plan.target)])


def test_independent_analytics_are_enough_where_vedette_may_act_alone() -> None:
    assert judged(wanted()) == (Verdict.GO, "independent analytics agree")


def test_a_model_alone_never_contains_anything() -> None:
    verdict, why = judged(wanted(analytics=frozenset({Analytic.LEARNING})))
    assert verdict is Verdict.ASK
    assert "only one kind of analytic (learning)" in why
    assert judged(wanted(analytics=frozenset()))[0] is Verdict.ASK
    assert judged(wanted(analytics=frozenset({Analytic.LEARNING}), people=("eve",)))[0] is Verdict.GO


def test_what_speaks_against_it_is_shown_to_a_person() -> None:
    objected = wanted(plan=replace(wanted().plan, objections=("203.0.113.7 may be forged",)))
    assert judged(objected) == (Verdict.ASK, "something speaks against it: 203.0.113.7 may be forged")


@pytest.mark.parametrize("mode", [Mode.OBSERVE, Mode.SUGGEST])
def test_by_default_nothing_is_carried_out_not_even_with_a_yes(mode: Mode) -> None:
    assert judged(wanted(people=("ada", "eve")), guard(mode=mode))[0] is Verdict.NO
    assert judged(wanted(people=("ada",)), Guard(Config()))[0] is Verdict.NO


def test_the_mode_of_an_action_and_the_stricter_one_of_a_kind_of_target() -> None:
    assert judged(wanted(), guard(mode="suggest", actions={"block": "autonomous"}))[0] is Verdict.GO
    assert judged(wanted(), guard(actions={"block": "approve"})) == (Verdict.ASK, "a person must approve")
    assert judged(wanted(), guard(targets={"address": "suggest"}))[0] is Verdict.NO
    assert judged(wanted(), guard(mode="suggest", targets={"address": "autonomous"}))[0] is Verdict.NO


def test_a_playbook_can_be_stricter_than_the_settings_and_never_laxer() -> None:
    def tiered(tier: str) -> Request:
        return wanted(plan=replace(wanted().plan, tier=tier))

    assert judged(tiered("approve")) == (Verdict.ASK, "a person must approve")
    assert judged(tiered("suggest")) == (
        Verdict.NO,
        "its playbook only lets Vedette suggest block: run its steps yourself",
    )
    assert judged(tiered("autonomous"))[0] is Verdict.GO
    assert judged(tiered("autonomous"), guard(mode="approve"))[0] is Verdict.ASK
    assert judged(tiered("autonomous"), guard(mode="suggest"))[0] is Verdict.NO


def test_what_only_speaks_of_a_target_may_speak_of_a_protected_one() -> None:
    class Case(Block):
        """Writes about it."""

        name = "case"
        touches = False
        disruptive = False

    own = wanted(plan=replace(wanted().plan, action="case", target=Entity(EntityKind.HOST, "dc1")))
    assert judged(own, guard(protected=["dc1"]), action=Case)[0] is Verdict.GO
    assert judged(own, guard(protected=["dc1"])) == (Verdict.NO, "dc1 is protected")


def test_the_same_action_with_other_parameters_is_another() -> None:
    there = wanted(uid="other", status=Status.IN_FORCE, since=NOW)
    world = World({"other": there}, done=[(NOW, "block", there.plan.target)])
    assert "in force already" in judged(wanted(), world=world)[1]
    other = wanted(plan=replace(wanted().plan, parameters={"mailbox": "bob"}))
    assert judged(other, world=world)[0] is Verdict.GO


@pytest.mark.parametrize(
    ("target", "kind", "settings_", "why"),
    [
        ("127.0.0.1", EntityKind.ADDRESS, {}, "this machine"),
        ("10.0.0.7", EntityKind.ADDRESS, {"network": {"protected": ["10.0.0.0/24"]}}, "protected"),
        ("::ffff:10.0.0.7", EntityKind.ADDRESS, {"network": {"protected": ["10.0.0.0/24"]}}, "protected"),
        ("203.0.113.7", EntityKind.ADDRESS, {"allowed": ["203.0.113.0/24"]}, "allow-list"),
        ("not an address", EntityKind.ADDRESS, {}, "not an address"),
        ("DC1", EntityKind.HOST, {"protected": ["dc1"]}, "dc1 is protected"),
        ("CORP\\krbtgt", EntityKind.USER, {"protected": ["KRBTGT"]}, "protected"),
        ("boss@corp.example", EntityKind.USER, {"protected": ["boss"]}, "protected"),
        ("mail.corp.example.", EntityKind.DOMAIN, {"protected": ["corp.example"]}, "protected"),
        ("dc1.corp.example", EntityKind.HOST, {"protected": ["corp.example"]}, "protected"),
    ],
)
def test_what_is_protected_is_never_touched_whoever_approves(
    target: str, kind: EntityKind, settings_: dict[str, Any], why: str
) -> None:
    verdict, said = judged(wanted(target, kind, people=("ada", "eve")), guard(**settings_))
    assert verdict is Verdict.NO
    assert why in said


def test_the_address_of_this_machine_is_its_own() -> None:
    by = replace(guard(), own={"203.0.113.7": "the gateway of this machine"})
    assert judged(wanted(people=("ada",)), by) == (Verdict.NO, "203.0.113.7 is the gateway of this machine")


def test_names_that_only_resemble_a_protected_one_are_not_it() -> None:
    assert judged(wanted("notcorp.example", EntityKind.DOMAIN), guard(protected=["corp.example"]))[0] is Verdict.GO


def test_the_kill_switch_stops_everything() -> None:
    assert judged(wanted(people=("ada",)), world=World(stopped="eve")) == (Verdict.NO, "everything was stopped by eve")


def test_nothing_is_done_twice_at_once_nor_again_and_again() -> None:
    there = replace(wanted(), uid="r0", status=Status.IN_FORCE)
    assert "in force already" in judged(wanted(), world=World({"r0": there}))[1]
    often = World(done=[(NOW - timedelta(hours=n), "block", wanted().plan.target) for n in (2, 5, 9)])
    assert "3 times in a day" in judged(wanted(people=("ada",)), world=often)[1]
    long_ago = World(done=[(NOW - timedelta(hours=25 + n), "block", wanted().plan.target) for n in range(9)])
    assert judged(wanted(), world=long_ago)[0] is Verdict.GO


def test_what_our_own_action_makes_others_seem_to_do_is_no_cause_for_another() -> None:
    vain = wanted(techniques=("T1008",), began=NOW - timedelta(minutes=5))
    verdict, why = judged(vain, world=in_force())
    assert verdict is Verdict.NO
    assert "makes others seem to do" in why
    assert judged(vain)[0] is Verdict.GO, "nothing of ours is in force"
    assert judged(replace(vain, techniques=("T1008", "T1110")), world=in_force())[0] is Verdict.GO, "it shows more"
    assert judged(replace(vain, began=NOW - timedelta(hours=9)), world=in_force())[0] is Verdict.GO, "it began before"


def test_the_blast_radius_by_the_hour_and_in_all() -> None:
    lately = World(done=[(NOW - timedelta(minutes=n), "other", wanted().plan.target) for n in range(3)])
    assert "3 actions in the last hour" in judged(wanted(people=("ada",)), guard(per_hour=3), lately)[1]
    assert judged(wanted(), guard(per_hour=4), lately)[0] is Verdict.GO
    assert "1 actions are in force" in judged(wanted(people=("ada",)), guard(in_all=1), in_force())[1]


def test_nothing_is_for_ever() -> None:
    for seconds in (0, -1, 25 * 3600):
        assert "it would last" in judged(wanted(plan=replace(wanted().plan, ttl_seconds=seconds), people=("ada",)))[1]


def test_what_cannot_be_undone_needs_two_people() -> None:
    assert judged(wanted(), action=Wipe)[0] is Verdict.ASK
    assert judged(wanted(people=("ada",)), action=Wipe)[0] is Verdict.ASK
    assert judged(wanted(people=("ada", "eve")), action=Wipe)[0] is Verdict.GO


def test_the_shell_is_one_person_whatever_names_are_typed() -> None:
    for people in (("ada@shell", "eve@shell"), ("ada", "ada@shell"), ("ada", "Ada@shell", "eve@shell"), ("ada", "ADA")):
        assert judged(wanted(people=people), action=Wipe)[0] is Verdict.ASK, people
    for people in (("ada", "eve@shell"), ("ada", "eve", "ada@shell")):
        assert judged(wanted(people=people), action=Wipe)[0] is Verdict.GO, people


PLANS = st.builds(
    wanted,
    target=st.sampled_from(
        ("203.0.113.7", "10.0.0.7", "10.1.0.7", "127.0.0.1", "::1", "dc1", "web1", "x.corp.example", "", "\x00")
    ),
    kind=st.sampled_from((EntityKind.ADDRESS, EntityKind.HOST, EntityKind.USER, EntityKind.DOMAIN)),
    analytics=st.frozensets(st.sampled_from(Analytic), max_size=3),
    techniques=st.lists(st.sampled_from(("T1008", "T1110", "T1046")), max_size=2, unique=True).map(tuple),
    people=st.lists(st.sampled_from(("ada", "eve", "bob")), max_size=3, unique=True).map(tuple),
    status=st.sampled_from(Status),
)
WORLDS = st.builds(
    World,
    stopped=st.sampled_from(("", "", "", "ada")),
    done=st.lists(
        st.tuples(
            st.integers(0, 180).map(lambda n: NOW - timedelta(minutes=n)),
            st.just("block"),
            st.sampled_from(("203.0.113.7", "web1")).map(lambda v: Entity(EntityKind.ADDRESS, v)),
        ),
        max_size=6,
    ),
    requests=st.integers(0, 3).map(
        lambda n: {f"o{k}": wanted(f"198.51.100.{k}", uid=f"o{k}", status=Status.IN_FORCE, since=NOW) for k in range(n)}
    ),
)


@settings(max_examples=10_000, deadline=None)
@given(request=PLANS, world=WORLDS, mode=st.sampled_from(Mode), wipe=st.booleans())
def test_ten_thousand_plans_of_every_kind(request: Request, world: World, mode: Mode, wipe: bool) -> None:
    by = guard(
        mode=mode, per_hour=4, in_all=3, protected=["dc1", "corp.example"], network={"protected": ["10.0.0.0/24"]}
    )
    action = Wipe if wipe else Block
    if by.judge(request, action, world, NOW).verdict is not Verdict.GO:
        return
    target = request.plan.target
    assert not world.stopped
    assert target.value not in ("10.0.0.7", "127.0.0.1", "::1")
    assert target.kind is EntityKind.ADDRESS or target.value not in ("dc1", "x.corp.example")
    assert request.status in (Status.PROPOSED, Status.APPROVED)
    assert mode is Mode.AUTONOMOUS or (mode is Mode.APPROVE and request.people)
    assert len(request.people) > 1 or not wipe
    assert request.people or len(request.analytics) > 1
    assert sum(NOW - t < timedelta(hours=1) for t, _, _ in world.done) < 4
    assert len(world.requests) < 3
