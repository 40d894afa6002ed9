"""What one entry of a list is: taken out of its wrapping, made whole again where it was defanged, and told apart."""

from __future__ import annotations

import polars as pl
from polars import col

from vedette.events.address import LONGEST as LONGEST_ADDRESS
from vedette.events.address import parsed

ADDRESS, DOMAIN, HOST, URL = 1, 2, 3, 5
"""OCSF ``osint.type_id``: a name with a dot is a domain, one without a host."""
LONGEST = 1 << 16
"""Characters of the longest entry: a longer one is no URL that a client would send."""

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
_LABEL = r"[\p{L}\p{M}\p{N}_-]{1,63}"
_NAME = rf"(?:{_LABEL}\.)+(?:[\p{{L}}\p{{M}}]{{2,63}}|(?i:xn--)[a-zA-Z0-9-]{{2,59}})"
_HAS_SCHEME = (
    r"(?i)^(?:[a-z][a-z0-9+.-]{1,30}://\S"
    r"|(?:data|javascript|vbscript|mailto|tel|sms|about|blob|file|intent|magnet|view-source|ms-[a-z-]{1,30}):.)"
)
_NO_SCHEME = rf"^(?:{_NAME}\.?|{_IPV4})(?::[0-9]{{1,5}})?(?:[/?#].*)?$"
_BARE_NAME = rf"^{_NAME}\.?$"
_NETWORK = rf"^{_IPV4}/[0-9]{{1,2}}$"
_ONE_LABEL = rf"^{_LABEL}$"
_IPV6 = r"^\[?[0-9a-fA-F.]{0,4}:[0-9a-fA-F:.]{1,45}(?:%[\w.-]{1,16})?\]?$"

WRAPPING = " \t\r\f\v\u00a0\ufeff\"'`,;<>"
_DEFANGED = (
    (r"(?i)^(?:hxxp|hxtp|htxp|h\*\*p|h__p|hxxx)(s?)(:|\[:\]|\[://\]|:\[//\]|\[:\]\[//\])", "http$1$2"),
    (r"(?i)^(?:fxp)(s?)(:|\[:\]|\[://\])", "ftp$1$2"),
    (r"\[(:|/|//|://)\]", "$1"),
    (r"(?i)\[ ?(?:\.|dot) ?\]|\( ?(?:\.|dot) ?\)|\{ ?(?:\.|dot) ?\}|\\\.", "."),
)
_MAY_BE_DEFANGED = r"(?i)^h(?:xx|xt|tx|\*\*|__)|^fxp|[\[({\\]"
_HOSTS_FILE = r"^(?:0\.0\.0\.0|127\.0\.0\.1|::1?)\s+(?:[^\s#]+\.)"
_SINK = r"^(?:0\.0\.0\.0|127\.0\.0\.1|::1?)\s+"
_ADBLOCK = r"^(?:@@)?\|\|([^/^|$*]+)\^?(?:\$.*)?$"
_BULLET = r"^(?:[-*•]|[0-9]{1,6}[.)])\s+"
_REMARK = r"(?:\s+(?:#|//|;).*|\t.*)$"
COMMENT = r"^(?:#|;|//|!|\[Adblock)"
"""How a line starts that says something about the list."""


def entry(text: pl.Expr) -> pl.Expr:
    """Return what a line of a list names, without bullet, remark, quotes or the address of a hosts file.

    Example:
        >>> pl.select(entry(pl.Series(["0.0.0.0 bad.example # seen", "- 'bad.example',", "||bad.example^"]).alias("t")).unique())
        shape: (1, 1)
        ┌─────────────┐
        │ t           │
        │ ---         │
        │ str         │
        ╞═════════════╡
        │ bad.example │
        └─────────────┘
    """
    bare = text.str.strip_chars(WRAPPING).str.replace(_BULLET, "")
    bare = pl.when(bare.str.contains(_HOSTS_FILE)).then(bare.str.replace(_SINK, "")).otherwise(bare)
    return bare.str.replace(_REMARK, "").str.replace(_ADBLOCK, "$1").str.strip_chars(WRAPPING)


def refanged(text: pl.Expr) -> pl.Expr:
    """Return an entry as it was before somebody made it harmless; ``*.`` in front of a name goes as well."""
    whole = text
    for pattern, to in _DEFANGED:
        whole = whole.str.replace_all(pattern, to)
    whole = pl.when(text.str.contains(_MAY_BE_DEFANGED)).then(whole).otherwise(text)
    return whole.str.replace(r"^(?:\*\.|\.)(\w)", "$1")


def types(values: pl.Series, *, hosts: bool = False) -> pl.Series:
    """Return (n,) Int32: which kind of thing each value is; null where it is none.

    Args:
        values: entries, made whole.
        hosts: a name of one label counts as well: the column is one of hosts.
    """
    text, frame = col("text"), values.alias("text").to_frame()
    short = text.str.len_chars() <= LONGEST
    name = text.str.contains(_BARE_NAME) & (text.str.len_chars() <= 254)  # noqa: PLR2004 - RFC 1035, and a last dot
    kind = (
        pl.when(~short | text.str.contains(_NETWORK))
        .then(None)
        .when(text.str.contains(_HAS_SCHEME))
        .then(URL)
        .when(text.str.contains(rf"^{_IPV4}$"))
        .then(ADDRESS)
        .when(name)
        .then(DOMAIN)
        .when(text.str.contains(_NO_SCHEME))
        .then(URL)
        .when(pl.lit(hosts) & text.str.contains(_ONE_LABEL) & ~text.str.contains(r"^[0-9_-]+$"))
        .then(HOST)
        .cast(pl.Int32)
    )
    found = frame.select(type=kind, v6=text.str.contains(_IPV6))
    if not found["v6"].any():
        return found["type"]
    maybe = values.filter(found["v6"]).unique().to_list()
    known = [v for v in maybe if len(v) <= LONGEST_ADDRESS and parsed(v.strip("[]")) is not None]
    is_v6 = values.is_in(known)
    return found.select(pl.when(pl.lit(is_v6)).then(ADDRESS).otherwise("type").cast(pl.Int32).alias("type"))["type"]
