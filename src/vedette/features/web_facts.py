"""What web attacks cannot do without: one table of patterns over the decoded text of a request, each a fact that holds or not.

Sources: OWASP Web Security Testing Guide 4.2 (input validation), the manuals of the database systems named, RFC 9110, CAPEC-66, -63, -126,
-88, -248, -250, -253, CVE-2021-44228 (lookups), CVE-2014-6271 (shell functions). The weight of each is learned.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.features.pattern import ascii_only
from vedette.features.web_fact import (
    COMMAND,
    FILES,
    HEADER,
    LOOKUP,
    MARKUP,
    PROBE,
    SCRIPT,
    SHELL,
    SIGNS,
    SQL,
    TEMPLATE,
    Fact,
)
from vedette.features.web_facts_code import COMMAND_FACTS, SCRIPT_FACTS, TEMPLATE_FACTS
from vedette.features.web_facts_files import FILE_FACTS, PROBE_FACTS
from vedette.features.web_facts_sql import SQL_FACTS

__all__ = [
    "COMMAND",
    "FACTS",
    "FILES",
    "HEADER",
    "KINDS",
    "LOOKUP",
    "MARKUP",
    "OTHER",
    "PRECEDENCE",
    "PROBE",
    "SCRIPT",
    "SHELL",
    "SIGNS",
    "SQL",
    "TEMPLATE",
    "Fact",
    "agent_facts",
    "facts_of",
    "kinds_of",
    "strengths",
]

FACTS: tuple[Fact, ...] = (*SQL_FACTS, *SCRIPT_FACTS, *FILE_FACTS, *COMMAND_FACTS, *TEMPLATE_FACTS, *PROBE_FACTS)
"""In this order they are the slots of the model's block ``facts``, and the bits of the column ``facts``."""

KINDS = tuple(dict.fromkeys(f.kind for f in FACTS))
OTHER = "attack"


GROUP = 6
"""Patterns that are tried as one: more make the matcher's tables too large, fewer cost more passes."""
_GROUPS = tuple(
    tuple(places[i : i + GROUP])
    for places in ([i for i, f in enumerate(FACTS) if f.sign is sign] for sign in (False, True))
    for i in range(0, len(places), GROUP)
)


def facts_of(texts: pl.Series) -> pl.Series:
    """Return (n,) UInt64: bit k is set where the k-th of ``FACTS`` holds of the text (as ``web_decode`` leaves it).

    Most texts hold no fact. Several patterns are tried as one, and each by itself only on texts where that one holds.
    """
    bits = np.zeros(len(texts), np.uint64)
    signed = _where(texts, SIGNS)
    parts = {False: (np.arange(len(texts)), texts), True: (signed, texts.gather(signed))}
    for places in _GROUPS:
        rows, part = parts[FACTS[places[0]].sign]
        some = _where(part, "|".join(f"(?:{ascii_only(FACTS[i].pattern)})" for i in places))
        few = part.gather(some)
        for place in places if len(some) else ():
            bits[rows[some[_where(few, ascii_only(FACTS[place].pattern))]]] |= np.uint64(1 << place)
    return pl.Series("facts", bits)


def _where(texts: pl.Series, pattern: str) -> npt.NDArray[np.int64]:
    """Return which texts a pattern matches."""
    return np.flatnonzero(texts.str.contains(pattern).to_numpy())


def agent_facts(agent: pl.Expr) -> pl.Expr:
    """Return the bits of the facts of clients that name themselves; ``agent`` is in lower case, behind its mark."""
    place = next(i for i, fact in enumerate(FACTS) if fact.name == "scan_tool")
    hit = agent.str.contains(ascii_only(FACTS[place].pattern))
    return pl.when(hit).then(pl.lit(1 << place, pl.UInt64)).otherwise(pl.lit(0, pl.UInt64))


def strengths(facts: npt.NDArray[np.uint64]) -> npt.NDArray[np.float32]:
    """Return (n,): the strengths of the facts of each set, added up."""
    some = np.flatnonzero(facts)  # most requests have none
    out, held = np.zeros(len(facts), np.float32), facts[some]
    total = np.zeros(len(some), np.float32)
    for place, fact in enumerate(FACTS):
        total += ((held >> np.uint64(place)) & np.uint64(1)).astype(np.float32) * fact.strength
    out[some] = total
    return out


def kinds_of(facts: pl.Series) -> pl.Series:
    """Return (n,) the kind of attack that the facts speak of most; of two alike, the first in ``PRECEDENCE``; ``OTHER`` where none."""
    distinct, place = np.unique(facts.to_numpy(), return_inverse=True)
    held = (distinct[:, None] >> np.arange(len(FACTS), dtype=np.uint64)) & np.uint64(1)
    strength = held.astype(np.float64) @ _strengths_by_kind()
    best = np.where(strength.any(axis=1), strength.argmax(axis=1), len(PRECEDENCE))
    return pl.Series([*PRECEDENCE, OTHER]).gather(best[place]).alias("kind")


@lru_cache(maxsize=1)
def _strengths_by_kind() -> npt.NDArray[np.float64]:
    """Return (n_facts, n_kinds): the strength of a fact in the column of its kind, kinds in the order of ``PRECEDENCE``."""
    table = np.zeros((len(FACTS), len(PRECEDENCE)))
    for place, fact in enumerate(FACTS):
        table[place, PRECEDENCE.index(fact.kind)] = fact.strength
    return table


PRECEDENCE = (LOOKUP, SHELL, TEMPLATE, MARKUP, COMMAND, SQL, SCRIPT, FILES, HEADER, PROBE)
