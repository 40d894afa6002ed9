"""A domain name's evidence in words: what each thing seen adds to the margin."""

from __future__ import annotations

import math

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
    sums = {b.name: form.sums(b) for b in seen.blocks}
    nats = zip(*(sum(sums[b] for b in blocks).tolist() for blocks in _THEMES.values()), strict=True)  # type: ignore[union-attr]
    runs, rest = _heaviest(form, seen)
    return [
        [
            *(Contribution(text, n, _ATTRIBUTE) for text, n in zip(themes, of_themes, strict=True)),
            *(Contribution(text, n, _ATTRIBUTE) for text, n in own),
            Contribution("its other runs of letters", others, _ATTRIBUTE),
        ]
        for themes, of_themes, own, others in zip(_themes(seen), nats, runs, rest, strict=True)
    ]


def _themes(seen: Evidence) -> list[tuple[str, ...]]:
    """Return for each label what it says to each of ``_THEMES``, in their order."""
    at = seen.measures
    kinds = at["variety"] * at["size"]
    columns = (at["surprise"], at["words4"], at["vowels"], at["consonants"], kinds, at["digits"], at["changes"])
    return [
        (
            f"the order of its letters: {surprise:.1f} bits of surprise a letter (names that people chose: about 3.3)",
            f"known words cover {covered:.0%} of it ({', '.join(words)})"
            if words
            else "no known word of four letters in it",
            f"{_vowels(vowels)}, at most {consonants:.0f} consonants in a row, {different:.0f} different characters",
            f"{digits:.0%} digits, {changes:.0f} changes between letters and digits" if digits else "no digits",
        )
        for words, surprise, covered, vowels, consonants, different, digits, changes in zip(
            _words(seen), *(c.tolist() for c in columns), strict=True
        )
    ]  # few: what is told to people


def _vowels(share: float) -> str:
    return "no letters" if math.isnan(share) else f"{share:.0%} vowels"


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


def _heaviest(form: Additive, seen: Evidence) -> tuple[list[list[tuple[str, float]]], list[float]]:
    """Return for each label the runs of letters that weigh most, in words with their nats, and the sum of its others."""
    n, blocks = len(seen.of), seen.blocks[: len(ORDERS)]
    nats = np.concatenate([form.nats(b) for b in blocks])
    owner = np.concatenate([b.owners() for b in blocks])
    begin = np.concatenate([b.begin for b in blocks if b.begin is not None])
    size = np.repeat(list(ORDERS), [len(b.slot) for b in blocks])
    order = np.lexsort((-np.abs(nats), owner))
    first = np.searchsorted(owner[order], np.arange(n))
    top = (np.arange(len(order)) - first[owner[order]] < MOST) & (np.abs(nats[order]) > _TELLING)
    others, chosen, text = order[~top], order[top], seen.of.data.tobytes()
    out: list[list[tuple[str, float]]] = [[] for _ in range(n)]
    for k, b, length, told in zip(*(x[chosen].tolist() for x in (owner, begin, size, nats)), strict=True):  # few
        out[k].append((_piece(text[b : b + length]), told))
    rest: list[float] = np.bincount(owner[others], nats[others], minlength=n).tolist()
    return out, rest


def _piece(raw: bytes) -> str:
    inner = raw.strip(b"\x02\x03").decode("utf-8", "replace")
    if raw[:1] == b"\x02" and raw[-1:] == b"\x03":
        return f"it is {inner!r}"
    if raw[:1] == b"\x02":
        return f"begins with {inner!r}"
    return f"ends in {inner!r}" if raw[-1:] == b"\x03" else f"has {inner!r}"
