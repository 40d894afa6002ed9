"""What a sign is: one pattern over the text of an event, what it means in words, and which techniques it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
import polars as pl

from vedette.abc import LogOdds, Term
from vedette.features.pattern import ascii_only
from vedette.model import Analytic, Severity

FIELD = "\x1f"
"""Stands behind every field of a text that is put together of several; nothing read can hold it."""
MOST = 255
"""Signs that a table may have: a sign's place is one byte."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One pattern.

    Attributes:
        name: of the sign; ``kind``: what an analyst calls a finding that it leads.
        said: what it is, in the words of a report.
        hints: lower case; one of them stands in every text that the pattern fits: a quick look before a slow one.
        pattern: over lower-case text; ``.`` stays within a line, and a repetition counted beyond 14 is not counted where it is only asked
            whether the pattern fits (``pattern.ascii_only``).
        strength: how much it says, in nats where the detector adds them up as they are.
        techniques: ATT&CK ids.
        unless: a text that this fits does not count.
    """

    name: str
    kind: str
    said: str
    hints: tuple[str, ...]
    pattern: str
    strength: int
    techniques: tuple[str, ...]
    unless: str = ""


def signs_of(texts: pl.Series, table: tuple[Sign, ...]) -> pl.Series:
    """Return (n,) List(UInt8): the places in ``table`` of the signs that hold, ascending; empty where none does.

    All hints are looked for in one pass (Aho-Corasick), and a pattern is tried only on texts that hold one of its hints. Each distinct
    text is read once.
    """
    distinct = texts.fill_null("").unique(maintain_order=True)
    found = _found(distinct, table)
    told = pl.DataFrame({"text": distinct, "signs": found})
    return (
        texts.fill_null("").alias("text").to_frame().join(told, on="text", how="left", maintain_order="left")["signs"]
    )


def _found(texts: pl.Series, table: tuple[Sign, ...]) -> pl.Series:
    hints, by_hint = _hints(table)
    held = texts.str.extract_many(list(hints), overlapping=True).list.unique()
    rows = pl.DataFrame({"row": pl.int_range(len(texts), dtype=pl.UInt32, eager=True), "hint": held})
    pairs = rows.explode("hint").drop_nulls().join(by_hint, on="hint").select("row", "sign").unique()
    hit_rows, hit_signs = [], []
    for (place,), part in sorted(pairs.partition_by("sign", as_dict=True, include_key=False).items()):
        sign, candidates = table[int(place)], texts.gather(part["row"])
        fits = candidates.str.contains(ascii_only(sign.pattern))
        if sign.unless:
            fits &= ~candidates.str.contains(ascii_only(sign.unless))
        hits = part["row"].filter(fits)
        hit_rows.append(hits)
        hit_signs.append(np.full(len(hits), int(place), np.uint8))
    if not hit_rows:
        return pl.Series("signs", [[]] * len(texts), dtype=pl.List(pl.UInt8))
    owner, place = pl.concat(hit_rows).to_numpy(), np.concatenate(hit_signs)
    order = np.lexsort((place, owner))
    filled = (
        pl.DataFrame({"row": owner[order], "signs": place[order]}).group_by("row", maintain_order=True).agg("signs")
    )
    every = rows.select("row").join(filled, on="row", how="left", maintain_order="left")["signs"]
    return every.fill_null(pl.Series([[]], dtype=pl.List(pl.UInt8)))


@lru_cache(maxsize=32)
def _hints(table: tuple[Sign, ...]) -> tuple[tuple[str, ...], pl.DataFrame]:
    """Return all hints, and which signs each belongs to."""
    pairs = [(hint, place) for place, sign in enumerate(table) for hint in sign.hints]
    frame = pl.DataFrame(pairs, schema={"hint": pl.String, "sign": pl.UInt8}, orient="row")
    return tuple(dict.fromkeys(hint for hint, _ in pairs)), frame


def piece(text: str, sign: Sign, longest: int = 80) -> str:
    """Return the piece of a text that a sign's pattern fits, fit for a report: one line, not long."""
    found = (pl.select(pl.lit(text).str.extract(p, 0)).item() for p in (sign.pattern, ascii_only(sign.pattern)))
    return shown(next(filter(None, found), ""), longest)


def shown(text: str, longest: int = 80) -> str:
    """Return text on one line, without marks, cut to length."""
    clear = "".join(c if c.isprintable() else " " for c in text.replace("`", "'"))
    clear = " ".join(clear.split())
    return clear[: longest - 1] + "…" if len(clear) > longest else clear


def fields(**columns: pl.Expr) -> pl.Expr:
    """Return one lower-case text of several columns: ``name=value`` each, ``FIELD`` behind it; what is null is empty.

    Patterns may rest on the order. A value is cut at 2,048 characters.
    """
    parts = [
        pl.format(
            f"{name}={{}}{FIELD}",
            value.cast(pl.String).str.head(_LONGEST).str.replace_all(r"[\x00-\x1f\x7f]", " ").fill_null(""),
        )
        for name, value in columns.items()
    ]
    return pl.concat_str(parts).str.to_lowercase()


_LONGEST = 2_048


BUILT_IN = ("system", "local service", "network service", "anonymous logon", "iusr", "window manager", "-", "")
"""Accounts that every Windows host has: findings of different hosts are not linked by them."""


def person(account: pl.Expr) -> pl.Expr:
    """Return an account; null for those that every host has, and for those of machines (``WS1$``) and window managers (``DWM-1``)."""
    plain = account.str.to_lowercase()
    common = plain.is_in(BUILT_IN) | plain.str.contains(r"\$$|^(?:dwm|umfd)-[0-9]+$")
    return pl.when(~common).then(account)


READ = pl.Struct({"signs": pl.List(pl.UInt8), "kind": pl.String, "told": pl.String})
"""What is read of a text: its signs, the kind they speak of most, and the strongest in words; the last two null where there is none."""


def reading(text: pl.Expr, table: tuple[Sign, ...]) -> pl.Expr:
    """Return the expression of structs (``READ``) that texts hold."""
    return text.map_batches(lambda texts: _read(texts, table), return_dtype=READ, is_elementwise=True)


def _read(texts: pl.Series, table: tuple[Sign, ...]) -> pl.Series:
    found = signs_of(texts, table)
    strength = np.array([s.strength for s in table])
    kinds = list(dict.fromkeys(s.kind for s in table))
    of_kind = np.array([kinds.index(s.kind) for s in table])
    sizes = found.list.len().to_numpy()
    owner, place = np.repeat(np.arange(len(found)), sizes), found.explode().drop_nulls().to_numpy()
    sums = np.zeros((len(found), len(kinds)))
    np.add.at(sums, (owner, of_kind[place]), strength[place])
    order = np.lexsort(
        (place, -strength[place], owner)
    )  # each owner's strongest first, the first in the table of two alike
    first = np.full(len(found), -1, np.int64)
    first[owner[order[::-1]]] = place[order[::-1]]
    some = sizes > 0
    return pl.DataFrame(
        {
            "signs": found,
            "kind": pl.Series(kinds).gather(sums.argmax(axis=1)).set(pl.Series(~some), None),
            "told": pl.Series([s.said for s in table]).gather(np.maximum(first, 0)).set(pl.Series(~some), None),
        }
    ).to_struct("read")


def terms(table: Sequence[Sign]) -> list[Term]:
    """Return the evidence of every sign of a table, over the columns ``signs``; its strength are its nats."""
    return [
        Term(
            pl.when(pl.col("signs").list.contains(pl.lit(place, pl.UInt8))).then(float(sign.strength)),
            pl.lit(sign.said),
            sign.name,
        )
        for place, sign in enumerate(table)
    ]


def strongest(table: Sequence[Sign], signs: Iterable[int] | None) -> list[Sign]:
    """Return the signs at these places, strongest first; of two alike, the first in the table."""
    return sorted((table[i] for i in signs or () if i is not None and i < len(table)), key=lambda s: -s.strength)


def techniques(table: Sequence[Sign], signs: Iterable[int] | None, share: float = 0.5) -> tuple[str, ...]:
    """Return the techniques of the signs at these places that are at least ``share`` as strong as the strongest, strongest first."""
    best = strongest(table, signs)
    if not best:
        return ()
    enough = [s for s in best if s.strength >= share * best[0].strength]
    return tuple(dict.fromkeys(t for s in enough for t in s.techniques))


class Signed(LogOdds):
    """What the detectors of signs have in common; rows hold ``signs`` (see ``reading``), ``kind`` and what the sentence says.

    Attributes:
        table: the signs.
        grave: nats of all signs from which on a finding is of high severity; ``slight``: up to which it is of low severity.
    """

    table: ClassVar[tuple[Sign, ...]]
    grave: ClassVar[int] = 9
    slight: ClassVar[int] = 5
    analytic = Analytic.RULE
    prior: ClassVar[float] = -6.0

    def terms(self) -> list[Term]:
        return terms(self.table)

    def titles(self, rows: pl.DataFrame) -> list[str]:
        return rows["kind"].fill_null(self.title).to_list()

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        held = rows["signs"].to_list()  # hits only: few
        return [techniques(self.table, signs) or self.techniques[:1] for signs in held]

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        sums = [
            sum(s.strength for s in strongest(self.table, held)) for held in rows["signs"].to_list()
        ]  # hits only: few
        return [Severity.HIGH if s >= self.grave else Severity.LOW if s <= self.slight else self.severity for s in sums]
