"""What a web application reads out of a request: layers of encoding taken off, a whole column at a time, in bounded time.

Percent (also of percent, up to ``LAYERS`` deep), ``%uXXXX`` (IIS), overlong UTF-8 (RFC 3629, section 10), full-width forms, HTML
entities, escapes of JavaScript, comments of SQL, pieces of text put together with quotes, and nested lookups of Log4j. Each pass is linear
in the bytes; the number of passes is fixed.
"""

# ruff: noqa: PLR2004 - bytes of UTF-8

from __future__ import annotations

import html
import re

import numpy as np
import numpy.typing as npt
import polars as pl

Bytes = npt.NDArray[np.uint8]

LAYERS = 4
"""Layers of percent encoding that are taken off at the most."""
ROW = 0x03
"""Stands between rows while they are one run of bytes; no row holds it."""
STRANGE = "\x01"
"""Stands for a control character that was encoded: null bytes, escape."""
PATH, NAME, VALUE, AGENT, REFERRER, HIDDEN = "\x1c", "\x1e", "\x1f", "\x1d", "\x1a", "\x1b"
"""Stand before the parts of a request; ``HIDDEN`` before text that was base64. Nothing decoded can forge them."""

_HEX = np.full(256, 255, np.uint8)
_HEX[[*range(0x30, 0x3A)]] = range(10)
_HEX[[*range(0x41, 0x47)]] = range(10, 16)
_HEX[[*range(0x61, 0x67)]] = range(10, 16)
_CONTROL = np.arange(256, dtype=np.uint8)
_CONTROL[:0x20] = 0x01
_CONTROL[[0x09, 0x0B, 0x0C]] = 0x20
_CONTROL[[0x0A, 0x0D]] = 0x0A
_CONTROL[0x7F] = 0x01
_PERCENT, _SMALL_U, _LARGE_U = 0x25, 0x75, 0x55
_WIDE = 0xFEE0
"""From a full-width form (U+FF01 to U+FF5E) to its ASCII."""


def decode(texts: pl.Series) -> pl.DataFrame:
    """Return (n,) ``text`` (String), ``layers`` (Int8: of percent encoding), ``odd`` (Boolean: an encoding no honest client uses).

    Args:
        texts: (n,) String; control characters in it stand for what ``PATH`` and so on say.
    """
    filled = texts.fill_null("").alias("text")
    coded = np.flatnonzero(
        (filled.str.contains("%", literal=True) | (filled.str.len_bytes() != filled.str.len_chars())).to_numpy()
    )
    layers, odd = np.zeros(len(filled), np.int8), np.zeros(len(filled), np.bool_)
    if len(coded):
        clear, layers[coded], odd[coded] = _decoded(filled.gather(coded))
        filled = filled.scatter(coded, clear)
    return pl.DataFrame({"text": _languages(filled), "layers": layers, "odd": odd})


def _decoded(filled: pl.Series) -> tuple[pl.Series, npt.NDArray[np.int8], npt.NDArray[np.bool_]]:
    """Return texts without percent encoding and overlong UTF-8, the layers taken off, and whether one is odd."""
    data = np.frombuffer("\x03".join(filled.to_list()).encode("utf-8", "surrogatepass"), np.uint8)
    layers, odd = np.zeros(len(filled), np.int8), np.zeros(len(filled), np.bool_)
    for _ in range(LAYERS):
        data, where, strange = _unpercent(data)
        if not len(where):
            break
        ends = np.flatnonzero(data == ROW)
        layers[np.unique(np.searchsorted(ends, where))] += 1
        odd[np.searchsorted(ends, strange)] = True
    data, where = _shortest(data)
    if len(where):
        odd[np.searchsorted(np.flatnonzero(data == ROW), where)] = True
    return pl.Series("text", data.tobytes().decode("utf-8", "replace").split("\x03"), pl.String), layers, odd


def _unpercent(data: Bytes) -> tuple[Bytes, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Take one layer off; return the bytes, where something was decoded, and where ``%uXXXX`` was."""
    at = np.flatnonzero(data == _PERCENT)
    at = at[at + 2 < len(data)]
    none = np.empty(0, np.int64)
    if not len(at):
        return data, none, none
    high, low = _HEX[data[at + 1]], _HEX[data[at + 2]]
    plain = (high < 16) & (low < 16)
    out, keep = data.copy(), np.ones(len(data), np.bool_)
    some = at[plain]
    out[some] = _CONTROL[(high[plain] << 4) | low[plain]]
    keep[some + 1] = keep[some + 2] = False
    wide = at[(data[at + 1] == _SMALL_U) | (data[at + 1] == _LARGE_U)]
    wide = wide[wide + 5 < len(data)]
    digits = _HEX[data[wide[:, None] + np.arange(2, 6)]] if len(wide) else np.empty((0, 4), np.uint8)
    fits = (digits < 16).all(axis=1)
    wide, digits = wide[fits], digits[fits].astype(np.int64)
    if len(wide):
        _put(out, keep, wide, digits @ np.array([4096, 256, 16, 1]), 6)
    if not len(some) and not len(wide):
        return data, none, none
    place = np.cumsum(keep) - 1
    return out[keep], place[np.sort(np.concatenate([some, wide]))], place[wide]


def _put(
    out: Bytes, keep: npt.NDArray[np.bool_], at: npt.NDArray[np.int64], code: npt.NDArray[np.int64], room: int
) -> None:
    """Write code points as UTF-8 at ``at``, each in ``room`` (at least 3) bytes, and mark what is left over."""
    code = np.where((code >= 0xFF01) & (code <= 0xFF5E), code - _WIDE, code)
    code = np.where((code >= 0xD800) & (code < 0xE000), 0xFFFD, code)
    one, two = code < 0x80, (code >= 0x80) & (code < 0x800)
    three = ~one & ~two
    keep[(at[:, None] + np.arange(1, room)).ravel()] = False
    out[at[one]] = _CONTROL[code[one]]
    out[at[two]] = 0xC0 | (code[two] >> 6)
    out[at[two] + 1] = 0x80 | (code[two] & 0x3F)
    keep[at[two] + 1] = True
    out[at[three]] = 0xE0 | (code[three] >> 12)
    out[at[three] + 1] = 0x80 | ((code[three] >> 6) & 0x3F)
    out[at[three] + 2] = 0x80 | (code[three] & 0x3F)
    keep[at[three] + 1] = keep[at[three] + 2] = True


def _shortest(data: Bytes) -> tuple[Bytes, npt.NDArray[np.int64]]:
    """Return the bytes with overlong UTF-8 (an ASCII character in two or three bytes) as ASCII, and where it was."""
    at = np.flatnonzero((data == 0xC0) | (data == 0xC1) | (data == 0xE0) | (data == 0xEF))
    at = at[at + 1 < len(data)]
    if not len(at):
        return data, at
    padded = np.append(data, np.zeros(2, np.uint8))
    first, second, third = data[at], padded[at + 1], padded[at + 2]
    # 0x2F after 0xC0 is not UTF-8 at all, yet some decoders take its low bits: ``%c0%2f``
    two = (first < 0xC2) & (((second & 0xC0) == 0x80) | (second == 0x2F) | (second == 0x5C))
    three = (first == 0xE0) & ((second & 0xFE) == 0x80) & ((third & 0xC0) == 0x80)
    out, keep = data.copy(), np.ones(len(data), np.bool_)
    wide = (first == 0xEF) & ((second == 0xBC) | (second == 0xBD)) & (third >= 0x80) & (third < 0xC0)
    code = ((second & 0x3F).astype(np.int64) << 6 | (third & 0x3F)) - (0xFF00 & 0xFFF)
    wide &= (code >= 1) & (code <= 0x5E)
    out[at[wide]] = (code[wide] + 0x20).astype(np.uint8)
    keep[at[wide] + 1] = keep[at[wide] + 2] = False
    narrow = ((first & 1) << 6) | np.where((second & 0xC0) == 0x80, second & 0x3F, second & 0x7F)
    out[at[two]] = _CONTROL[narrow[two]]
    keep[at[two] + 1] = False
    out[at[three]] = _CONTROL[(((second & 1) << 6) | (third & 0x3F))[three]]
    keep[at[three] + 1] = keep[at[three] + 2] = False
    return out[keep], (np.cumsum(keep) - 1)[np.sort(at[two | three])]  # full-width forms are no trick in Japanese


_ENTITY = re.compile(r"&(?:#[xX]?[0-9a-fA-F]{1,7};?|[A-Za-z]{2,10};)")
_ESCAPE = re.compile(r"\\(?:u\{?00([0-9a-fA-F]{2})\}?|x([0-9a-fA-F]{2}))")
_KEPT = str.maketrans({**dict.fromkeys(range(0x20), 0x01), 0x09: 0x20, 0x0A: 0x0A, 0x0D: 0x0A, 0x7F: 0x01})


def _rewritten(text: str) -> str:
    """Return the text with entities and escapes as what they stand for."""
    text = _ENTITY.sub(lambda m: html.unescape(m[0]).translate(_KEPT), text)
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)).translate(_KEPT), text)


def _languages(texts: pl.Series) -> pl.Series:
    """Return the texts in lower case, without what only hides: entities, escapes, comments, empty quotes, nested lookups."""
    t = pl.col("text")
    frame = texts.to_frame()
    escaped = t.str.contains(r"&(?:#|[A-Za-z]{2,10};)|\\[xu]")
    if frame.select(escaped.any()).item():
        distinct = frame.filter(escaped).unique()
        table = distinct.with_columns(t.map_elements(_rewritten, pl.String).alias("clear"))  # few: rows with entities
        frame = frame.join(table, on="text", how="left", maintain_order="left").select(
            pl.coalesce("clear", "text").alias("text")
        )
    frame = frame.with_columns(t.str.to_lowercase())
    for sign, rewrites in _REWRITES:
        if frame.select((hit := t.str.contains(sign, literal=True)).any()).item():
            done = t
            for pattern, value in rewrites:
                done = done.str.replace_all(pattern, value)
            frame = frame.with_columns(pl.when(hit).then(done).otherwise(t).alias("text"))
    return frame.select(t.str.replace_all(r" {2,}", " "))["text"]


_REWRITES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("\ufffd", ((r"\x{fffd}", " "),)),  # a no-break space of Latin-1 is a blank to databases; so is whatever is no text
    ("\u2215", ((r"\x{2215}", "/"),)),
    ("/*", ((r"/\*!\d{0,6}", " "), (r"/\*[^*\x1a-\x1f]{0,200}\*/", " "), (r"\*/", " "))),
    ("''", ((r"([a-z0-9])''([a-z])", "$1$2"),)),
    ('""', ((r'([a-z0-9])""([a-z])', "$1$2"),)),
    ("'", ((r"([a-z0-9])'\s?(?:\|\||\+)\s?'([a-z0-9])", "$1$2"),)),
    ('"', ((r'([a-z0-9])"\s?(?:\+|\.)\s?"([a-z0-9])', "$1$2"),)),
    (
        "${",
        (
            (
                r"\$\{(?:lower|upper):([^${}\x1a-\x1f]{0,40})\}|\$\{[^${}\x1a-\x1f]{0,60}:-([^${}\x1a-\x1f]{0,60})\}",
                "$1$2",
            ),
        )
        * 3,
    ),
)
"""What a text must hold -> patterns and what they become, in order; each linear in the text."""
