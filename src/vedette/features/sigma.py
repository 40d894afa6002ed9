"""Hits of Sigma rules: a row per rule, entity and minute."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Self

import polars as pl

from vedette.abc import Matches, WindowFeatures
from vedette.events.batch import EventBatch
from vedette.events.schema import STRINGS, TIME, EventClass, dtype_of
from vedette.intel.sigma import Rule, Rules, read_rules
from vedette.intel.sigma.cells import text_of
from vedette.intel.sigma.read import Read, stamps
from vedette.intel.sigma.rule import Correlation
from vedette.intel.sigma.rules import Hit
from vedette.intel.sigma.tree import Atom, Text, Wild

EXAMPLE = Rule(
    uid="example",
    title="A shell command",
    condition=Atom("process.cmd_line", Text((Wild.MANY, "/", Wild.MANY))),
    author="Vedette",
)
"""Stands in where no rules are given: laws and documentation run on it. A rule without a log source concerns whatever has its field."""

SERVICES = (
    EventClass.API_ACTIVITY,
    EventClass.FILE_HOSTING,
    EventClass.USER_ACCESS,
    EventClass.ACCOUNT_CHANGE,
    EventClass.GROUP_MANAGEMENT,
    EventClass.AUTHENTICATION,
)
"""Who acts is a person, unless a host's own log says it."""
NETWORK = (
    EventClass.HTTP_ACTIVITY,
    EventClass.DNS_ACTIVITY,
    EventClass.NETWORK_ACTIVITY,
    EventClass.TLS_HANDSHAKE,
    EventClass.SMB_ACTIVITY,
    EventClass.RPC_ACTIVITY,
    EventClass.RDP_ACTIVITY,
)
"""Who acts is an address, unless a host's own log says it."""
KINDS = (
    EventClass.PROCESS_ACTIVITY,
    *SERVICES,
    *NETWORK,
    EventClass.FILE_ACTIVITY,
    EventClass.KERNEL_EXTENSION_ACTIVITY,
    EventClass.MODULE_ACTIVITY,
    EventClass.SCHEDULED_JOB_ACTIVITY,
    EventClass.EVENT_LOG,
    EventClass.SCRIPT_ACTIVITY,
    EventClass.DETECTION_FINDING,
    EventClass.HOST_CONNECTION,
    EventClass.REGISTRY_KEY_ACTIVITY,
    EventClass.REGISTRY_VALUE_ACTIVITY,
    EventClass.WINDOWS_SERVICE_ACTIVITY,
)
QUIET = timedelta(minutes=10)
"""Hits of a rule no further apart than this are one finding."""
TOLD = 300
"""Characters of an event's values that are shown."""
KIND = "_kind"
_WHO = (
    "time",
    "metadata.log_name",
    "metadata.sequence",
    "device.hostname",
    "actor.user.name",
    "user.name",
    "src_endpoint.ip",
)
ROW = {
    "time": TIME,
    "metadata.log_name": pl.String(),
    "metadata.sequence": pl.Int64(),
    "rule": pl.String(),
    "host": pl.String(),
    "user": pl.String(),
    "address": pl.String(),
    "what": pl.String(),
}


class SigmaHits(Matches, WindowFeatures):
    """What Sigma rules hold of.

    Args:
        rules: the rules; by default one of ours, for want of any.
    """

    name = "sigma"
    section = "sigma"
    needs = EventClass.PROCESS_ACTIVITY
    requires = ()
    uses = ("device.hostname", "process.cmd_line", "actor.user.name")
    keys = ("rule", "host", "user", "address")
    windows = (timedelta(minutes=1),)

    def __init__(self, rules: Sequence[Rule] = (EXAMPLE,)) -> None:
        self._rules = tuple(rules)

    @cached_property
    def _matcher(self) -> Rules:
        return Rules(self._rules)

    @classmethod
    def kinds(cls) -> tuple[EventClass, ...]:
        return KINDS

    @classmethod
    def take(cls, batch: EventBatch) -> pl.LazyFrame:
        """Return the whole batch: rules name whatever columns they like."""
        return batch.frame.lazy().with_columns(pl.lit(batch.kind.name).alias(KIND))

    @classmethod
    def load(cls, paths: Sequence[str], settings: Mapping[str, object]) -> tuple[Self, tuple[str, ...]]:
        read = loaded(paths, settings)
        told: tuple[str, ...] = ()
        if read.issues:
            first = read.issues[0]
            n = len({(i.path, i.line, i.title) for i in read.issues})
            told = (
                f"{n:,} Sigma rule{'s' if n > 1 else ''} cannot be used (vedette sigma check says which and why); the first: {first}",
            )
        return cls([r for r in read.rules if not r.silent]), told

    def only(self, rules: Sequence[str]) -> Self:
        wanted = set(rules)
        return type(self)([r for r in self._rules if r.uid in wanted])

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Return a row per event and rule that holds of it."""
        frame = events.collect()
        kind = EventClass[frame[KIND][0]] if frame.height and KIND in frame else self.needs
        found = [rows_of(kind, frame, hit) for hit in self._matcher.match(kind, frame.drop(KIND, strict=False))]
        return pl.concat(found).lazy() if found else pl.LazyFrame(schema=ROW)

    def partial(self) -> list[pl.Expr]:
        return [pl.col("what").min()]

    def merge(self) -> list[pl.Expr]:
        return [pl.col("what").min()]

    def finish(self) -> list[pl.Expr]:
        return [pl.col("what"), pl.lit(QUIET, dtype=pl.Duration("us")).alias("joins_within"), *self._attributes]

    @cached_property
    def _attributes(self) -> list[pl.Expr]:
        return attributes(self._rules)


def loaded(paths: Sequence[str], settings: Mapping[str, object]) -> Read:
    """Return the rules of the settings; those asked for last are kept, as hits and correlations ask for the same."""
    placeholders = settings.get("placeholders")
    filled = placeholders if isinstance(placeholders, Mapping) else {}
    return _loaded(tuple(paths), tuple((name, tuple(values)) for name, values in filled.items()), stamps(paths))


@lru_cache(maxsize=1)
def _loaded(
    paths: tuple[str, ...],
    placeholders: tuple[tuple[str, tuple[str, ...]], ...],
    _stamp: int,  # files that changed meanwhile are read again
) -> Read:
    return read_rules(paths, dict(placeholders))


def attributes(rules: Sequence[Rule | Correlation]) -> list[pl.Expr]:
    """Return what rules say of themselves, looked up by the column ``rule``."""
    made = [_looked_up(rules, of).alias(name) for name, of in _OF_RULE.items()]
    techniques = _looked_up(rules, lambda r: ",".join(r.techniques)).str.split(",")
    return [*made, techniques.list.eval(pl.element().filter(pl.element() != "")).cast(STRINGS).alias("techniques")]


def _looked_up(rules: Sequence[Rule | Correlation], of: Callable[[Rule | Correlation], str]) -> pl.Expr:
    table = {r.uid: of(r) for r in rules}
    return pl.col("rule").replace_strict(list(table), list(table.values()), default="", return_dtype=pl.String)


_OF_RULE: dict[str, Callable[[Rule | Correlation], str]] = {
    "title": lambda r: r.title,
    "author": lambda r: r.author,
    "level": lambda r: r.level,
    "status": lambda r: r.status,
    "place": lambda r: f"{r.path}:{r.line}" if r.path else "",
    "benign": lambda r: "; ".join(r.false_positives),
}


def rows_of(kind: EventClass, frame: pl.DataFrame, hit: Hit) -> pl.DataFrame:
    """Return a row per event of a hit: who acts, and what the rule looked at."""
    wanted = {*_WHO, *(c for _, columns in hit.looked_at for c in columns)}
    rows = frame.select(c for c in frame.columns if c in wanted)[hit.rows]
    what = [
        pl.format("{}: {}", pl.lit(field or "it says"), text_of(rows, columns).str.slice(0, TOLD))
        for field, columns in hit.looked_at
        if columns and any(c in frame for c in columns)
    ]
    told = pl.concat_str(what, separator="; ", ignore_nulls=True) if what else pl.lit(None, dtype=pl.String)
    return rows.select(
        "time",
        _column(kind, frame, "metadata.log_name"),
        _column(kind, frame, "metadata.sequence"),
        pl.lit(hit.rule.uid).alias("rule"),
        *_who(kind, frame),
        told.alias("what"),
    ).cast(pl.Schema(ROW))


def _who(kind: EventClass, frame: pl.DataFrame) -> list[pl.Expr]:
    """Return host, user and address: the first that an event of this class names; the others are null."""
    host = _column(kind, frame, "device.hostname")
    user = pl.coalesce(_column(kind, frame, "actor.user.name"), _column(kind, frame, "user.name"))
    address = _column(kind, frame, "src_endpoint.ip")
    logged = "unmapped.Channel" in frame.columns
    if kind in SERVICES and not logged:
        order = {"user": user, "address": address, "host": host}
    elif kind in NETWORK and not logged:
        order = {"address": address, "host": host, "user": user}
    else:
        order = {"host": host, "user": user, "address": address}
    made, before = {}, pl.lit(value=False)
    for name, who in order.items():
        made[name] = pl.when(~before).then(who).alias(name)
        before = before | who.is_not_null()
    return [made[name] for name in ("host", "user", "address")]


def _column(kind: EventClass, frame: pl.DataFrame, name: str) -> pl.Expr:
    return (
        pl.col(name) if name in frame.columns else pl.lit(None, dtype=dtype_of(kind, name) or pl.String()).alias(name)
    )
