"""A domain name's evidence in words: what each thing seen adds to the margin."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from vedette.abc import Contribution
from vedette.features.domain_evidence import FAMILIES, ORDERS, PAIRS, Evidence, evidence
from vedette.features.domain_language import language
from vedette.scoring.additive import Additive

MOST = 4
"""Runs of letters that are told one by one."""
_ATTRIBUTE = "query.hostname"
_TELLING = 0.05
"""Nats below which a run of letters is not worth a line."""

_THEMES = {
    "order": ("order", "order_size"),
    "words": ("words", "words_size", "words_order"),
    "letters": ("letters",),
    "digits": ("digits",),
}
"""Theme -> the blocks of measures that speak of it."""

assert {b for some in _THEMES.values() for b in some} == {*FAMILIES, *PAIRS}  # noqa: S101 - the tables fit


def told(form: Additive, labels: pl.Series) -> list[list[Contribution]]:
    """Return for each of n labels what was seen and what it adds; with the bias it is the margin."""
    seen = evidence(labels)
    sums = {b.name: form.sums(b).tolist() for b in seen.blocks}
    measured = {name: values.tolist() for name, values in seen.measures.items()}
    runs = _Runs.of(form, seen)
    words = _words(seen)
    out = []
    for k in range(len(labels)):  # few: what is told to people
        at = {name: values[k] for name, values in measured.items()}
        parts = [
            Contribution(_theme(theme, at, words[k]), sum(sums[b][k] for b in blocks), _ATTRIBUTE)
            for theme, blocks in _THEMES.items()
        ]
        top, rest = runs.heaviest(k)
        parts += [Contribution(text, nats, _ATTRIBUTE) for text, nats in top]
        out.append([*parts, Contribution("its other runs of letters", rest, _ATTRIBUTE)])
    return out


def _theme(theme: str, at: Mapping[str, float], words: Sequence[str]) -> str:
    if theme == "order":
        return f"the order of its letters: {at['surprise']:.1f} bits of surprise a letter (names that people chose: about 3.3)"
    if theme == "words":
        return (
            f"known words cover {at['words4']:.0%} of it ({', '.join(words)})"
            if words
            else "no known word of four letters in it"
        )
    if theme == "letters":
        share = "no letters" if math.isnan(at["vowels"]) else f"{at['vowels']:.0%} vowels"
        return f"{share}, at most {at['consonants']:.0f} consonants in a row, {at['variety'] * at['size']:.0f} different characters"
    if at["digits"] == 0:
        return "no digits"
    return f"{at['digits']:.0%} digits, {at['changes']:.0f} changes between letters and digits"


def _words(seen: Evidence) -> list[list[str]]:
    """Return up to three of the longest known words of four letters or more of each label."""
    begins = language().reaches(seen.of, 4)
    text = seen.of.data.tobytes()
    found: list[list[str]] = [[] for _ in range(len(seen.of))]
    for size in sorted(begins, reverse=True):
        owners = np.searchsorted(seen.of.starts, begins[size], side="right") - 1
        for at, owner in zip(begins[size].tolist(), owners.tolist(), strict=True):  # few names
            word, own = text[at : at + size].decode("ascii"), found[owner]
            if len(own) < 3 and not any(word in w for w in own):  # noqa: PLR2004 - three are enough
                own.append(word)
    return found


@dataclass(frozen=True, slots=True)
class _Runs:
    """Runs of letters of all labels: nats, where each begins, and per order where those of a label begin."""

    text: bytes
    nats: list[list[float]]
    begin: list[list[int]]
    starts: list[list[int]]

    @classmethod
    def of(cls, form: Additive, seen: Evidence) -> _Runs:
        blocks = seen.blocks[: len(ORDERS)]
        begin = [b.begin.tolist() for b in blocks if b.begin is not None]
        nats = [form.nats(b).tolist() for b in blocks]
        return cls(seen.of.data.tobytes(), nats, begin, [b.starts.tolist() for b in blocks])

    def heaviest(self, k: int) -> tuple[list[tuple[str, float]], float]:
        """Return the runs of label ``k`` that weigh most, in words, and the sum of the others."""
        own = [
            (nats, begin, order)
            for held, begins, starts, order in zip(self.nats, self.begin, self.starts, ORDERS, strict=True)
            for nats, begin in zip(held[starts[k] : starts[k + 1]], begins[starts[k] : starts[k + 1]], strict=True)
        ]
        own.sort(key=lambda run: -abs(run[0]))
        top = [(_piece(self.text[b : b + n]), nats) for nats, b, n in own[:MOST] if abs(nats) > _TELLING]
        return top, math.fsum(nats for nats, _, _ in own[len(top) :])


def _piece(raw: bytes) -> str:
    inner = raw.strip(b"\x02\x03").decode("utf-8", "replace")
    if raw[:1] == b"\x02" and raw[-1:] == b"\x03":
        return f"it is {inner!r}"
    if raw[:1] == b"\x02":
        return f"begins with {inner!r}"
    return f"ends in {inner!r}" if raw[-1:] == b"\x03" else f"has {inner!r}"
