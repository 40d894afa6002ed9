r"""Shapes of log messages: what a program's own words are, with everything that varies written as `<*>`.

A shape is a function of the message alone, so that it is the same in any batch, in any order and on any machine; ``log_merge`` joins those
that differ in a word which varies, where many are seen at once. Most messages of a log differ only in their numbers: these are
levelled first over the whole column, and the rest is done on what then is different.

How such texts are told from constant ones follows what is usual in log parsing (He et al., *An evaluation study on log parsing*, 2016;
Zhu et al., *Tools and benchmarks for automated log parsing*, 2019); figures: docs/reference/sequences.md.
"""

from __future__ import annotations

import polars as pl
from polars import col

MARK = "<*>"
"""What stands for whatever varies."""
LONGEST = 2048
"""Characters of a message that are looked at."""

_V = "\x02"
"""The mark, while the masks work: no message holds it."""
_DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_LEVEL = r"[0-9A-Fa-f]{8,}|[0-9]{2,}|\b[0-9]\b"
"""Numbers, and long ones in hexadecimal: all become `00`."""
_MASKS: tuple[tuple[str, str], ...] = (
    (
        rf"\b(?:{_DAY},? )?(?:{_MONTH} +\d{{1,2}}|\d{{1,2}} {_MONTH}),?(?: \d\d)?(?: \d\d:\d\d:\d\d)?(?: [A-Z]{{3,4}})?(?: \d\d)?\b",
        _V,
    ),
    (r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s\"'<>)\]]+", _V),
    (r'"(GET|POST|PUT|DELETE|HEAD|OPTIONS|PATCH|CONNECT) [^"]*"', f"${{1}} {_V}"),
    (r'"[^"]*[^"A-Za-z][^"]*"', _V),  # what is in quotes, but one plain word
    (r"(^|[\s=:(\[,])'[^']*[^'A-Za-z ][^']*'", f"${{1}}{_V}"),
    (r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b", _V),  # addresses of mail
    (r"\b[0-9A-Fa-f]{1,4}(?:::?[0-9A-Fa-f]{1,4}){2,7}\b", _V),  # IPv6, MAC addresses, times of day
    (r"(?:\b[A-Za-z]:|~|\.{1,2}|\b[\w.-]+)?(?:[\\/][\w.$@%+=~:-]+){2,}[\\/]?", _V),  # paths
    (r"(^|[\s=(\[{:,<])\.{0,2}/[\w.$@%+=~-]+/?", f"${{1}}{_V}"),
    (r"\b[\w-]+(?:\.[\w-]+)+:\d+\b", _V),  # a host's name and port
    (r"\b(?:[A-Za-z_][\w-]*\.){2,}[A-Za-z_][\w$-]*(?:/[\w.$]+)?\b", _V),  # names of three parts and more
    (  # words with a digit, but those that only end in one: eth0, ssh2
        r"\b[A-Za-z]*[_.~\x02-][\w.~%\x02-]*\d[\w.~%\x02-]*|\b[A-Za-z]{2,}\d[\w.~%\x02-]+|[+.~_-]?\b[A-Za-z]?\d[\w.~%\x02-]*",
        _V,
    ),
    (r"=(?:\{[^{}]*\}|\[[^\[\]]*\]|\([^()]*\)|[^\s,;|&(){}\[\]]+)", f"={_V}"),  # key=value
    (r"\b(user|username|account|group|domain|hostname) [\w$.-]+", f"${{1}} {_V}"),
    (r"\x02 ?(?:[KMGTkmgt]i?)?B\b", _V),  # a size and its unit
    (r" \(\)", f" ({_V})"),  # what may be absent: connection from 192.0.2.1 ()
    (r"\x02(?:[\s,:;/|=@#x+*-]*\x02)+", _V),  # a list of them
    (r"\s+", " "),
)
"""What varies, and what is written for it, in this order."""


def shape(message: pl.Expr) -> pl.Expr:
    """Return the shape of each message; null where it is null."""
    return message.map_batches(shapes, return_dtype=pl.String)


def shapes(messages: pl.Series) -> pl.Series:
    """Return (n,) the shapes of messages.

    Example:
        >>> shapes(pl.Series(["Accepted key for user ada from 192.0.2.7 port 50122", "took 12 ms: /var/tmp/a1"])).to_list()
        ['Accepted key for user <*> from <*> port <*>', 'took <*> ms: <*>']
    """
    level = col("text").str.slice(0, LONGEST).str.replace_all("\x02", "?", literal=True).str.replace_all(_LEVEL, "00")
    levelled = messages.alias("text").to_frame().select(level)
    different = levelled.unique("text").with_columns(shape=_masked())
    return levelled.join(different, on="text", how="left", maintain_order="left", nulls_equal=True)["shape"].alias(
        messages.name
    )


def _masked() -> pl.Expr:
    text = col("text")
    for pattern, mark in _MASKS:
        text = text.str.replace_all(pattern, mark)
    return text.str.replace_all(_V, MARK, literal=True).str.strip_chars()
