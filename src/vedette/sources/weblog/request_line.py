"""The request line, `GET /index.html HTTP/1.1`, as logs quote it -> method, target, version; what is none stays as it is."""

from __future__ import annotations

import polars as pl
from polars import col

_PARTS = (
    r"^(?P<method>[!#$%&'*+.^_|~0-9A-Za-z-]{1,32}) (?P<target>[^ ].*?)"
    r"(?: [A-Za-z]{2,8}/(?P<version>[0-9]{1,2}(?:\.[0-9]{1,2})?))?$"
)


def split_requests(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with ``method``, ``target`` and ``version`` out of ``line``, which is null where they could be told.

    Example:
        >>> split_requests(pl.DataFrame({"line": ["GET /a b HTTP/1.1", "xyz"]})).rows()
        [(None, 'GET', '/a b', '1.1'), ('xyz', None, None, None)]
    """
    parts = col("line").str.extract_groups(_PARTS).struct
    split = frame.with_columns(parts[name].alias(name) for name in ("method", "target", "version"))
    return split.with_columns(pl.when(col("method").is_null()).then("line").alias("line"))


_ESCAPES = {r"\\": "\0", r"\x5C": "\0", r"\x5c": "\0", r"\x22": '"', r"\"": '"', "\0": "\\"}
"""In this order: an escaped backslash is set aside (as NUL, of which the value has none), so that it cannot escape what follows."""


def unescaped(name: str) -> pl.Expr:
    r"""Return a quoted value with its quotes and backslashes as they were sent; other escapes (``\x16``) stay as the server wrote them."""
    value = col(name)
    plain = value
    for escape, sent in _ESCAPES.items():
        plain = plain.str.replace_all(escape, sent, literal=True)
    some = value.str.contains("\\", literal=True) & ~value.str.contains("\0", literal=True)
    return pl.when(some).then(plain).otherwise(value).alias(name)
