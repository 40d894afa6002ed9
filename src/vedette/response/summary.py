"""What a person is told of an incident, a finding or an event: bounded words, without hidden characters, and nothing to click on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from vedette.events.batch import EventBatch
from vedette.incidents.words import period, visible
from vedette.response.told import told

LINE_LIMIT = 1_000
STORY_LINES, STEPS, REASONS, NAMED = 20, 6, 6, 8
_NAME = re.compile(r"(?<![\w.-])((?:[\w-]+\.)+)([A-Za-z][A-Za-z0-9-]+)(?![\w-])")
_SCHEME = re.compile(r"(?i)\b(ht|f)tp(s?):(?=//)")


@dataclass(frozen=True, slots=True)
class Summary:
    """One row, for people.

    Attributes:
        title: a heading; ``facts``: pairs of a word and what it is.
        story: lines, oldest first; ``reasons``: why we think so; ``steps``: what to do next.
        severity_id: OCSF.
        is_closed: it is over, or turned out to be nothing.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    story: tuple[str, ...]
    reasons: tuple[str, ...]
    steps: tuple[str, ...]
    severity_id: int
    is_closed: bool


def summaries(batch: EventBatch) -> list[Summary]:
    """Return a summary per row, in order; row by row, for people read them one by one."""
    return [_summary(row) for row in told(batch).iter_rows(named=True)]


def unlinked(text: str, limit: int = LINE_LIMIT) -> str:
    """Return text in which no mail or chat program finds a link, and no hidden character; at most ``limit`` characters.

    Example:
        >>> unlinked("get http://bad.com/x.exe, see auth.log")
        'get hxxp://bad[.]com/x.exe, see auth.log'
    """
    text = _SCHEME.sub(_defused, visible(text[: 2 * limit]))
    return visible(_NAME.sub(_dotted, text), limit)


def _defused(found: re.Match[str]) -> str:
    return f"{'hxx' if found[1].lower() == 'ht' else 'fx'}p{found[2]}:"


def _dotted(found: re.Match[str]) -> str:
    if found[2].lower() not in _top_level():
        return found[0]
    return found[1].replace(".", "[.]") + found[2]


@cache
def _top_level() -> frozenset[str]:
    """Return the last labels of all public suffixes, from the list that comes with tldextract; nothing is fetched."""
    from tldextract import TLDExtract  # noqa: PLC0415 - only messages for people need it

    return frozenset(s.rpartition(".")[2] for s in TLDExtract(suffix_list_urls=(), cache_dir=None).tlds)


def _summary(row: dict[str, Any]) -> Summary:
    rest = _object(row["rest"])
    facts = (
        ("Severity", row["severity"]),
        ("Status", row["status"] if row["kind"] == "incident" else ""),
        ("When", period(row["start"], row["end"]) if row["start"] and row["end"] else ""),
        ("Who", _names(row["actors"])),
        ("Against", _names(row["targets"])),
        ("Confidence", f"{row['confidence']} %" if row["confidence"] is not None else ""),
        ("Risk", f"{row['risk']:.2f}" if row["risk"] is not None else ""),
        ("ATT&CK", _techniques(row["techniques"] or [], row["technique_names"] or [])),
        ("Detector", row["detector"] or ""),
        ("Id", row["uid"] or ""),
    )
    return Summary(
        title=unlinked(row["title"], 200),
        facts=tuple((word, unlinked(value)) for word, value in facts if value),
        story=tuple(unlinked(line) for line in (row["text"] or "").split("\n")[:STORY_LINES] if line.strip()),
        reasons=tuple(_texts([r.get("text") for r in _dicts(rest.get("reasons"))], REASONS)),
        steps=tuple(_texts(rest.get("next_steps"), STEPS)),
        severity_id=row["severity_id"] or 0,
        is_closed=row["activity_id"] == _CLOSE and row["kind"] != "event",
    )


_CLOSE = 3


def _object(text: str | None) -> dict[str, Any]:
    try:
        found = orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _dicts(found: object) -> list[dict[str, Any]]:
    return [f for f in found if isinstance(f, dict)] if isinstance(found, list) else []


def _texts(found: object, most: int) -> list[str]:
    texts = [f for f in found if isinstance(f, str)] if isinstance(found, list) else []
    return [unlinked(text) for text in texts[:most]]


def _names(values: list[str | None] | None) -> str:
    known = [v for v in values or () if v]
    more = f" and {len(known) - NAMED} more" if len(known) > NAMED else ""
    return ", ".join(visible(v, 100) for v in known[:NAMED]) + more


def _techniques(uids: list[str | None], names: list[str | None]) -> str:
    padded = [*names, *[None] * (len(uids) - len(names))]
    pairs = [f"{uid} {name}" if name else uid for uid, name in zip(uids, padded, strict=False) if uid]
    more = f" and {len(pairs) - NAMED} more" if len(pairs) > NAMED else ""
    return ", ".join(pairs[:NAMED]) + more
