"""Acts in a cloud that matter: what the operations of its interfaces mean, from ``content/cloud``: a table of facts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import polars as pl

from vedette.errors import ContentError
from vedette.intel.content import content
from vedette.model import Severity

FOLDER = "cloud"
TOPICS = ("commands", "containers", "destruction", "exposure", "logging", "mailbox", "rights", "secrets")


@dataclass(frozen=True, slots=True)
class Act:
    """One act.

    Attributes:
        uid: ``topic.name``.
        logs: the logs that tell it (``metadata.log_provider``).
        operations: what it is called there, as ``plain`` writes it.
        where, unless: patterns over the request (see ``pressed``): it must, or must not, match.
        others: only where it is done to somebody else than who does it.
        who: only of actors of this type.
        nats: what one such act is worth without a history.
        said: what was done, to go after a name.
    """

    uid: str
    topic: str
    logs: tuple[str, ...]
    operations: tuple[str, ...]
    nats: float
    severity: Severity
    techniques: tuple[str, ...]
    said: str
    where: str = ""
    unless: str = ""
    others: bool = False
    who: str = ""


@cache
def acts() -> tuple[Act, ...]:
    """Return every act, in the order of the tables: of those that fit an event the first of a topic counts.

    Raises:
        ContentError: a table is missing or broken.
    """
    return tuple(act for topic in TOPICS for act in _read(topic))


@cache
def by_uid() -> dict[str, Act]:
    """Return the acts by their ids."""
    return {act.uid: act for act in acts()}


def plain(operation: pl.Expr) -> pl.Expr:
    """Return the names of operations without case, versions and final points; Kubernetes inside of Google Cloud as verb and resource.

    Example:
        >>> names = ["UpdateFunctionCode20150331v2", "google.logging.v2.ConfigServiceV2.DeleteSink", "io.k8s.core.v1.pods.exec.create"]
        >>> pl.DataFrame({"of": names}).select(plain(pl.col("of"))).to_series().to_list()
        ['updatefunctioncode', 'logging.configservicev2.deletesink', 'create pods/exec']
    """
    name = operation.str.strip_chars(" .").str.to_lowercase()
    cluster = name.str.extract_groups(
        r"^io\.k8s\.(?:[a-z0-9.-]+\.)?v[0-9][a-z0-9]*\.([a-z]+)(?:\.([a-z]+))?\.([a-z]+)$"
    )
    part = cluster.struct
    kept = pl.when(part["2"].is_not_null()).then(part["1"] + "/" + part["2"]).otherwise(part["1"])
    bare = name.str.replace(r"[0-9]{8}(?:v[0-9])?$", "").str.replace(r"^google\.", "")
    bare = bare.str.replace_all(r"(^|\.)(?:v[0-9]+(?:alpha|beta|p)?[0-9a-z]*|alpha|beta)\.", "${1}")
    return pl.when(part["3"].is_not_null()).then(part["3"] + " " + kept).otherwise(bare)


def pressed(request: pl.Expr) -> pl.Expr:
    """Return requests as the patterns of acts read them: lower case, without blanks, line ends and backslashes."""
    return (
        request.str.to_lowercase()
        .str.replace_all(r"\\r|\\n|\\t|[\\\s]", "")
        .str.replace_all("%22", '"')
        .str.replace_all("%20", "")
    )


def _read(topic: str) -> list[Act]:
    import yaml

    path = content(f"{FOLDER}/{topic}.yaml")
    try:
        entries = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
        return [_act(topic, e) for e in entries]
    except (yaml.YAMLError, OSError, KeyError, TypeError, ValueError, re.error) as error:
        raise ContentError(f"not a table of acts: {error!r}", where=str(path)) from error


def _act(topic: str, entry: dict[str, object]) -> Act:
    given = dict(entry)
    operations = (
        pl.DataFrame({"of": [str(o) for o in _texts(given["operations"])]})
        .select(plain(pl.col("of")))
        .to_series()
        .to_list()
    )
    for pattern in ("where", "unless"):
        re.compile(str(given.get(pattern, "")))
    return Act(
        uid=f"{topic}.{given['act']}",
        topic=topic,
        logs=_texts(given["in"]),
        operations=tuple(operations),
        nats=float(str(given["nats"])),
        severity=Severity[str(given["severity"]).upper()],
        techniques=_texts(given["techniques"]),
        said=str(given["said"]),
        where=str(given.get("where", "")),
        unless=str(given.get("unless", "")),
        others=bool(given.get("others", False)),
        who=str(given.get("who", "")),
    )


def _texts(given: object) -> tuple[str, ...]:
    if not isinstance(given, list):
        raise TypeError(f"not a list: {given!r}")
    return tuple(map(str, given))
