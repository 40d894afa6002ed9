"""Bytes -> text as mail programs show it: charsets that lie, and encoded words (RFC 2047). Nothing here fails, and all of it is linear."""

from __future__ import annotations

import binascii
import codecs
import re
from functools import lru_cache

NAME_LIMIT = 60
"""Characters of a charset's name; a longer one is no name."""

_STAND_FOR = {
    "ascii": "",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
}
"""Charsets that are read as a larger one (WHATWG Encoding Standard); ASCII says nothing about bytes that are not."""
_ALIASES = {
    "windows-874": "cp874",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "iso-8859-8-i": "iso8859-8",
    "x-gbk": "gb18030",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
}
_MAY_NAME = re.compile(r"[a-z][a-z0-9_.:+-]*")
_REFUSED = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
"""Codecs of Python that are no charsets of mail: some are quadratic."""
_PAIRS = {"utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"}
"""Charsets whose decoders let half a pair of surrogates through, or that need a care of their own."""
_GOOD = 50
"""Of so many characters one may be damaged; where there are more, the charset is another."""
_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")


def decoded(data: bytes, charset: str = "") -> str:
    r"""Return the text of bytes: as declared, else as UTF-8, else as Windows-1252, else as Latin-1; without NULs.

    Example:
        >>> decoded(b"caf\xc3\xa9", "us-ascii"), decoded(b"caf\xe9", "no-such-charset")
        ('café', 'café')
    """
    name = known(charset) if charset else ""
    text = _strict(data, name) if name else None
    if text is None:
        text = _strict(data, "utf-8")
    if text is None:
        text = _cut(data, name or "utf-8")
    if text is None:
        text = _strict(data, "cp1252")
    if text is None:
        text = data.decode("latin-1")
    return text.replace("\0", "") if "\0" in text else text


def _strict(data: bytes, name: str) -> str | None:
    try:
        return _whole(data.decode(name), name)
    except (UnicodeError, ValueError):
        return None


def _cut(data: bytes, name: str) -> str | None:
    """Return the text of bytes with few errors (a character cut in two, a stray byte), else None."""
    if name == "cp1252":
        return None
    text = _whole(data.decode(name, "replace"), name)
    return text if text.count("\ufffd") * _GOOD <= len(text) else None


def _whole(text: str, name: str) -> str:
    """Return a text without halves of pairs."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if name in _PAIRS else text


@lru_cache(maxsize=256)
def known(charset: str) -> str:
    """Return the codec that reads a declared charset, or nothing where there is none."""
    name = charset.strip().strip("\"'").lower()[:NAME_LIMIT]
    name = _ALIASES.get(name, name)
    if not _MAY_NAME.fullmatch(name):
        return ""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    if info.name.replace("-", "_") in _REFUSED or not getattr(info, "_is_text_encoding", True):
        return ""
    return _STAND_FOR.get(info.name, info.name)


def unworded(text: str) -> str:
    """Return a header's text with its encoded words decoded; blanks between two of them are dropped.

    Example:
        >>> unworded("=?utf-8?q?caf=C3?= =?utf-8?q?=A9?= =?latin1?b?4Q==?= x")
        'caféá x'
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    held, charset, at = b"", "", 0
    for word in _WORD.finditer(text):
        between = text[at : word.start()]
        name = word[1].partition("*")[0].lower()
        if between.strip() or name != charset:
            out.append(decoded(held, charset))
            held, charset = b"", name
        if between.strip() or not at:
            out.append(between)
        held += _word(word[2], word[3])
        at = word.end()
    out += (decoded(held, charset), text[at:])
    return "".join(out)


def _word(how: str, inner: str) -> bytes:
    data = inner.encode("utf-8", "replace")
    if how in "qQ":
        return binascii.a2b_qp(data, header=True)
    return base64_bytes(data)


_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def base64_bytes(data: bytes) -> bytes:
    r"""Return what base64 holds, however damaged.

    Example:
        >>> base64_bytes(b"aGVs bG8"), base64_bytes(b"aGVsbG8!!!"), base64_bytes(b"a")
        (b'hello', b'hello', b'')
    """
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        clean = _BASE64.sub(b"", data)
        clean = clean[: len(clean) - (len(clean) % 4 == 1)]
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
