"""The actions with their settings: what the response can do here."""

from __future__ import annotations

from datetime import timedelta

from vedette.abc import Action
from vedette.config import Config
from vedette.errors import ConfigError
from vedette.incidents.words import span
from vedette.model import Plan
from vedette.plugins import checked, discover


def equipped(config: Config) -> dict[str, Action]:
    """Return every action by name, with the settings of its table ``[actions.<name>]``; those that are not ``ready`` too.

    Raises:
        ConfigError: the settings name an action that does not exist, or a setting is missing, unknown or bad; says which.
    """
    known = discover(Action)
    tables = (("actions", config.actions), ("response.actions", config.response.actions))
    for table, names in tables:
        if unknown := next((n for n in names if n not in known), ""):
            hint = f"there are {', '.join(known)}"
            raise ConfigError(f"no such action: {unknown!r}", where=f"{table}.{unknown}", hint=hint)
    return {name: cls(checked(cls, config.actions.get(name, {}), f"actions.{name}")) for name, cls in known.items()}


def lasts(plan: Plan) -> str:
    """Return how long a plan is in force, for a person: ``for 1 h``, ``until it is taken back``, ``for good``."""
    action = discover(Action).get(plan.action)
    if action is not None and not action.reversible:
        return "for good"
    if action is not None and action.stays:
        return "until it is taken back"
    return f"for {span(timedelta(seconds=plan.ttl_seconds))}"
