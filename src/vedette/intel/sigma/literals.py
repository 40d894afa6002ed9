"""All literals that rules look for in one column, found in one pass (Aho and Corasick 1975) over its distinct values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum

import ahocorasick_rs
import numpy as np

from vedette.intel.sigma.tree import Text, Wild
from vedette.intel.sigma.values import text_check

Ids = np.ndarray[tuple[int], np.dtype[np.int64]]


class Place(IntEnum):
    """Where a literal must stand in a value."""

    ANYWHERE = 0
    START = 1
    END = 2


class Literals:
    r"""The texts that are looked for in a column, each with the number of its atom.

    Args:
        texts: atom number -> text with wildcards.

    Example:
        >>> some = Literals({7: Text((Wild.MANY, "cmd.exe")), 9: Text(("4688",)), 11: Text((Wild.MANY, "a", Wild.ONE, "c", Wild.MANY))})
        >>> found = some.found(["C:\\CMD.exe", "4688", "xabc"], ["c:\\cmd.exe", "4688", "xabc"])
        >>> {atom: where.tolist() for atom, where in sorted(found.items())}
        {7: [0], 9: [1], 11: [2]}
    """

    def __init__(self, texts: dict[int, Text]) -> None:
        self._whole: dict[str, list[int]] = {}
        self._places: list[dict[Place, list[int]]] = []
        self._checks: dict[int, Callable[[str], bool]] = {}
        self._any: list[int] = []
        self._slow: list[int] = []
        numbers: dict[str, int] = {}
        for atom, text in texts.items():
            self._sort_in(atom, text, numbers)
        self._automaton = ahocorasick_rs.AhoCorasick(list(numbers), store_patterns=False) if numbers else None

    def _sort_in(self, atom: int, text: Text, numbers: dict[str, int]) -> None:
        literals = [p for p in text.parts if isinstance(p, str)]
        literal = max(literals, key=len, default="").lower()
        if not literals:
            if text.parts == (Wild.MANY,):
                self._any.append(atom)
            elif not text.parts:
                self._whole.setdefault("", []).append(atom)
            else:
                self._slow.append(atom)
                self._checks[atom] = text_check(text)
            return
        place = _PLACES.get(tuple(isinstance(p, str) for p in text.parts) if Wild.ONE not in text.parts else ())
        if text.cased or place is None:
            self._checks[atom] = text_check(text)
        if len(text.parts) == 1:
            self._whole.setdefault(literal, []).append(atom)
            return
        number = numbers.setdefault(literal, len(numbers))
        if number == len(self._places):
            self._places.append({})
        self._places[number].setdefault(place or Place.ANYWHERE, []).append(atom)

    def found(self, values: Sequence[str], lowered: Sequence[str]) -> dict[int, Ids]:
        """Return, per atom that holds anywhere, the values (their numbers, in order) it holds of.

        Args:
            values: (n,) distinct values as written.
            lowered: (n,) the same in lower case.
        """
        found: dict[int, Ids] = {}
        if self._whole:
            self._equal(lowered, found)
        if self._automaton is not None:
            self._inside(lowered, found)
        everything = np.arange(len(values), dtype=np.int64)
        found |= dict.fromkeys(self._any + self._slow, everything)
        for atom in self._checks.keys() & found.keys():
            check = self._checks[atom]
            held = [i for i in found[atom].tolist() if check(values[i])]
            found[atom] = np.asarray(held, dtype=np.int64)
        return {atom: where for atom, where in found.items() if len(where)}

    def _equal(self, lowered: Sequence[str], found: dict[int, Ids]) -> None:
        held: dict[int, list[int]] = {}
        for number, value in enumerate(lowered):
            for atom in self._whole.get(value, ()):
                held.setdefault(atom, []).append(number)
        found |= {atom: np.asarray(where, dtype=np.int64) for atom, where in held.items()}

    def _inside(self, lowered: Sequence[str], found: dict[int, Ids]) -> None:
        """Find the literals, and sort them out by where they stand."""
        assert self._automaton is not None  # noqa: S101 - for the reader of types
        find = self._automaton.find_matches_as_indexes
        hits: list[tuple[int, int, int]] = []
        counts = np.empty(len(lowered), dtype=np.int64)
        for number, value in enumerate(lowered):  # a call per distinct value; the automaton does the rest
            got = find(value, overlapping=True)
            counts[number] = len(got)
            hits += got
        if not hits:
            return
        table = np.fromiter((n for hit in hits for n in hit), dtype=np.int64, count=3 * len(hits)).reshape(-1, 3)
        value_of = np.repeat(np.arange(len(lowered), dtype=np.int64), counts)
        lengths = np.fromiter(map(len, lowered), dtype=np.int64, count=len(lowered))
        order = np.argsort(table[:, 0], kind="stable")
        literal, start, end, owner = table[order, 0], table[order, 1], table[order, 2], value_of[order]
        at_end = end == lengths[owner]
        numbers, begins = np.unique(literal, return_index=True)
        for number, begin, stop in zip(numbers.tolist(), begins, [*begins[1:], len(literal)], strict=True):
            part = slice(begin, stop)
            for place, atoms in self._places[number].items():
                where = owner[part]
                if place is Place.START:
                    where = where[start[part] == 0]
                elif place is Place.END:
                    where = where[at_end[part]]
                if len(where):
                    found |= dict.fromkeys(atoms, _distinct(where))


def _distinct(ordered: Ids) -> Ids:
    """Return sorted numbers without repeats."""
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))]


_PLACES: dict[tuple[bool, ...], Place] = {
    (True,): Place.ANYWHERE,
    (False, True, False): Place.ANYWHERE,
    (True, False): Place.START,
    (False, True): Place.END,
}
"""Which parts are text (the others ``*``) -> where it stands; any other form is checked value by value."""
