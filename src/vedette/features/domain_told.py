"""A domain name's evidence in words: what each thing seen adds to the margin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
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
    pieces = [form.nats(b) for b in seen.blocks[: len(ORDERS)]]
    words = _words(seen)
    out = []
    for k in range(len(labels)):  # few: what is told to people
        parts = [
            Contribution(_theme(theme, seen, k, words[k]), float(sum(sums[b][k] for b in blocks)), _ATTRIBUTE)
            for theme, blocks in _THEMES.items()
        ]
        top, rest = _pieces(pieces, seen, k)
        parts += [Contribution(text, nats, _ATTRIBUTE) for text, nats in top]
        out.append([*parts, Contribution("its other runs of letters", rest, _ATTRIBUTE)])
    return out


def _theme(theme: str, seen: Evidence, k: int, words: Sequence[str]) -> str:
    at = {name: float(values[k]) for name, values in seen.measures.items()}
    if theme == "order":
        return f"the order of its letters: {at['surprise']:.1f} bits of surprise a letter (names that people chose: about 3.3)"
    if theme == "words":
        named = f" ({', '.join(words)})" if words else ""
        return f"known words cover {at['words4']:.0%} of it{named}" if words else "no known word of four letters in it"
    if theme == "letters":
        share = "no letters" if np.isnan(at["vowels"]) else f"{at['vowels']:.0%} vowels"
        return f"{share}, at most {at['consonants']:.0f} consonants in a row, {at['variety'] * at['size']:.0f} different characters"
    if at["digits"] == 0:
        return "no digits"
    return f"{at['digits']:.0%} digits, {at['changes']:.0f} changes between letters and digits"


def _words(seen: Evidence) -> list[list[str]]:
    """Return up to three of the longest known words of four letters or more of each label."""
    begins = language().reaches(seen.of, 4)
    found: list[list[str]] = [[] for _ in range(len(seen.of))]
    for size in sorted(begins, reverse=True):
        for at in begins[size].tolist():  # few names
            owner = int(np.searchsorted(seen.of.starts, at, side="right")) - 1
            word = bytes(seen.of.data[at : at + size]).decode("ascii")
            if len(found[owner]) < 3 and not any(word in w for w in found[owner]):  # noqa: PLR2004 - three are enough
                found[owner].append(word)
    return found


def _pieces(pieces: Sequence[npt.NDArray[np.float64]], seen: Evidence, k: int) -> tuple[list[tuple[str, float]], float]:
    """Return the runs that weigh most, in words, and the sum of the others."""
    by_text: dict[str, float] = {}
    data = seen.of.data
    for nats, block, order in zip(pieces, seen.blocks, ORDERS, strict=False):
        first, last = int(block.starts[k]), int(block.starts[k + 1])
        assert block.begin is not None  # noqa: S101 - runs know where they stand
        for value, begin in zip(nats[first:last].tolist(), block.begin[first:last].tolist(), strict=True):
            text = _piece(bytes(data[begin : begin + order]))
            by_text[text] = by_text.get(text, 0.0) + value
    ranked = sorted(by_text.items(), key=lambda item: -abs(item[1]))
    top = [(text, nats) for text, nats in ranked[:MOST] if abs(nats) > _TELLING]
    return top, sum(by_text.values()) - sum(nats for _, nats in top)


def _piece(raw: bytes) -> str:
    inner = raw.strip(b"\x02\x03").decode("utf-8", "replace")
    if raw[:1] == b"\x02" and raw[-1:] == b"\x03":
        return f"it is {inner!r}"
    if raw[:1] == b"\x02":
        return f"begins with {inner!r}"
    return f"ends in {inner!r}" if raw[-1:] == b"\x03" else f"has {inner!r}"
