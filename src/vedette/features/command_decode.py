"""What a shell reads out of a command line: escapes taken off, pieces put together, what was encoded laid open; in bounded time.

Case, typographic dashes and quotes, carets of the command prompt, back ticks of PowerShell, quotes within words, texts joined by plus,
the format operator, character codes, substrings of environment variables, variables that are set in the same line, base64 (UTF-8 or UTF-16,
also compressed, ``LAYERS`` deep). What was done to a line is told by words behind ``TOLD``.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterator

import polars as pl

LONGEST = 16_384
"""Characters of a command line or script that are read."""
HIDDEN, TOLD, LINE = "\x1b", "\x1a", "\x1c"
"""Stand before text that was encoded, before words about the encoding, and before the line; nothing read can hold them."""
LAYERS, PIECES, LARGEST = 3, 8, 65_536
"""Layers of base64, pieces of it in each, and bytes that one may unpack to."""
_CONTROL = r"[\x00-\x09\x0b-\x1f\x7f]"
"""All but the end of a line."""
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{16,}={0,2}(?![A-Za-z0-9+/_-])")
_READABLE = 0.92
_GZIP, _ZLIB, _RAW = 31, 15, -15
_WIDE = 0.4
_TYPOGRAPHIC = {
    "\u2013": "-",
    "\u2014": "-",
    "\u2015": "-",
    "\u2212": "-",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u2018": "'",
    "\u2019": "'",
}


def decode(lines: pl.Series) -> pl.Series:
    """Return (n,) String: ``LINE`` and the line as a shell reads it, ``HIDDEN`` and each text that was encoded in it, ``TOLD`` and words.

    Lower case. Null is an empty line.
    """
    cut = lines.fill_null("").str.head(LONGEST).str.replace_all(_CONTROL, " ")
    frame = _opened(cut).to_frame("text").with_columns(told=pl.lit(""), raw=cut)
    frame = _case(frame)
    text = pl.col("text").str.to_lowercase()
    frame = frame.with_columns(text.str.replace_many(_TYPOGRAPHIC))
    for need, word, pattern, value, passes in _REWRITES:
        frame = _rewritten(frame, need, word, pattern, value, passes)
    for need, word, change in _CHANGES:
        frame = _changed(frame, need, word, change)
    made = pl.concat_str(pl.lit(LINE), pl.col("text").str.replace_all(r" {2,}", " ").str.strip_chars(), pl.col("told"))
    return frame.select(text=made)["text"]


# --------------------------------------------------------------------------------------------------------------- base64


def _opened(lines: pl.Series) -> pl.Series:
    """Return the lines, each with what it holds in base64 behind it."""
    some = lines.str.contains(r"[A-Za-z0-9+/]{16}")
    if not some.any():
        return lines
    opened = [
        "".join((line, *_layers(line))) if s else line for line, s in zip(lines, some, strict=True)
    ]  # a loop: base64 has no expression that forgives
    return pl.Series(lines.name, opened, dtype=pl.String)


def _layers(line: str, depth: int = 1) -> Iterator[str]:
    room = LARGEST
    for match in list(_BASE64.findall(line))[:PIECES]:
        said = _plain(match)
        if said is None or room <= 0:
            continue
        said = re.sub(_CONTROL, " ", said[: min(room, LONGEST)])
        room -= len(said)
        yield f" {HIDDEN}{said}"
        if depth < LAYERS:
            yield from _layers(said, depth + 1)


def _plain(match: str) -> str | None:
    """Return the text that base64 stands for, unpacked where it is compressed; None where it is no text."""
    body = match.rstrip("=")
    body = body[: len(body) - 1] if len(body) % 4 == 1 else body
    if not _may_be(body):
        return None
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4))
    except (binascii.Error, ValueError):
        return None
    for window in (_GZIP,) if raw[:2] == b"\x1f\x8b" else (_ZLIB, _RAW) if len(body) >= _PACKED else ():
        try:
            raw = zlib.decompressobj(window).decompress(raw, LARGEST) or raw
            break
        except zlib.error:
            continue
    wide = raw[1::2].count(0) > _WIDE * len(raw)
    said = raw[: len(raw) // 2 * 2].decode("utf-16-le", "replace") if wide else raw.decode("latin-1")
    good = len(said.encode("utf-8", "replace").translate(None, _ODD))
    return said if good >= _READABLE * len(said) and _wordy(said) else None


_PACKED = 64
"""Characters of base64 from which on it may be compressed."""
_ODD = bytes([*range(9), 11, 12, *range(14, 32), *range(127, 256)])


def _may_be(body: str) -> bool:
    """Return whether the first bytes look like text, wide text or something packed: most runs of letters are names."""
    if len(body) >= _PACKED:
        return True
    head = base64.b64decode(body[: min(len(body), 16) // 4 * 4])
    odd = len(head) - len(head.translate(None, _ODD))
    return odd <= 1 or head[1::2].count(0) > _WIDE * len(head)


def _wordy(said: str) -> bool:
    """Return whether a text is more than letters by chance: paths decode to such."""
    return said.isascii() and (" " in said.strip() or bool(re.search(r"[a-z]{4}", said)))


# ----------------------------------------------------------------------------------------------------- whole columns


def _case(frame: pl.DataFrame) -> pl.DataFrame:
    """Tell words of the shell that are written in changing case."""
    word = pl.col("raw").str.extract(_CASED)
    mixed = (word.str.count_matches(r"[a-z][A-Z]") >= _CHANGES_OF_CASE).fill_null(value=False)
    return frame.with_columns(told=pl.when(mixed).then(pl.lit(f" {TOLD}mixed-case")).otherwise("told"))


_CASED = (
    r"(?i)\b(powershell|pwsh|mshta|rundll32|regsvr32|certutil|bitsadmin|wscript|cscript|invoke-expression|downloadstring|downloadfile|"
    r"frombase64string|new-object|webclient|start-process)\b"
)
_CHANGES_OF_CASE = 3

_REWRITES: tuple[tuple[str, str, str, str, int], ...] = (
    ("^", "caret", r"\^+([a-z0-9/\\\-\"&|%<>(). ])", "$1", 1),
    ("`", "tick", r"([\w\-.(])`([\w\-.])", "$1$2", 2),
    ('""', "quotes", r'([a-z0-9/\\\-])(?:"")+([a-z0-9])', "$1$2", 2),
    ("''", "quotes", r"([a-z0-9/\-])(?:'')+([a-z0-9])", "$1$2", 2),
    ('"', "quotes", r'([a-z])"([a-z]{1,12})"([a-z])', "$1$2$3", 2),
    ("'", "quotes", r"([a-z])'([a-z]{1,12})'([a-z])", "$1$2$3", 2),
    ("\\", "quotes", r"(^| |\b)([a-z])\\([a-z])\\?([a-z]*)(\s+[-/])", "$1$2$3$4$5", 1),
    ("+", "joined", r"'\s{0,9}\+\s{0,9}'", "", 1),
    ("+", "joined", r'"\s{0,9}\+\s{0,9}"', "", 1),
    ("&", "joined", r'([a-z0-9./:])"\s{0,9}&\s{0,9}"([a-z0-9./:])', "$1$2", 2),
)
"""What a text must hold, what it tells where it changes the text, pattern, what it becomes, passes; each linear."""
_TOLD_FROM = {"caret": 3, "tick": 2, "quotes": 2, "joined": 2}
"""Characters taken away from which on it is told: a lone one is a matter of course."""


def _rewritten(frame: pl.DataFrame, need: str, word: str, pattern: str, value: str, passes: int) -> pl.DataFrame:
    text = pl.col("text")
    some = frame.select(text.str.contains(need, literal=True)).to_series()
    if not some.any():
        return frame
    done = text
    for _ in range(passes):
        done = done.str.replace_all(pattern, value)
    return (
        frame.with_columns(_was=text)
        .with_columns(text=pl.when(some).then(done).otherwise(text))
        .with_columns(
            told=pl.when(
                (pl.col("_was").str.len_chars() - pl.col("text").str.len_chars().cast(pl.Int64) >= _TOLD_FROM[word])
                & ~pl.col("told").str.contains(word, literal=True)
            )
            .then(pl.col("told") + f" {TOLD}{word}")
            .otherwise("told")
        )
        .drop("_was")
    )


# --------------------------------------------------------------------------------------------------- few lines, one by one


def _changed(frame: pl.DataFrame, need: str, word: str, change: Callable[[str], str]) -> pl.DataFrame:
    """Rewrite the few lines that a pattern fits, each by itself: what they hold has to be worked out."""
    some = frame.select(pl.col("text").str.contains(need)).to_series()
    if not some.any():
        return frame
    texts, told = frame["text"].to_list(), frame["told"].to_list()
    for i in some.arg_true():
        now = change(texts[i])
        if now != texts[i]:
            texts[i], told[i] = now[: LONGEST * 2], f"{told[i]} {TOLD}{word}"
    return frame.with_columns(text=pl.Series(texts, dtype=pl.String), told=pl.Series(told, dtype=pl.String))


_FORMAT = re.compile(
    r"""["']((?:[^"'{}]{0,40}\{\d{1,2}\}){1,40}[^"'{}]{0,40})["']\s{0,9}-f\s{0,9}((?:["'][^"']{0,80}["']\s{0,9},?\s{0,9}){1,40})"""
)
_QUOTED = re.compile(r"""["']([^"']{0,80})["']""")


def _formatted(text: str) -> str:
    def put(match: re.Match[str]) -> str:
        parts = _QUOTED.findall(match[2])
        made = re.sub(r"\{(\d{1,2})\}", lambda m: parts[int(m[1])] if int(m[1]) < len(parts) else "", match[1])
        return f"'{made}'"

    return _FORMAT.sub(put, text)


_CODES = re.compile(
    r"(?:\[char\]\s?\(?|chrw?\(|\\x)(?:0x)?[0-9a-f]{1,4}\)?(?:[\s+&,]{0,6}(?:\[char\]\s?\(?|chrw?\(|\\x)(?:0x)?[0-9a-f]{1,4}\)?){2,400}"
)
_LISTED = re.compile(
    r"(?:fromcharcode\(|\[char\[\]\]\s?@?\(|chr\()\s{0,9}((?:(?:0x)?[0-9a-f]{2,4}\s{0,9},\s{0,9}){3,2000}(?:0x)?[0-9a-f]{2,4})"
)
_CODE = re.compile(r"0x[0-9a-f]{1,4}|(?<=\\x)[0-9a-f]{2}|\d{1,4}")


def _spelled(text: str) -> str:
    def put(match: re.Match[str]) -> str:
        codes = _CODE.findall(match[0])
        hexed = "\\x" in match[0]
        said = [chr(int(c, 16 if hexed or c.startswith("0x") else 10)) for c in codes]
        made = re.sub(_CONTROL, " ", "".join(said)).lower()
        return f"'{made}'" if made.isprintable() else match[0]

    return _LISTED.sub(put, _CODES.sub(put, text))


_VARIABLES = {
    "comspec": r"c:\windows\system32\cmd.exe",
    "programfiles": r"c:\program files",
    "windir": r"c:\windows",
    "systemroot": r"c:\windows",
    "public": r"c:\users\public",
    "programdata": r"c:\programdata",
    "allusersprofile": r"c:\programdata",
    "pathext": ".com;.exe;.bat;.cmd;.vbs;.vbe;.js;.jse;.wsf;.wsh;.msc",
    "os": "windows_nt",
    "commonprogramfiles": r"c:\program files\common files",
    "psmodulepath": r"c:\program files\windowspowershell\modules;c:\windows\system32\windowspowershell\v1.0\modules",
    "path": r"c:\windows\system32;c:\windows;c:\windows\system32\wbem",
    "localappdata": r"c:\users\user\appdata\local",
    "processor_architecture": "amd64",
}
"""As every Windows has them."""
_CUT_OUT = re.compile(r"[%!]([a-z_]{1,30}):~\s?(-?\d{1,3})(?:,\s?(-?\d{1,3}))?[%!]")
_SET = re.compile(r'\bset\s+"?([a-z_0-9]{1,20})=([^&|"]{1,200})')


def _cut_out(text: str) -> str:
    def put(match: re.Match[str]) -> str:
        value = _VARIABLES.get(match[1])
        if value is None:
            return match[0]
        begin = int(match[2])
        begin = max(len(value) + begin, 0) if begin < 0 else begin
        size = int(match[3]) if match[3] else len(value)
        return value[begin : begin + size] if size >= 0 else value[begin:size]

    return _CUT_OUT.sub(put, text)


def _set(text: str) -> str:
    names = dict(list(_SET.findall(text))[:20])
    if not names:
        return text
    return re.sub(r"[%!]([a-z_0-9]{1,20})[%!]", lambda m: names.get(m[1], m[0]).strip(), text)[: LONGEST * 2]


_CHANGES: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    (r"\}[^{}]{0,40}[\"']\s{0,9}-f\s", "format", _formatted),
    (r"\[char|chrw?\(|fromcharcode|\\x[0-9a-f]{2}\\x", "codes", _spelled),
    (r"[%!][a-z_]{1,30}:~", "cut-out", _cut_out),
    (r"\bset\s+\"?[a-z_0-9]{1,20}=.*[%!][a-z_0-9]{1,20}[%!]", "variables", _set),
)
