"""Finds plug-ins: every concrete class in a folder, then every entry point of the group of the same name; and checks their settings."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Collection, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from pydantic import ValidationError

from vedette.abc import (
    Action,
    Dataset,
    Delivery,
    Detector,
    Evasion,
    FeatureSet,
    Plugin,
    Settings,
    Sink,
    Source,
    Transport,
)
from vedette.config import fault
from vedette.config.service import Part
from vedette.errors import ConfigError, PluginError

P = TypeVar("P", bound=Plugin)

FOLDERS: dict[type[Plugin], str] = {
    Source: "vedette.sources",
    FeatureSet: "vedette.features",
    Detector: "vedette.detectors",
    Dataset: "vedette.learning.datasets",
    Evasion: "vedette.trust.evasions",
    Action: "vedette.response.actions",
    Sink: "vedette.response.sinks",
    Delivery: "vedette.response.deliveries",
    Transport: "vedette.transports",
}


def discover(kind: type[P], package: str = "") -> dict[str, type[P]]:
    """Return every concrete ``kind`` in ``package`` (default: the folder of that kind) and its entry points, by name.

    Raises:
        PluginError: two plug-ins share a name, or one has none; an entry point cannot be imported, or is no class.
    """
    return _discover(kind, package or FOLDERS[kind])


@cache
def _discover(kind: type[P], package: str) -> dict[str, type[P]]:
    root = importlib.import_module(package)
    modules = [importlib.import_module(m.name) for m in pkgutil.iter_modules(root.__path__, package + ".")]
    classes = [o for m in modules for _, o in inspect.getmembers(m, inspect.isclass) if o.__module__ == m.__name__]
    classes += [_loaded(e) for e in entry_points(group=package)]
    found: dict[str, type[P]] = {}
    for cls in classes:
        if not issubclass(cls, kind) or inspect.isabstract(cls) or cls.__name__.startswith("_"):
            continue
        name = getattr(cls, "name", "")
        if not name or name in found:
            raise PluginError(f"plug-in name {name!r} is empty or taken", where=f"{cls.__module__}.{cls.__name__}")
        found[name] = cls
    return dict(sorted(found.items()))


def _loaded(entry: EntryPoint) -> type:
    try:
        found = entry.load()
    except (ImportError, AttributeError, SyntaxError) as error:
        raise PluginError(
            f"cannot be imported: {error}",
            where=f"entry point {entry.name} = {entry.value}",
            hint="uninstall or repair it",
        ) from error
    if not inspect.isclass(found):
        raise PluginError(f"is no class but {found!r}", where=f"entry point {entry.name} = {entry.value}")
    return found


def readers(head: bytes, filename: str = "") -> list[type[Source]]:
    """Return the sources that read what starts with ``head`` (at most 4,096 bytes), by name; a fallback only where no other does."""
    asked: dict[bool, list[type[Source]]] = {False: [], True: []}
    for source in discover(Source).values():
        asked[source.fallback].append(source)
    return [s for s in asked[False] if s.sniff(head, filename)] or [s for s in asked[True] if s.sniff(head, filename)]


def configured(
    kind: type[P], part: Part | Mapping[str, Any], key: str, where: str, besides: Collection[str] = ()
) -> tuple[type[P], Settings]:
    """Return the plug-in that a table of ``vedette.toml`` names, with its settings: checked, before anything starts.

    Args:
        kind: Transport, Delivery, Action: a kind whose plug-ins have ``options``.
        part: the table.
        key: its setting that names the plug-in: ``transport``.
        where: what the operator calls the table: ``inputs[2]``.
        besides: other settings of the table that are not the plug-in's.

    Raises:
        ConfigError: no such plug-in; a setting is missing, unknown or bad.
    """
    table = _table(part)
    name, known = table.pop(key, None), discover(kind)
    if not isinstance(name, str) or name not in known:
        said = f"no such {key}: {name!r}" if name is not None else f"says no {key}"
        raise ConfigError(said, where=f"{where}.{key}", hint=f"there are {', '.join(known)}")
    cls = known[name]
    return cls, checked(cls, {k: v for k, v in table.items() if k not in besides}, where)


def checked(cls: type[Plugin], part: Part | Mapping[str, Any], where: str) -> Settings:
    """Return ``part`` as the settings of ``cls``.

    Raises:
        ConfigError: a setting is missing, unknown or bad; ``where`` and its name say which.
    """
    options: type[Settings] = getattr(cls, "options", Settings)
    try:
        return options.model_validate(_table(part))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join([where, *(str(step) for step in first["loc"])])
        hint = f"{cls.name} takes {', '.join(options.model_fields) or 'no settings'}"
        raise ConfigError(fault(first), where=place, hint=hint) from error


def _table(part: Part | Mapping[str, Any]) -> dict[str, Any]:
    return dict(part.model_extra or {}) if isinstance(part, Part) else dict(part)
