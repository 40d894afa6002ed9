"""A law: a check that a plug-in passes or breaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vedette.abc import Plugin

Check = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Law:
    """One check, bound to one plug-in; ``check`` raises AssertionError where it is broken."""

    name: str
    plugin: type[Plugin]
    rule: Check

    def check(self) -> None:
        """Run it."""
        self.rule(self.plugin)

    def is_kept(self) -> bool:
        """Run it; an error of any kind breaks it."""
        try:
            self.check()
        except Exception:  # noqa: BLE001 - plug-ins break in every way
            return False
        return True

    def __str__(self) -> str:
        return f"{self.plugin.name}-{self.name}"


def house_laws() -> tuple[Check, ...]:
    """Return the laws of every kind."""
    return (has_a_plain_name, says_what_it_is)


def has_a_plain_name(plugin: type[Plugin]) -> None:
    """The name is lower_snake."""
    assert re.fullmatch(r"[a-z][a-z0-9_]*", plugin.name), f"{plugin.name!r} is not lower_snake"


def says_what_it_is(plugin: type[Plugin]) -> None:
    """It has a docstring of its own that ends its first line with a full stop."""
    doc = plugin.__dict__.get("__doc__") or ""
    assert doc.strip().split("\n")[0].endswith("."), f"{plugin.name} does not say what it is"
