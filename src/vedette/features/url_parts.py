"""Takes URLs apart, a whole column at a time: defanged, decoded, split as a browser would, and cut at the registered domain.

Nothing is fetched or resolved. The list of public suffixes is the one inside tldextract (publicsuffix.org). *Domain* is the registered
domain without private suffixes (``github.io``): who paid for the name. *Site* is that with private suffixes (``somebody.github.io``): who
writes what stands there.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt
import polars as pl
from tldextract import TLDExtract

from vedette.scoring.ngrams import Corpus, Places, corpus, span_hashes

LONGEST = 8192
"""Characters of a URL that are looked at; a longer one is not judged."""

SCHEMA = pl.Schema(
    {
        "scheme": pl.String,
        "host": pl.String,  # lower case, without user, port and leading www.; IDNs in punycode; IPv6 without brackets
        "tail": pl.String,  # path, query and fragment, percent-decoded up to two times, without a slash at its end
        "port": pl.Int32,
        "user": pl.Boolean,  # something stands before an @
        "escapes": pl.Int32,  # %XX of characters that need none
        "upper": pl.Int32,  # capital letters in path, query and fragment
    }
)

NAMES = pl.Schema(
    {"domain": pl.String, "site": pl.String, "suffix_size": pl.Int32, "domain_size": pl.Int32, "site_size": pl.Int32}
)
"""The registered domain, the site (see above), and bytes from the end of the host: its public suffix, its domain, its site."""

_OPAQUE = ("data", "javascript", "vbscript", "mailto", "tel", "sms", "about", "blob", "intent", "urn", "magnet", "cid")
_DEFANGED = {
    "[.]": ".",
    "(.)": ".",
    "{.}": ".",
    "[dot]": ".",
    "(dot)": ".",
    "{dot}": ".",
    "[:]": ":",
    "[://]": "://",
    "[/]": "/",
    "[@]": "@",
    "[at]": "@",
}
_NEEDLESS = [chr(c) for c in range(0x21, 0x7F) if chr(c) not in "%"]
_ESCAPES = [f"%{ord(c):02x}" for c in _NEEDLESS]
_PERCENT = "%25"
_NEEDLESS_ESCAPE = r"(?i)%(?:3[0-9]|[46][1-9a-f]|[57][0-9a])"
"""Letters and digits written as escapes."""
_MAX_HOST = 253


def _table(chars: str) -> npt.NDArray[np.bool_]:
    out = np.zeros(256, np.bool_)
    out[[ord(c) for c in chars]] = True
    return out


_SCHEME = _table("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-")
_STOP = _table("/?#\\\x00")
_SLASH = _table("/\\")
_UPPER = _table("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def split(urls: pl.Series) -> pl.DataFrame:
    """Return the parts of each URL (String), columns as in ``SCHEMA``; what is no URL has an empty host."""
    text, data, starts = _cleaned(urls)
    begin, end = starts[:-1], starts[1:] - 1
    scheme_end, body, opaque = _scheme(text, data, begin, end)
    stop = np.where(opaque, body, _first(_STOP.take(data), body, end))
    user_end = _last(data == ord("@"), body, stop)
    host_begin = np.where(user_end >= 0, user_end + 1, body)
    bracket = _first(data == ord("]"), host_begin, stop)
    six = (data[np.minimum(host_begin, len(data) - 1)] == ord("[")) & (bracket < stop)
    host_end = _first(data == ord(":"), np.where(six, bracket, host_begin), stop)
    frame = pl.DataFrame(
        {
            "whole": text,
            "at": begin,
            "scheme_end": scheme_end,
            "host_begin": host_begin + six,
            "host_end": np.where(six, bracket, host_end),
            "port_begin": np.minimum(host_end + 1, stop),
            "stop": stop,
            "end": end,
            "user": (user_end >= 0) & ~opaque,
            "upper": _counts(_UPPER.take(data), stop, end),
            "percent": _counts(data == ord("%"), host_begin, end) > 0,
        }
    )
    return frame.select(
        scheme=_cut("at", "scheme_end").str.to_lowercase(),
        host=_cut("host_begin", "host_end"),
        tail=_cut("stop", "end"),
        port=_cut("port_begin", "stop").cast(pl.Int32, strict=False),
        user="user",
        upper=pl.col("upper").cast(pl.Int32),
        percent="percent",
    ).pipe(_decoded)


def names(hosts: pl.Series, text: Corpus | None = None) -> pl.DataFrame:
    """Return what each host belongs to, columns as in ``NAMES``; an address is its own domain and site.

    Args:
        hosts: (n,) String, as in ``SCHEMA``.
        text: the same as a corpus, where there is one.
    """
    text = text or corpus(hosts)
    begin, end = text.starts[:-1] + 1, text.starts[1:] - 1
    dots = np.flatnonzero(text.data == ord("."))
    first = np.searchsorted(dots, text.starts)
    labels = np.diff(first) + 1
    address = hosts.fill_null("").str.contains(r"^[0-9.]+$|:|^0x[0-9a-fx.]+$").to_numpy()
    public, private = _suffix_labels(text, dots, first, labels, end)
    total = end - begin
    sizes = []
    for count, of_address in ((public, np.zeros_like(total)), (public + 1, total), (private + 1, total)):
        sizes.append(np.where(address, of_address, end - _label_begin(dots, first, begin, labels, count)))
    frame = pl.DataFrame({"host": hosts.fill_null(""), **{f"s{i}": s for i, s in enumerate(sizes)}, "total": total})
    tail = pl.col("host").cast(pl.Binary)
    return frame.select(
        tail.bin.slice(pl.col("total") - pl.col("s1")).cast(pl.String).alias("domain"),
        tail.bin.slice(pl.col("total") - pl.col("s2")).cast(pl.String).alias("site"),
        pl.col("s0").cast(pl.Int32).alias("suffix_size"),
        pl.col("s1").cast(pl.Int32).alias("domain_size"),
        pl.col("s2").cast(pl.Int32).alias("site_size"),
    )


def _cleaned(urls: pl.Series) -> tuple[pl.Series, npt.NDArray[np.uint8], Places]:
    """Return the texts without what people and mail programs put around URLs: spaces, brackets against clicks, line breaks; and joined."""
    text = urls.fill_null("").str.slice(0, LONGEST).str.strip_chars(" \t\r\n\x00<>\"'")
    data, starts = _joined(text)
    marks = _MARK.take(data)
    if np.count_nonzero(marks) == len(text):  # the ends of the texts
        return text, data, starts
    text = text.str.replace_all(r"[\t\r\n\x00]", "")
    marked = text.str.contains_any(["[", "(", "{"])
    if marked.any():
        plain = text.str.replace_many(
            list(_DEFANGED), list(_DEFANGED.values()), ascii_case_insensitive=True, leftmost=True
        )
        text = plain.zip_with(marked, text)
    return text, *_joined(text)


_MARK = _table("\t\n\r\x00[({")


def _joined(text: pl.Series) -> tuple[npt.NDArray[np.uint8], Places]:
    """Return the texts as bytes with a zero after each, and where each begins (one more: the end)."""
    starts = np.zeros(len(text) + 1, np.int64)
    np.cumsum(text.str.len_bytes().to_numpy().astype(np.int64) + 1, out=starts[1:])
    return np.frombuffer(text.str.join("\x00").cast(pl.Binary).item() + b"\x00" if len(text) else b"", np.uint8), starts


def _scheme(
    text: pl.Series, data: npt.NDArray[np.uint8], begin: Places, end: Places
) -> tuple[Places, Places, npt.NDArray[np.bool_]]:
    """Return where each scheme ends, where what follows begins, and whether it is of a kind without host."""
    colon = _first(~_SCHEME.take(data), begin, end)
    last = len(data) - 1
    named = (colon < end) & (colon > begin) & (colon - begin <= 16)  # noqa: PLR2004 - no scheme is longer
    named &= data[np.minimum(colon, last)] == ord(":") if last >= 0 else False
    slashed = named & _SLASH[data[np.minimum(colon + 1, last)]]
    opaque = np.zeros(len(begin), np.bool_)
    rest = np.flatnonzero(named & ~slashed)
    if len(rest):
        word = text.gather(rest.astype(np.uint32)).str.slice(0, 17).str.to_lowercase().str.extract(r"^([^:]*):", 1)
        opaque[rest] = word.is_in(_OPAQUE).fill_null(value=False).to_numpy()
        slashed[rest] = word.is_in(["http", "https", "hxxp", "hxxps"]).fill_null(value=False).to_numpy()
    scheme_end = np.where(slashed | opaque, colon, begin)
    body = np.where(slashed | opaque, colon + 1, begin)
    for _ in range(4):  # http:////host is http://host to a browser
        body = body + (_SLASH[data[np.minimum(body, last)]] & (body < end) & ~opaque) if last >= 0 else body
    return scheme_end, body, opaque


def _first(mask: npt.NDArray[np.bool_], begin: Places, end: Places) -> Places:
    """Return the first place in ``[begin, end)`` where the mask holds, else ``end``."""
    at = np.append(np.flatnonzero(mask), len(mask))
    return np.asarray(np.clip(at[np.searchsorted(at[:-1], begin)], begin, np.maximum(begin, end)))


def _last(mask: npt.NDArray[np.bool_], begin: Places, end: Places) -> Places:
    """Return the last place in ``[begin, end)`` where the mask holds, else -1."""
    at = np.flatnonzero(mask)
    if not len(at):
        return np.full(len(begin), -1)
    found = at[np.maximum(np.searchsorted(at, end) - 1, 0)]
    return np.where((found >= begin) & (found < end), found, -1)


def _counts(mask: npt.NDArray[np.bool_], begin: Places, end: Places) -> Places:
    """Return how often the mask holds in ``[begin, end)``."""
    at = np.flatnonzero(mask)
    return np.searchsorted(at, end) - np.searchsorted(at, begin)


def _cut(begin: str, end: str) -> pl.Expr:
    """Return the bytes of ``whole`` from ``begin`` to ``end`` (places in the joined bytes) as text."""
    length = (pl.col(end) - pl.col(begin)).clip(lower_bound=0)
    return pl.col("whole").cast(pl.Binary).bin.slice(pl.col(begin) - pl.col("at"), length).cast(pl.String)


def _decoded(parts: pl.DataFrame) -> pl.DataFrame:
    """Undo percent-encoding and write the host as the resolver sees it."""
    host = parts["host"].str.to_lowercase()
    odd = (host.str.contains("%", literal=True) | ~_ascii(host)).fill_null(value=False)
    if odd.any():
        known = {h: _resolved(h) for h in host.filter(odd).unique()}  # few: one in a hundred hosts, each once
        host = host.replace(known)
    host = host.str.strip_chars_end(".")
    bare = host.str.strip_prefix("www.")
    host = bare.zip_with(bare.str.contains(".", literal=True), host)
    tail, escapes = parts["tail"], pl.Series("escapes", np.zeros(parts.height, np.int32))
    coded = parts["percent"].arg_true()
    if len(coded):
        some = tail.gather(coded)
        escapes = escapes.scatter(coded, some.str.count_matches(_NEEDLESS_ESCAPE).cast(pl.Int32))
        for _ in range(2):
            some = some.str.replace_many([*_ESCAPES, _PERCENT], [*_NEEDLESS, "%"], ascii_case_insensitive=True)
        tail = tail.scatter(coded, some)
    return parts.select(
        "scheme",
        host.alias("host"),
        tail.str.strip_chars_end("/").alias("tail"),
        "port",
        "user",
        escapes.alias("escapes"),
        "upper",
    )


def _ascii(text: pl.Series) -> pl.Series:
    return text.str.len_bytes() == text.str.len_chars()


def _resolved(host: str) -> str:
    """Return a host as the resolver sees it: decoded, and in punycode."""
    plain = unquote(host[:_MAX_HOST], errors="replace").lower()
    try:
        return plain.encode("idna").decode() if not plain.isascii() else plain
    except UnicodeError:
        return ".".join(
            label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in plain.split(".")
        )


# ------------------------------------------------------------------------------------------------------- public suffixes


_EXACT, _WILD, _NONE = 1, 2, 4
"""A rule stands for itself; every label below it is a suffix too (``*.ck``); it is none (``!www.ck``). For private suffixes: times 8."""


@lru_cache(maxsize=1)
def _rules() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    """Return sorted hashes of what the rules name, which kinds of rules there are for it, and which first bits occur."""
    known: dict[str, int] = {}
    for private in (False, True):
        for rule in TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=private).tlds:
            name, kind = (
                (rule[2:], _WILD) if rule[0] == "*" else (rule[1:], _NONE) if rule[0] == "!" else (rule, _EXACT)
            )
            plain = name.encode("idna").decode() if not name.isascii() else name
            known[plain] = known.get(plain, 0) | kind << 3 * private
    text = corpus(pl.Series(list(known), dtype=pl.String))
    hashes = span_hashes(text, text.starts[:-1] + 1, text.starts[1:] - 1)
    order = np.argsort(hashes)
    return hashes[order], np.array(list(known.values()), np.uint8)[order], first_bits(hashes)


FIRST_BITS = 20


def first_bits(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Return which first bits occur among hashes: most of what is not among them is told by a look at this small table."""
    found = np.zeros(1 << FIRST_BITS, np.bool_)
    found[hashes >> np.uint64(64 - FIRST_BITS)] = True
    return found


def among(table: npt.NDArray[np.uint64], values: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Return (n,) whether each value is in the sorted table."""
    if not len(table):
        return np.zeros(len(values), np.bool_)
    return np.asarray(table[np.minimum(np.searchsorted(table, values), len(table) - 1)] == values)


def _suffix_labels(text: Corpus, dots: Places, first: Places, labels: Places, end: Places) -> tuple[Places, Places]:
    """Return how many labels the public suffix of each host has, without and with private suffixes."""
    begin = text.starts[:-1] + 1
    best = {private: np.ones(len(begin), np.int64) for private in (False, True)}
    barred = {private: np.zeros(len(begin), np.int64) for private in (False, True)}
    rows = np.arange(len(begin))
    table, kinds, begins = _rules()
    for k in range(1, _DEEPEST + 1):
        rows = rows[labels[rows] >= k]
        if not len(rows):
            break
        at = _label_begin(dots, first, begin, labels, np.full(len(begin), k))[rows]
        value = span_hashes(text, at, end[rows])
        maybe = np.flatnonzero(begins.take((value >> np.uint64(64 - FIRST_BITS)).astype(np.intp)))
        place = np.minimum(np.searchsorted(table, value[maybe]), len(table) - 1)
        hit = table[place] == value[maybe]
        some, found = rows[maybe[hit]], kinds[place[hit]]
        for private in (False, True):
            kind = found >> 3 * private
            best[private][some[(kind & _EXACT) > 0]] = k
            best[private][some[((kind & _WILD) > 0) & (labels[some] > k)]] = k + 1
            barred[private][some[(kind & _NONE) > 0]] = k
    public, with_private = (np.where(barred[p] > 0, barred[p] - 1, best[p]) for p in (False, True))
    return public, with_private


_DEEPEST = 7
"""Labels of the deepest rule."""


def _label_begin(dots: Places, first: Places, begin: Places, labels: Places, count: Places) -> Places:
    """Return where the last ``count`` labels of each host begin; the host's begin if it has no more."""
    if not len(dots):
        return begin.copy()
    at = first[1:] - count
    return np.where(labels > count, dots[np.clip(at, 0, len(dots) - 1)] + 1, begin)
