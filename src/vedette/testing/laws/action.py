"""The laws of actions."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vedette.abc import Action
from vedette.errors import Refused
from vedette.model import Entity, EntityKind
from vedette.testing.incidents import some_incident

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOUCHING = (
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "subprocess.Popen",
    "socket.connect",
    "socket.bind",
    "os.remove",
    "os.rename",
)
_watch: list[list[str]] = []


def _audit(event: str, args: tuple[object, ...]) -> None:
    if _watch and (event in _TOUCHING or (event == "open" and _writes(args))):
        _watch[-1].append(f"{event} {args[0]!r}")


def _writes(args: tuple[object, ...]) -> bool:
    mode = args[1]
    return isinstance(mode, str) and any(letter in mode for letter in "wax+")


_installed: list[bool] = []


@contextmanager
def nothing_touched() -> Iterator[None]:
    """Fail when the block writes a file, starts a program or opens a connection."""
    if not _installed:  # an audit hook cannot be taken back, so there is one, and it sleeps
        sys.addaudithook(_audit)
        _installed.append(True)
    seen: list[str] = []
    _watch.append(seen)
    try:
        yield
    finally:
        _watch.pop()
    assert not seen, f"touched the system: {seen}"


SAMPLES = {
    EntityKind.ADDRESS: "198.51.100.7",
    EntityKind.HOST: "web1",
    EntityKind.USER: "alice",
    EntityKind.DOMAIN: "bad.example",
    EntityKind.FILE: "/tmp/x",  # noqa: S108 - a name, never opened
    EntityKind.SERVICE: "sshd",
    EntityKind.EMAIL: "eve@bad.example",
    EntityKind.URL: "http://bad.example/login",
    EntityKind.ACCOUNT: "card-17",
    EntityKind.COUNTERPARTY: "terminal-3",
    EntityKind.MESSAGE: "<a1@bad.example>",
}


def plans_without_touching(action: type[Action]) -> None:
    """Planning touches nothing, gives the same plan twice, and names steps for a target that it takes."""
    for kind in action.targets:
        target, incident = Entity(kind, SAMPLES[kind]), some_incident()
        with nothing_touched():
            plan = action().plan(incident, target)
        assert plan == action().plan(incident, target), "two plans for the same case differ"
        assert plan.action == action.name
        assert plan.target == target
        assert plan.steps, "a plan without steps"
        assert plan.disruptive == action.disruptive
        assert bool(plan.undo) == action.reversible, (
            "reversible, yet no way back" if action.reversible else "says it cannot be undone"
        )


def refuses_what_it_cannot_act_on(action: type[Action]) -> None:
    """A target of another kind is refused, in words."""
    for kind in EntityKind:
        if kind not in action.targets:
            assert _refused(action, Entity(kind, SAMPLES[kind])), f"plans for a {kind}"


def _refused(action: type[Action], target: Entity) -> str:
    try:
        action().plan(some_incident(), target)
    except Refused as error:
        return error.message
    return ""


def is_safe_against_hostile_names(action: type[Action]) -> None:
    """A target that is no such thing, or carries shell, cannot get into a command."""
    for kind in action.targets:
        for value in ("", "1.2.3.4; rm -rf /", "$(reboot)", "a\nb", "x }", "\x00"):
            try:
                plan = action().plan(some_incident(), Entity(kind, value))
            except Refused:
                continue
            assert all(value not in step for step in plan.steps), f"{value!r} stands in a command"


LAWS = (plans_without_touching, refuses_what_it_cannot_act_on, is_safe_against_hostile_names)
