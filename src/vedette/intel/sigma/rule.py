"""A Sigma rule as we keep it, and what was wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from vedette.intel.sigma.tree import Node

LEVELS = ("informational", "low", "medium", "high", "critical")
STATUSES = ("stable", "test", "experimental", "deprecated", "unsupported")


@dataclass(frozen=True, slots=True)
class Logsource:
    """Which log a rule speaks of; lower case, empty where the rule does not say."""

    product: str = ""
    category: str = ""
    service: str = ""

    def __str__(self) -> str:
        return "/".join(filter(None, (self.product, self.category, self.service))) or "anything"


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule.

    Attributes:
        uid: its id, or one made of its place where it has none; ``name``: what correlations call it.
        level: one of ``LEVELS``; ``status``: one of ``STATUSES``.
        techniques: ATT&CK ids, from its tags.
        path: the file; ``line``: where in it the rule begins, from 1.
        condition: what must hold of an event.
        silent: it is there for correlations alone and gives no hits of its own.
        false_positives: as its author names them.
    """

    uid: str
    title: str
    condition: Node
    logsource: Logsource = Logsource()
    name: str = ""
    author: str = ""
    level: str = "medium"
    status: str = "test"
    techniques: tuple[str, ...] = ()
    description: str = ""
    false_positives: tuple[str, ...] = ()
    path: str = ""
    line: int = 1
    silent: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Correlation:
    """A rule about the hits of other rules within a stretch of time.

    Attributes:
        kind: ``event_count``, ``value_count``, ``temporal`` or ``temporal_ordered``.
        rules: uids of the rules it counts, in the order that it names them.
        group_by: fields (or aliases) whose values must be the same.
        aliases: alias -> rule uid -> field.
        span: all of it happens within so long.
        low, high: how many (events, different values, different rules), both included; None: no bound.
        counted: the field whose different values ``value_count`` counts.
    """

    uid: str
    title: str
    kind: str
    rules: tuple[str, ...]
    group_by: tuple[str, ...]
    span: timedelta
    low: int | None = None
    high: int | None = None
    counted: str = ""
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    name: str = ""
    author: str = ""
    level: str = "medium"
    status: str = "test"
    techniques: tuple[str, ...] = ()
    description: str = ""
    false_positives: tuple[str, ...] = ()
    path: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wrong with a file or rule; it stops nothing else."""

    path: str
    line: int
    message: str
    title: str = ""

    def __str__(self) -> str:
        told = f" ({self.title})" if self.title else ""
        return f"{self.path}:{self.line}: {self.message}{told}"
