"""Where the CPU time goes: parts of the engine are wrapped for one run, and each is charged with what it does itself."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl

from vedette.app import engine
from vedette.app.findings import Hits
from vedette.app.gather import Gather
from vedette.app.stage import Stage
from vedette.events.size import memory_bytes
from vedette.store.profiles import Profile
from vedette.store.spool import Spool

Label = tuple[str, str]
"""What is charged: (feature set or the engine, part)."""


@dataclass(slots=True)
class Clock:
    """CPU seconds by label; nested parts are charged apart."""

    spent: dict[Label, float] = field(default_factory=dict)
    _stack: list[Label] = field(default_factory=list)
    _since: float = 0.0

    @contextmanager
    def on(self, label: Label) -> Iterator[None]:
        """Charge the block to ``label``."""
        self._charge()
        self._stack.append(label)
        try:
            yield
        finally:
            self._charge()
            self._stack.pop()

    def _charge(self) -> None:
        now = time.process_time()
        if self._stack:
            self.spent[self._stack[-1]] = self.spent.get(self._stack[-1], 0.0) + now - self._since
        self._since = now

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Wrap the parts of the engine while the block runs."""
        parts: list[tuple[Any, str, Callable[..., Label]]] = [
            (Stage, "feed", lambda s, *_: (s.features.name, "events to partials")),
            (Stage, "advance", lambda s, *_: (s.features.name, "partials to rows")),
            (Profile, "each", lambda p, *_: (p.features.name, "baseline")),
            (Hits, "add", lambda h, *_: (h.detector.needs.name, f"detector {h.detector.name}")),
            (engine.Engine, "_equipped", lambda *_: ("engine", "models read")),
            (engine, "own_findings_batch", lambda *_: ("engine", "findings as events")),
            (Gather, "add", lambda *_: ("engine", "gather")),
            (Gather, "flush", lambda *_: ("engine", "gather")),
            (Spool, "add", lambda *_: ("engine", "spool")),
            (engine.Engine, "_directed", lambda *_: ("engine", "direction")),
            (engine, "attach", lambda features, *_: (features.name, "evidence")),
            (engine, "cases", lambda hits, *_: (hits.detector.needs.name, f"findings of {hits.detector.name}")),
            (engine, "addresses", lambda *_: ("engine", "identities")),
        ]
        with _all(
            [patch.object(owner, name, self._timed(getattr(owner, name), label)) for owner, name, label in parts]
        ):
            yield

    def _timed(self, call: Callable[..., Any], label: Callable[..., Label]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - stands in for any of them
            with self.on(label(*args)):
                made = call(*args, **kwargs)
                return list(made) if isinstance(made, Iterator) else made

        return timed


@contextmanager
def _all(patches: list[Any]) -> Iterator[None]:
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in reversed(patches):
            each.stop()


def memory_mb() -> tuple[float, float]:
    """Return what this process holds in memory now, and the most it ever did."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines())
    now, peak = (int(status[k].split()[0]) / 1024 for k in ("VmRSS", "VmHWM"))
    return now, peak


def held_mb(thing: object) -> float:
    """Return what an object holds in memory: its arrays, frames, texts and containers, each once."""
    return _held(thing, set()) / 1e6


def _held(thing: object, seen: set[int]) -> int:
    if id(thing) in seen or isinstance(thing, (type, ModuleType)):
        return 0
    seen.add(id(thing))
    if isinstance(thing, np.ndarray):
        return int(thing.nbytes)
    if isinstance(thing, (pl.DataFrame, pl.Series)):
        return memory_bytes(thing.to_frame() if isinstance(thing, pl.Series) else thing)
    own = sys.getsizeof(thing)
    if isinstance(thing, dict):
        return own + sum(_held(part, seen) for pair in thing.items() for part in pair)
    if isinstance(thing, (list, tuple, set, frozenset)):
        return own + sum(_held(part, seen) for part in thing)
    slots = (name for cls in type(thing).__mro__ for name in getattr(cls, "__slots__", ()))
    parts = [*getattr(thing, "__dict__", {}).values(), *(getattr(thing, name, None) for name in slots)]
    return own + sum(_held(part, seen) for part in parts)
