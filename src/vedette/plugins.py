"""Finds plug-ins: every concrete class in a folder, then every entry point of the group of the same name."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from vedette.abc import Action, Dataset, Delivery, Detector, Evasion, FeatureSet, Plugin, Sink, Source, Transport
from vedette.errors import PluginError

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
