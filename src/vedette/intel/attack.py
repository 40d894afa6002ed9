"""MITRE ATT&CK (enterprise): technique id -> name and tactics, and the order of tactics.

Source: ATT&CK v18.1. © 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE
Corporation. ``tools/attack_table.py`` makes the table anew.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from vedette.errors import ContentError
from vedette.intel.content import content

TACTICS: dict[str, str] = {
    "reconnaissance": "Reconnaissance",
    "resource-development": "Resource Development",
    "initial-access": "Initial Access",
    "execution": "Execution",
    "persistence": "Persistence",
    "privilege-escalation": "Privilege Escalation",
    "defense-evasion": "Defense Evasion",
    "credential-access": "Credential Access",
    "discovery": "Discovery",
    "lateral-movement": "Lateral Movement",
    "collection": "Collection",
    "command-and-control": "Command and Control",
    "exfiltration": "Exfiltration",
    "impact": "Impact",
}
"""Short name -> name, in the order of the enterprise matrix."""

TABLE = "attack/enterprise.csv"


@dataclass(frozen=True, slots=True)
class Technique:
    """One technique or sub-technique; ``tactics`` are short names in matrix order."""

    uid: str
    name: str
    tactics: tuple[str, ...]


@cache
def techniques() -> dict[str, Technique]:
    """Return every enterprise technique in force, by id.

    Raises:
        ContentError: the table is missing or damaged.
    """
    path = content(TABLE)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(line for line in lines if not line.startswith("#")))
    if not rows or rows[0] != ["id", "name", "tactics"] or any(len(row) != len(rows[0]) for row in rows):
        raise ContentError("not a table of id, name, tactics", where=str(path))
    return {uid: Technique(uid, name, tuple(tactics.split(";"))) for uid, name, tactics in rows[1:]}


def technique(uid: str) -> Technique | None:
    """Return the technique with this id; a sub-technique that is not known falls back on its parent.

    Example:
        >>> technique("T1110.003").name
        'Password Spraying'
    """
    table = techniques()
    return table.get(uid) or table.get(uid.partition(".")[0])


@cache
def stage(uid: str) -> str:
    """Return the earliest tactic of a technique, in matrix order; the empty string where the id is not known."""
    known = technique(uid)
    return known.tactics[0] if known else ""


@cache
def order(tactic: str) -> int:
    """Return the place of a tactic in the matrix, from 0; -1 where it is not known."""
    return list(TACTICS).index(tactic) if tactic in TACTICS else -1
