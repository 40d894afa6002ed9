"""The sinks of a running service, made from its settings: what goes where, and how it is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from vedette.abc import Delivery, Sink, Wanted
from vedette.config import fault
from vedette.config.service import Part
from vedette.errors import ConfigError
from vedette.plugins import configured, discover

USUAL = "ocsf_json"
"""The format where neither the settings nor the delivery name one."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """One table ``[[sinks]]``, ready to be used.

    Attributes:
        name: what the operator calls it.
        wanted: what goes there.
        sink: how it is written.
        delivery: how it gets there.
    """

    name: str
    wanted: Wanted
    sink: Sink
    delivery: Delivery


def outlets(tables: Sequence[Part | Mapping[str, Any]]) -> list[Outlet]:
    """Return the sinks that the settings name; nothing is sent yet.

    Raises:
        ConfigError: a setting is unknown, missing or bad; two sinks have the same name.
    """
    made: list[Outlet] = []
    for number, table in enumerate(tables):
        made.append(_outlet(table, f"sinks[{number}]", {o.name for o in made}))
    return made


def _outlet(table: Part | Mapping[str, Any], where: str, taken: Collection[str]) -> Outlet:
    part = dict(table.model_extra or {}) if isinstance(table, Part) else dict(table)
    wanted = _wanted({k: v for k, v in part.items() if k in Wanted.model_fields}, where)
    cls, settings = configured(Delivery, part, "delivery", where, besides=set(Wanted.model_fields) - {"delivery"})
    name = wanted.name or wanted.delivery
    if name in taken:
        hint = "give each sink a name of its own"
        raise ConfigError(f"another sink is called {name!r} already", where=f"{where}.name", hint=hint)
    delivery = _placed(cls, settings, where)
    return Outlet(name, wanted, _sink(wanted.format, cls, where), delivery)


def _wanted(part: dict[str, Any], where: str) -> Wanted:
    try:
        return Wanted.model_validate(part)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join([where, *(str(step) for step in first["loc"])])
        raise ConfigError(fault(first), where=place) from error


def _placed(cls: type[Delivery], settings: Any, where: str) -> Delivery:  # noqa: ANN401 - the options of that delivery
    try:
        return cls(settings)
    except ConfigError as error:  # a delivery does not know which table it is
        raise ConfigError(error.message, where=f"{where} {error.where}".strip(), hint=error.hint) from error


def _sink(name: str, delivery: type[Delivery], where: str) -> Sink:
    known = discover(Sink)
    name = name or (delivery.formats[0] if delivery.formats else USUAL)
    can = [n for n in known if not delivery.formats or n in delivery.formats]
    if name not in can:
        said = f"no such format: {name!r}" if name not in known else f"{delivery.name} cannot carry {name!r}"
        raise ConfigError(said, where=f"{where}.format", hint=f"there are {', '.join(can)}")
    return known[name]()
