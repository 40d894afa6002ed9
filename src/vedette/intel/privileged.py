"""Which groups and roles hold the keys: a table of content, matched against names and security ids."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from vedette.intel.content import content

HOST, PART, ALL = 1, 2, 3
"""Weights: a host or a part; a way to everything; everything."""


@dataclass(frozen=True, slots=True)
class Privilege:
    """Groups alike.

    Attributes:
        weight: 1 to 3.
        what: what their members can do, in words.
        names: in lower case.
        sids: regular expressions over a whole security id.
    """

    weight: int
    what: str
    names: tuple[str, ...]
    sids: tuple[str, ...]


@cache
def privileges() -> tuple[Privilege, ...]:
    """Return the table, in its order."""
    import yaml

    rows = yaml.safe_load(content("identity/privileged.yaml").read_text("utf-8"))
    return tuple(Privilege(r["weight"], r["what"], tuple(r.get("names", ())), tuple(r.get("sids", ()))) for r in rows)


def weight(name: pl.Expr, uid: pl.Expr) -> pl.Expr:
    """Return the weight of a group, Int64: 0 of one that is not in the table. The id goes before the name, which is translated."""
    return pl.coalesce(_first(name, uid, {i: p.weight for i, p in enumerate(privileges())}), pl.lit(0)).cast(pl.Int64)


def power(name: pl.Expr, uid: pl.Expr) -> pl.Expr:
    """Return what its members can do, in words; null of a group that is not in the table."""
    return _first(name, uid, {i: p.what for i, p in enumerate(privileges())})


def _first(name: pl.Expr, uid: pl.Expr, told: dict[int, int] | dict[int, str]) -> pl.Expr:
    lower = name.str.strip_chars().str.to_lowercase()
    by_id = [
        pl.when(uid.str.contains(f"^(?:{'|'.join(p.sids)})$")).then(pl.lit(told[i]))
        for i, p in enumerate(privileges())
        if p.sids
    ]
    by_name = [pl.when(lower.is_in(list(p.names))).then(pl.lit(told[i])) for i, p in enumerate(privileges())]
    return pl.coalesce(*by_id, *by_name)
