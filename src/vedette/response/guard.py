"""The guard: what may be done, and what first needs a person. It reads plans as data and touches nothing.

Its rules, in this order; the first that speaks decides:

1. the kill switch;
2. what is protected (networks, hosts, accounts, domains, this machine), and the allow-list of the settings: never, whoever approves;
3. what the action may be used for: its mode, and the settings' mode for this kind of target;
4. it is in force already, or it was done to this target too often in a day: an effect must not bring back its own cause;
5. the incident shows only what an action of ours that is in force makes others seem to do: the feedback loop;
6. the blast radius: so many in an hour, and so many in force at once;
7. its time is bounded: nothing is for ever;
8. what cannot be undone needs two people; what is disruptive two analytics of different kinds, or a person.

A name ending in ``@shell`` was typed by whoever can run ``vedette respond`` here: all of them together are one person, and none besides the
holder of a token of that name. So two approvals are at least one token and the shell, or two tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from vedette.abc import Action
from vedette.config import Config, Mode
from vedette.events.address import parsed
from vedette.model import Entity, EntityKind, Plan
from vedette.response.world import Request, Status, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TWO = 2
SHELL = "@shell"
"""Ends the name of who approved by ``vedette respond``: the name was typed, nothing proved it."""


class Verdict(StrEnum):
    """What the guard says."""

    GO = "go"
    ASK = "ask a person"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the guard says, and why, in one sentence."""

    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class Guard:
    """Judges requests by the settings.

    Args:
        config: the settings as they are now.
        own: addresses whose loss would cut us off -> what they are to us.
    """

    config: Config
    own: Mapping[str, str] = field(default_factory=dict)

    def judge(self, request: Request, action: type[Action], world: World, now: datetime) -> Decision:
        """Say whether a request may be carried out now; pure."""
        refused = (
            self._stopped(world)
            or self.kept_from(action, request.plan)
            or self._mode_forbids(request, action)
            or self._again(request, world, now)
            or _feedback(request, world)
            or self._radius(request, world, now)
            or self._for_ever(request)
        )
        if refused:
            return Decision(Verdict.NO, refused)
        return self._people(request, action)

    def kept_from(self, action: type[Action], plan: Plan) -> str:
        """Say why a plan may not be carried out on all that it reaches; empty where it may. Asked again at the last moment."""
        return next(filter(None, map(self.protected, action.reaches(plan))), "")

    def protected(self, target: Entity) -> str:
        """Say why nothing may be done to a target; empty where it may."""
        if target.kind is EntityKind.ADDRESS or parsed(target.value) is not None:  # a host may be named by its address
            return self._protected_address(target.value)
        names = self.config.response.protected
        value = target.value.casefold().rstrip(".")
        parts = {value, value.rpartition("\\")[2], value.partition("@")[0], value.rpartition("@")[2]}
        guarded = next(
            (n for n in names if n.casefold() in parts or value.endswith("." + n.casefold())), ""
        )  # a name stands for all below it
        return f"{guarded} is protected" if guarded else ""

    def _protected_address(self, value: str) -> str:
        address = parsed(value)
        if address is None:
            return f"{value!r} is not an address"
        if address.is_loopback or str(address) in self.own:
            return f"{value} is {self.own.get(str(address), 'this machine')}"
        within = next((n for n in self.config.network.protected if address in n), None)
        if within is not None:
            return f"{value} is protected: {within}"
        allowed = next((n for n in self.config.response.allowed if address in n), None)
        return f"{value} is on the allow-list: {allowed}" if allowed is not None else ""

    def _stopped(self, world: World) -> str:
        return f"everything was stopped by {world.stopped}" if world.stopped else ""

    def mode(self, action: type[Action], plan: Plan) -> Mode:
        """Return the mode that holds for a plan: the strictest of its action, its kind of target, and the tier of its playbook."""
        settings = self.config.response
        by_action = settings.actions.get(action.name, settings.mode)
        by_target = settings.targets.get(plan.target.kind.name.lower(), by_action)
        return min(by_action, by_target, Mode(plan.tier or by_action), key=list(Mode).index)

    def _mode_forbids(self, request: Request, action: type[Action]) -> str:
        mode = self.mode(action, request.plan)
        if mode in (Mode.OBSERVE, Mode.SUGGEST) and mode.value == request.plan.tier:
            return f"its playbook only lets Vedette {mode.value} {request.plan.action}: run its steps yourself"
        if mode in (Mode.OBSERVE, Mode.SUGGEST):
            return f"{request.plan.action} is in mode {mode.value}: run its steps yourself, or change response.actions in the settings"
        return ""

    def _again(self, request: Request, world: World, now: datetime) -> str:
        plan = request.plan
        same = [r for r in world.in_the_world() if r.uid != request.uid and _same(r, request)]
        if same:
            return f"the same is in force already ({same[0].uid})"
        if request.status not in (Status.PROPOSED, Status.APPROVED):
            return f"it is {request.status.value}"
        times = [t for t, name, target in world.done if name == plan.action and target == plan.target and now - t < DAY]
        if len(times) >= self.config.response.again_per_day:
            return f"it was done to {plan.target} {len(times)} times in a day already: something brings it back; look at the cause"
        return ""

    def _radius(self, request: Request, world: World, now: datetime) -> str:
        settings = self.config.response
        lately = sum(now - t < HOUR for t, _, _ in world.done)
        if lately >= settings.per_hour:
            return f"{lately} actions in the last hour: no more than {settings.per_hour} are allowed"
        active = len(world.in_the_world())
        if active >= settings.in_all:
            return f"{active} actions are in force: no more than {settings.in_all} are allowed"
        return ""

    def _for_ever(self, request: Request) -> str:
        longest = self.config.response.longest_hours * 3600
        if not 0 < request.plan.ttl_seconds <= longest:
            return f"it would last {request.plan.ttl_seconds:,} s: allowed are up to {longest:,.0f}"
        return ""

    def _people(self, request: Request, action: type[Action]) -> Decision:
        people = heads(request.people)
        if not action.reversible and people < TWO:
            return Decision(Verdict.ASK, f"it cannot be undone: two people must approve, {people} did")
        if people:
            return Decision(Verdict.GO, f"approved by {', '.join(request.people)}")
        if self.mode(action, request.plan) is not Mode.AUTONOMOUS:
            return Decision(Verdict.ASK, "a person must approve")
        if action.disruptive and len(request.analytics) < TWO:
            kind = next((a.name.lower() for a in request.analytics), "no")
            return Decision(Verdict.ASK, f"only one kind of analytic ({kind}) speaks for it: a person must approve")
        if request.plan.objections:
            return Decision(Verdict.ASK, f"something speaks against it: {request.plan.objections[0]}")
        return Decision(Verdict.GO, "independent analytics agree")


def heads(names: Iterable[str]) -> int:
    """Return how many people approved, at the least.

    Example:
        >>> heads(["ada@shell", "eve@shell"]), heads(["ada", "ada@shell"]), heads(["ada", "eve@shell"])
        (1, 1, 2)
    """
    proved, typed = set[str](), set[str]()
    for name in names:
        (typed if name.endswith(SHELL) else proved).add(name.removesuffix(SHELL).casefold())
    return len(proved) + (bool(typed) and not typed & proved)


def _same(one: Request, other: Request) -> bool:
    same = one.plan.action == other.plan.action and one.plan.target == other.plan.target
    return same and one.plan.parameters == other.plan.parameters


def _feedback(request: Request, world: World) -> str:
    """Say which action of ours in force explains all that the incident shows."""
    if not request.techniques:
        return ""
    for other in world.in_the_world():
        causes = other.plan.causes
        begun = other.since is not None and request.began >= other.since
        if causes and begun and all(t.startswith(causes) for t in request.techniques):
            return f"the incident shows only what {other.plan.action} on {other.plan.target} makes others seem to do ({other.uid})"
    return ""
