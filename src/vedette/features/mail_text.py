"""Mail text as models read it: one spelling for what a reader cannot tell apart, and one word for what only names somebody.

Folded: case, compatibility forms and accents (NFKD without marks), zero-width characters, letters of other alphabets that look Latin.
Masked: links, addresses, times, dates, amounts, numbers and hex become words of their own, since their digits belong to one mail.
Spacing and punctuation collapse, because how they are set belongs to the program that wrote the mail.
"""

from __future__ import annotations

import polars as pl

KEPT_CHARS = 8_192
"""Characters of a body that are read: what comes first is what a reader sees."""

URL, ADDRESS, MONEY, PERCENT, NUMBER, CODE = "xurl", "xaddress", "xmoney", "xpercent", "xnumber", "xcode"
TOLD = {
    URL: "a link",
    ADDRESS: "a mail address",
    MONEY: "an amount of money",
    PERCENT: "a percentage",
    NUMBER: "a number",
    CODE: "letters mixed with figures",
}
"""Words that stand for what was masked, and what they say."""

_INVISIBLE = r"[\u00AD\u034F\u061C\u115F\u1160\u180B-\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF]+"

_LOOKS_LIKE = {
    **dict(zip("авекмнорстухіјѕԁһԛԝџ", "abekmhopctyxijsdhqwu", strict=True)),
    **dict(zip("αβεικνορτυχγω", "abeikvoptuxyw", strict=True)),
    **dict(zip("ıɑɡɩʋᴀᴄᴇᴏᴜⅼ", "iagivaceoul", strict=True)),
    "ß": "ss",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "\u2019": "'",
    "\u2018": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2013": "-",
    "\u2014": "-",
}
"""Lower-case letters that pass for Latin ones, and typographic marks -> plain ones; a table of our own after the idea of UTS 39."""

_MASKS = (
    (r"(?-u:\b)(?:(?:https?|ftp) ?: ?/ ?/ ?|www ?\. ?)[^\s<>\"]*(?: [./?=&%_-]+ [^\s<>\"]+)*(?: /)*", f" {URL} "),
    (r"[\w+-]+(?:\.[\w+-]+| \. [\w+-]+)* ?@ ?[\w-]+(?:\.[\w-]+| \. [\w-]+)*", f" {ADDRESS} "),
    (r"(?:\$|£|€|(?-u:\b)(?:usd?|euros?|gbp)(?-u:\b)) ?[0-9][0-9.,]*(?: ?[mk](?-u:\b))?", f" {MONEY} "),
    (r"[0-9][0-9.,]* ?%", f" {PERCENT} "),
    (r"(?-u:\b)(?:[a-z]*[0-9]+[a-z]+[0-9][0-9a-z]*|[0-9a-f]{12,}|[0-9a-z_]{26,})(?-u:\b)", f" {CODE} "),
    (r"[0-9](?:[0-9.,:/ -]*[0-9])?", f" {NUMBER} "),
    (r"[\s_=*~#<>|+-]+", " "),
)
"""In this order: what is found -> the word in its place."""


_PREFIX = r"(?i)^\s*(?:(?:re|fwd?|aw|wg|sv|vs|tr|rv|antw)\s*(?:\[ ?\d+ ?\])?\s*[:\uff1a]\s*|\[[^\]]{1,40}\]\s*)+"


def bare(subject: pl.Expr) -> pl.Expr:
    """Return a subject without ``Re:``, ``Fwd:`` and the like, and without the tag of a mailing list."""
    return subject.str.replace(_PREFIX, "")


def folded(text: pl.Expr) -> pl.Expr:
    """Return lower-case text in one spelling: no marks, nothing invisible, look-alike letters as the Latin ones."""
    return text.map_batches(_folded, return_dtype=pl.String, is_elementwise=True)


def _folded(text: pl.Series) -> pl.Series:
    """Return the texts folded; those of ASCII, which are most, need no more than lower case."""
    lower = text.str.to_lowercase()
    odd = (text.str.len_bytes() != text.str.len_chars()).fill_null(value=False)
    if not odd.any():
        return lower
    plain = text.filter(odd).str.normalize("NFKD").str.replace_all(rf"\p{{Mn}}+|{_INVISIBLE}", "").str.to_lowercase()
    return lower.scatter(odd.arg_true(), plain.str.replace_many(list(_LOOKS_LIKE), list(_LOOKS_LIKE.values())))


def masked(text: pl.Expr) -> pl.Expr:
    """Return folded text with words in the place of links, addresses, amounts, numbers and codes, and single spaces."""
    for found, word in _MASKS:
        text = text.str.replace_all(found, word)
    return text.str.strip_chars()
