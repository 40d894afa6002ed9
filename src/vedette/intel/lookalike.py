"""Texts that look alike: one spelling for letters that the eye takes for each other, host names out of punycode, one-slip distance.

The idea of a *skeleton* is that of Unicode Technical Standard 39; the table is our own and small: letters that are used against Latin
names. All functions take and give whole columns; callers hand them distinct values where values repeat.
"""

# ruff: noqa: RUF001, RUF002 - letters that look alike are what it is about
from __future__ import annotations

import polars as pl

_TWINS = {
    # Cyrillic, Greek, Armenian, and Latin letters of other shapes, lower case; accents are taken off before
    "a": "аαɑӕ", "b": "ьЬƅɓвβ", "c": "сϲᴄҫ", "d": "ԁɗđ", "e": "еεҽєəɛ", "f": "ƒғſ", "g": "ɡցǥ", "h": "һհнћħ", "i": "іιıɩɪ", "j": "јϳ",
    "k": "кκƙ", "l": "ӏլłḷ", "m": "мᴍ", "n": "пηոиռŋ", "o": "оοօσøɵᴏ", "p": "рρþ", "q": "ԛգ", "r": "гᴦ", "s": "ѕʂꜱ", "t": "тτŧ",
    "u": "υսцʋᴜ", "v": "ѵνᴠ", "w": "ԝшωɯᴡ", "x": "хχ", "y": "уүγყ", "z": "ᴢʐƶ",
}  # fmt: skip
_TWIN = {twin: letter for letter, twins in _TWINS.items() for twin in twins}
_DRAWN = {
    "rn": "m", "vv": "w", "0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "$": "s",
    "@": "a",
}  # fmt: skip
"""What is drawn like something else in plain ASCII; applied to both sides of a comparison."""

LABEL_LIMIT = 63
"""Characters of a label that are decoded (RFC 1035)."""


def skeleton(texts: pl.Series) -> pl.Series:
    """Return the texts (String) in lower case, without accents and invisible characters, foreign twins as the Latin letter they look like.

    Example:
        >>> skeleton(pl.Series(["Pаypаl", "Amazon", "ｇoogle"])).to_list()
        ['paypal', 'amazon', 'google']
    """
    lower = texts.str.to_lowercase()
    odd = (lower.str.len_bytes() != lower.str.len_chars()).fill_null(value=False)
    if not odd.any():
        return lower
    plain = lower.filter(odd).str.normalize("NFKD").str.to_lowercase().str.replace_all(r"[\p{M}\p{Cf}]", "")
    return lower.scatter(odd.arg_true(), plain.str.replace_many(list(_TWIN), list(_TWIN.values())))


def drawn(texts: pl.Series) -> pl.Series:
    """Return skeletons with look-alikes inside ASCII made one: ``rn`` and ``m``, ``1``, ``i`` and ``l``, ``0`` and ``o``.

    Equal results look alike; they are not for reading.

    Example:
        >>> drawn(pl.Series(["paypa1", "rnicrosoft"])).equals(drawn(pl.Series(["paypal", "microsoft"])))
        True
    """
    return skeleton(texts).str.replace_many(list(_DRAWN), list(_DRAWN.values()))


def decoded(hosts: pl.Series) -> pl.Series:
    """Return host names with their punycode labels (``xn--``) as the letters they stand for; what cannot be decoded stays (RFC 3492)."""
    lower = hosts.str.to_lowercase()
    coded = lower.str.contains("xn--", literal=True).fill_null(value=False)
    if not coded.any():
        return lower
    names = [
        ".".join(map(_label, name.split("."))) for name in lower.filter(coded)
    ]  # few: labels of other scripts only
    return lower.scatter(coded.arg_true(), pl.Series(names, dtype=pl.String))


def mixed_scripts(texts: pl.Series) -> pl.Series:
    """Return (n,) Boolean: a word that mixes Latin letters with Cyrillic, Greek or Armenian ones, as no language does."""
    foreign = r"[\p{Cyrillic}\p{Greek}\p{Armenian}]"
    return texts.str.contains(rf"\p{{Latin}}{foreign}|{foreign}\p{{Latin}}").fill_null(value=False)


def one_slip(a: str, b: str) -> bool:
    """Say whether ``a`` and ``b`` differ by one letter put in, left out, exchanged, or two neighbours swapped (Damerau, 1964).

    Example:
        >>> [one_slip("paypal", x) for x in ("payapl", "papal", "paypal", "palpay")]
        [True, True, False, False]
    """
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[same:], b[same:]
    if len(a) == len(b):
        return rest_a[1:] == rest_b[1:] or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])
    return rest_a[1:] == rest_b or rest_b[1:] == rest_a


def _label(label: str) -> str:
    if not label.startswith("xn--") or len(label) > LABEL_LIMIT:
        return label
    try:
        return label[4:].encode("ascii").decode("punycode").lower()
    except (UnicodeError, ValueError, OverflowError):
        return label
