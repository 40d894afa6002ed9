"""The laws of actions."""

from __future__ import annotations

import platform
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
    EntityKind.EMAIL: "eve@corp.example",
    EntityKind.URL: "http://bad.example/login",
    EntityKind.ACCOUNT: "card-17",
    EntityKind.COUNTERPARTY: "terminal-3",
    EntityKind.MESSAGE: "<a1@bad.example>",
}


ROWS = (
    {
        "device.hostname": platform.node(),
        "email.message_uid": SAMPLES[EntityKind.MESSAGE],
        "email.to": ["bob@corp.example"],
        "file.path": SAMPLES[EntityKind.FILE],
        "file.hashes.value": ["ab" * 32],
    },
)
"""An event that names what actions want to know."""

HOSTILE = (
    "",
    "1.2.3.4; rm -rf /",
    "$(reboot)",
    "`reboot`",
    "a\nb",
    "a\r\nA1 LOGOUT",
    "x }",
    "\x00",
    "-oProxyCommand=reboot",
    "*)(uid=*",
    'x" OR ALL',
    "../../etc/passwd",
    "http://169.254.169.254/",
    "x'|y",
    "\u202egnp.exe",
    "{0.__class__}",
    "%s%n",
    "a" * 5_000,
)
"""Names that are syntax somewhere: of shells, LDAP, IMAP, paths, URLs, templates."""


def _equipped(action: type[Action]) -> Action:
    return action(action.options.model_validate(dict(action.example)))


def is_ready_with_its_example(action: type[Action]) -> None:
    """The settings of its example make it ready, and looking touches nothing."""
    with nothing_touched():
        assert not _equipped(action).ready(), "its own example does not make it ready"
        assert isinstance(action().ready(), str)


def plans_without_touching(action: type[Action]) -> None:
    """Planning touches nothing, gives the same plan twice, and names steps for a target that it takes."""
    for kind in action.targets:
        target, incident = Entity(kind, SAMPLES[kind]), some_incident()
        with nothing_touched():
            plan = _equipped(action).plan(incident, target, ROWS)
        assert plan == _equipped(action).plan(incident, target, ROWS), "two plans for the same case differ"
        assert plan.action == action.name
        assert plan.target == target
        assert plan.steps, "a plan without steps"
        assert plan.ttl_seconds > 0, "a plan without an end"
        assert plan.disruptive == action.disruptive
        assert bool(plan.undo) == action.reversible, (
            "reversible, yet no way back" if action.reversible else "says it cannot be undone"
        )


def only_what_touches_can_interrupt(action: type[Action]) -> None:
    """What only speaks of its target interrupts nobody; what cannot be undone does not claim to stay until it is."""
    assert action.touches or not action.disruptive, "it does not touch its target, and interrupts somebody"
    assert action.reversible or not action.stays, "it stays until it is undone, and cannot be"


def refuses_what_it_cannot_act_on(action: type[Action]) -> None:
    """A target of another kind is refused, in words."""
    for kind in EntityKind:
        if kind not in action.targets:
            assert _refused(action, Entity(kind, SAMPLES[kind])), f"plans for a {kind}"


def _refused(action: type[Action], target: Entity) -> str:
    try:
        _equipped(action).plan(some_incident(), target, ROWS)
    except Refused as error:
        return error.message
    return ""


def is_safe_against_hostile_names(action: type[Action]) -> None:
    """A target that is no such thing, or carries syntax, cannot get into a command."""
    for kind in action.targets:
        for value in HOSTILE:
            try:
                plan = _equipped(action).plan(some_incident(), Entity(kind, value), ROWS)
            except Refused:
                continue
            assert all(value not in step for step in (*plan.steps, *plan.undo)), f"{value!r} stands in a command"


LAWS = (
    is_ready_with_its_example,
    plans_without_touching,
    only_what_touches_can_interrupt,
    refuses_what_it_cannot_act_on,
    is_safe_against_hostile_names,
)
