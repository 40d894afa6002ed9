"""Which rules an event may concern, and in which columns the fields that they name stand: the tables of ``content/sigma``.

A ``Scene`` is what all rows of a part of a batch have in common: class, provider, channel and event id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from vedette.errors import ContentError
from vedette.events.schema import SCHEMAS, UNMAPPED, EventClass, dtype_of
from vedette.events.windows.shapes import columns_of
from vedette.intel.content import content
from vedette.intel.sigma.rule import Logsource

WINDOWS_TABLE, OTHER_TABLE = "sigma/windows.yaml", "sigma/other.yaml"
CHANNEL, PROVIDER, CODE, PRODUCT = (
    "unmapped.Channel",
    "metadata.log_provider",
    "metadata.event_code",
    "metadata.product.name",
)
LINUX_CHANNELS = ("linux-sysmon/operational",)
"""Event logs of the same form that are not of Windows."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What rows have in common.

    Attributes:
        channel: of Windows' event log, lower case; empty: no such log.
        code: the event id, of Windows' event log only.
    """

    kind: EventClass
    provider: str = ""
    product: str = ""
    channel: str = ""
    code: str = ""

    @property
    def windows(self) -> bool:
        """Whether these are events of Windows' event log."""
        return bool(self.channel) and self.channel not in LINUX_CHANNELS


@dataclass(frozen=True, slots=True)
class Row:
    """A logsource of ``other.yaml``: whom it speaks to, of which events, and where their fields stand."""

    source: Logsource
    kinds: frozenset[EventClass]
    providers: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]

    def tells(self, scene: Scene) -> bool:
        """Say whether the scene is of this logsource."""
        if scene.kind not in self.kinds or scene.windows:
            return False
        said = (scene.provider.lower(), scene.product.lower())
        return not self.providers or any(s.startswith(p) for s in said for p in self.providers)


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The tables, checked.

    Attributes:
        services: channel (lower case) -> services.
        categories: category -> service -> event ids.
        only: category -> service -> field -> values.
        names: event id -> Sigma's field -> names there.
        every: field -> column, of every Windows event.
        rows: the logsources besides Windows.
    """

    services: Mapping[str, frozenset[str]]
    categories: Mapping[str, Mapping[str, tuple[str, ...]]]
    only: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]]
    names: Mapping[str, Mapping[str, tuple[str, ...]]]
    every: Mapping[str, str]
    rows: tuple[Row, ...]

    def concerns(self, source: Logsource, scene: Scene) -> bool:
        """Say whether a rule of this logsource may hold of events of this scene."""
        if scene.windows:
            return self._of_windows(source, scene)
        if source == Logsource():
            return True
        return any(_asks(source, row.source) and row.tells(scene) for row in self.rows)

    def _of_windows(self, source: Logsource, scene: Scene) -> bool:
        if source.product not in ("windows", "") or not (source.product or source.category or source.service):
            return False
        services = self.services.get(scene.channel, frozenset())
        if source.service and source.service not in services:
            return False
        if source.category:
            ids = self.categories.get(source.category, {})
            return any(scene.code in ids.get(service, ()) for service in services)
        return bool(source.product or source.service)

    def condition(self, source: Logsource, scene: Scene) -> Mapping[str, tuple[str, ...]]:
        """Return what else must hold of an event of the scene: field -> values, one of which it has."""
        services = self.services.get(scene.channel, frozenset())
        found = (self.only.get(source.category, {}).get(service) for service in services)
        return next((f for f in found if f), {})

    def known(self, source: Logsource) -> bool:
        """Say whether a logsource means any events that we can read."""
        if source.product == "windows":
            named = any(source.service in services for services in self.services.values())
            return (not source.service or named) and (not source.category or bool(self.categories.get(source.category)))
        return any(_asks(source, row.source) for row in self.rows) or bool(
            not source.product and self.categories.get(source.category)
        )

    def columns(self, field: str, source: Logsource, scene: Scene) -> tuple[str, ...]:
        """Return the columns that a field may stand in; the first one that is there and not null counts."""
        if scene.windows:
            told = self._windows_columns(field, scene)
        else:
            own = [row.fields for row in self.rows if _asks(source, row.source) and row.tells(scene)]
            shape = columns_of(scene.provider, int(scene.code), scene.kind) if scene.code.isdigit() else {}
            named = (path for f in own for path in f.get(field, ()))
            told = [UNMAPPED + field, *named, *filter(None, (shape.get(field), field))]
        return tuple(c for c in dict.fromkeys(told) if dtype_of(scene.kind, c) is not None)

    def _windows_columns(self, field: str, scene: Scene) -> list[str]:
        if field in self.every:
            return [self.every[field], UNMAPPED + field]
        code = int(scene.code) if scene.code.isdigit() else 0
        shape = columns_of(scene.provider, code, scene.kind)
        names: tuple[str, ...] = (field,)
        if "security" in self.services.get(scene.channel, ()):
            names = tuple(dict.fromkeys((*self.names.get(scene.code, {}).get(field, ()), field)))
        return [c for name in names for c in (UNMAPPED + name, shape.get(name, "")) if c]


def _asks(rule: Logsource, row: Logsource) -> bool:
    """Say whether a rule's logsource means that of a row: what the row names, the rule names too, and what both name agrees."""
    return all(
        wanted == has for wanted, has in ((rule.category, row.category), (rule.service, row.service))
    ) and rule.product in (row.product, "")


@cache
def tables() -> Tables:
    """Return the tables of the package.

    Raises:
        ContentError: they are missing or damaged.
    """
    windows, other = _load(WINDOWS_TABLE), _load(OTHER_TABLE)
    try:
        services: dict[str, frozenset[str]] = {}
        for service, channels in windows["channels"].items():
            for channel in channels:
                services[channel.lower()] = services.get(channel.lower(), frozenset()) | {service}
        return Tables(
            services=services,
            categories={
                c: {service: tuple(map(str, ids)) for service, ids in by.items()}
                for c, by in windows["categories"].items()
            },
            only={
                c: {s: {f: tuple(map(str, v)) for f, v in fields.items()} for s, fields in by.items()}
                for c, by in windows["only"].items()
            },
            names={str(code): {f: tuple(n) for f, n in names.items()} for code, names in windows["names"].items()},
            every=windows["every"],
            rows=tuple(_row(row) for row in other["logsources"]),
        )
    except (KeyError, TypeError, AttributeError, ContentError) as error:
        raise ContentError(f"the tables of log sources are damaged: {error}", where="content/sigma") from error


def _row(row: Mapping[str, Any]) -> Row:
    kinds = frozenset(EventClass[name] for name in row["classes"])
    source = Logsource(row.get("product", ""), row.get("category", ""), row.get("service", ""))
    fields = {name: (to,) if isinstance(to, str) else tuple(to) for name, to in row["fields"].items()}
    for path in (p for paths in fields.values() for p in paths):
        if not path.startswith(UNMAPPED) and not any(path in SCHEMAS[k] for k in kinds):
            raise ContentError(f"{source}: none of its classes has {path}")
    return Row(source, kinds, tuple(p.lower() for p in row.get("providers", ())), fields)


def _load(name: str) -> dict[str, Any]:
    import yaml

    try:
        loaded = yaml.safe_load(content(name).read_text("utf-8"))
    except yaml.YAMLError as error:
        raise ContentError(f"not YAML: {error}", where=name) from error
    if not isinstance(loaded, dict):
        raise ContentError("no mapping", where=name)
    return loaded
