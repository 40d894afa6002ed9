"""A decoded request as tokens: a closed vocabulary stays, every other word becomes its shape, punctuation counts each by itself.

So ``7 union select null,"abc"`` and ``42 union select null,"kz9"`` are the same to a model, whoever wrote them and in whatever language the
rest of the request is.
"""

# ruff: noqa: E501, SIM905 - a vocabulary is read as a whole

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.scoring.ngrams import Corpus, Pieces, corpus, spans

Ids = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

KEYWORDS = tuple(
    dict.fromkeys(
        (
            # SQL
            "select union all distinct from where and or not xor null insert into values update set delete drop create alter table database"
            " schema exec execute declare order group by having limit offset like rlike regexp between in is exists case when then else end"
            " if as on join cast convert char nchar chr varchar concat concat_ws group_concat substring substr mid ascii ord length len hex"
            " unhex sleep benchmark pg_sleep waitfor delay extractvalue updatexml load_file outfile dumpfile information_schema tables columns"
            " table_name column_name sysobjects syscolumns sqlite_master all_users all_tables dual version user users password database_name"
            " current_user count rand floor procedure analyse xp_cmdshell master sys dbo function returns language begin truncate shutdown"
            " dbms_pipe receive_message utl_inaddr ctxsys generate_series randomblob elt make_set iif div mod true false asc desc top row rownum"
            " int integer binary copy call replace"
            # browsers
            " script iframe img svg body html object embed form input video audio details style link meta base a div span b i p br h1 src href"
            " action onerror onload onclick onmouseover onfocus onblur ontoggle onstart onsubmit autofocus javascript vbscript data alert confirm"
            " prompt eval document cookie location window fetch settimeout string fromcharcode innerhtml expression background url http https ftp"
            " xlink xmlns marquee applet math button textarea select option title head frame frameset import"
            # systems
            " etc passwd shadow hosts proc self environ var log boot ini win windows winnt system32 cmd exe bin sh bash usr cat ls dir id whoami"
            " uname wget curl nc ncat ping nslookup echo print printf rm chmod perl python php ruby powershell certutil tftp busybox ifconfig"
            " ipconfig netstat net type tmp dev tcp ifs home root ssh c d system passthru shell_exec popen phpinfo base64_decode assert file"
            " filter input expect phar zip include require get post request server env java lang runtime getruntime class classloader"
            # templates, lookups, markup
            " jndi ldap ldaps rmi dns lower upper ctx config self request application import __class__ __mro__ __subclasses__ __globals__"
            " __builtins__ __import__ os popen read freemarker template utility execute new doctype entity xml xi public foo xxe ne gt lt regex"
            # probes, shells
            " git svn htaccess htpasswd wp admin login phpmyadmin pma cgi asp aspx jsp jspx bak old sql swp backup conf shell command exec cfm"
            " console manager actuator solr setup install upload uploads xmlrpc"
        ).split()
    )
)
"""Lower case; all other words are their shape."""

BITS = 16
"""Slots of the hashed runs of tokens."""
ORDERS = (1, 2, 3, 4)

_EDGE, _WORD, _LETTER, _NUMBER, _LONG_NUMBER, _HEX, _MIXED, _LONG, _FOREIGN = range(256, 265)
_FIRST_KEYWORD = 512
_BLANK, _CLOSING = ord(" "), np.array([ord(c) for c in " .,;:?!"], np.uint64)
_COMMENT = np.array([ord("-"), ord("#")], np.uint64)
_VALUES = np.array([0x1B, 0x1F], np.uint8)
"""Marks of values, plain and hidden: sentences stand there and nowhere else."""
_LONG_BYTES, _LONG_DIGITS = 24, 5
_PLAIN_TOKENS = np.zeros(_FIRST_KEYWORD, np.bool_)
_PLAIN_TOKENS[[_EDGE, _WORD, _LETTER, _NUMBER, _LONG_NUMBER, _MIXED, _LONG, _FOREIGN, *b" -._/,:+&=?~%!@"]] = True
"""Tokens that every text is made of: a run of only these says nothing and is passed over."""
_MIX, _STEP, _HALF = np.uint64(0xD6E8FEB86659FD93), np.uint64(0x9E3779B97F4A7C15), np.uint64(32)

_INSIDE = np.zeros(256, np.bool_)
_INSIDE[[*range(0x30, 0x3A), *range(0x41, 0x5B), 0x5F, *range(0x61, 0x7B), *range(0x80, 0x100)]] = True
_DIGIT = np.zeros(256, np.bool_)
_DIGIT[[*range(0x30, 0x3A)]] = True
_HIGH = np.arange(256) >= 0x80  # noqa: PLR2004 - beyond ASCII
_MARK = np.zeros(256, np.bool_)
_MARK[[0x02, 0x03, *range(0x1A, 0x20)]] = True


ROWS = 4_096
"""Texts whose tokens are told at a time: what is worked out about them stays in the processor's cache."""


def runs_of(texts: pl.Series, keywords: tuple[str, ...] = KEYWORDS) -> Pieces:
    """Return what ``runs`` says of all texts (String), as if asked once; ``begin`` is a place in ``corpus(texts).data``."""
    found, base = [], 0
    for first in range(0, max(len(texts), 1), ROWS):
        held = corpus(texts.slice(first, ROWS))
        found.append((runs(held, keywords), base))
        base += len(held.data)
    counts = np.concatenate([np.diff(p.starts) for p, _ in found])
    return Pieces(
        np.concatenate([p.slot for p, _ in found]),
        np.concatenate([p.begin + at for p, at in found]),
        np.concatenate([np.asarray(p.length) for p, _ in found]),
        np.append(0, np.cumsum(counts)).astype(np.int64),
    )


def runs(texts: Corpus, keywords: tuple[str, ...] = KEYWORDS) -> Pieces:
    """Return the distinct runs of one to four tokens of each text, as slots below ``2**BITS``.

    Each run counts once, however often it stands there. It lies within one part of a request, its edges included; runs of tokens that every
    text is made of are passed over.
    """
    ids, begin, end, marks = tokens(texts, keywords)
    kept = np.flatnonzero(ids != _BLANK)
    ids, begin, end, marks = ids[kept], begin[kept], end[kept], marks[kept]
    told = (ids >= _FIRST_KEYWORD) | ~_PLAIN_TOKENS[np.minimum(ids, _FIRST_KEYWORD - 1).astype(np.int64)]
    owner = np.searchsorted(texts.starts, begin, side="right") - 1
    keys, first, last = [], [], []
    hashed = np.zeros(len(ids), np.uint64)
    many, some = np.zeros(len(ids), np.bool_), np.zeros(len(ids), np.bool_)
    for order in range(1, max(ORDERS) + 1):
        n = max(len(ids) - order + 1, 0)
        tail = slice(order - 1, order - 1 + n)
        hashed = (hashed[:n] + ids[tail] + np.uint64(1)) * _STEP
        hashed ^= hashed >> _HALF
        many = many[:n] | (marks[order - 2 : order - 2 + n] if order > 2 else False)  # noqa: PLR2004 - a mark within
        some = some[:n] | told[tail]
        fits = np.flatnonzero(some & ~many & ~(marks[:n] & marks[tail]))
        slot = (hashed[fits] * _MIX) >> np.uint64(64 - BITS)
        keys.append((owner[fits].astype(np.uint64) << np.uint64(BITS)) | slot)
        first.append(begin[fits])
        last.append(end[fits + order - 1])
    key, where = np.unique(np.concatenate(keys), return_index=True)
    at, till = np.concatenate(first)[where], np.concatenate(last)[where]
    starts = np.searchsorted(key >> np.uint64(BITS), np.arange(len(texts) + 1)).astype(np.int64)
    return Pieces((key & np.uint64((1 << BITS) - 1)).astype(np.uint32), at, till - at, starts)


def prose(texts: Corpus) -> Places:
    """Return (n_texts,): words of prose in its values.

    Such a word is none of the vocabulary, stands between blanks, perhaps with a comma or the like behind it, is not the whole of its value,
    and does not follow the mark of a comment.
    """
    ids, begin, _, _ = tokens(texts)
    if not len(ids):
        return np.zeros(len(texts), np.int64)
    blank, edge = ids == _BLANK, ids == _EDGE
    before, after = np.roll(ids, 1), np.roll(ids, -1)
    word = (ids == _WORD) | (ids == _FOREIGN)
    ends = blank | edge
    closed = np.roll(ends, -1) | (np.isin(after, _CLOSING) & np.roll(ends, -2))
    comment = (before == _BLANK) & np.isin(np.roll(ids, 2), _COMMENT)
    free = word & ((before == _BLANK) | (before == _EDGE)) & closed & ~comment
    part = np.maximum.accumulate(np.where(edge, np.arange(len(ids)), 0))
    value = np.isin(texts.data[begin[part]], _VALUES)
    at = begin[free & value & (np.roll(blank, 1) | np.roll(blank, -1))]
    return np.bincount(np.searchsorted(texts.starts, at, side="right") - 1, minlength=len(texts))


def tokens(texts: Corpus, keywords: tuple[str, ...] = KEYWORDS) -> tuple[Ids, Places, Places, npt.NDArray[np.bool_]]:
    """Return the tokens of all texts: what each is, where it begins and ends, and whether it is the edge of a part."""
    inside = _INSIDE[texts.data]
    start = ~inside
    start[:1] = True
    start[1:] |= inside[1:] & ~inside[:-1]
    begin = np.flatnonzero(start).astype(np.int64)
    end = np.append(begin, len(texts.data))[1:]
    ids = texts.data[begin].astype(np.uint64)
    word = np.flatnonzero(inside[begin])
    ids[word] = _words(texts, begin[word], end[word], keywords)
    marks = _MARK[texts.data[begin]]
    ids[marks] = _EDGE
    return ids, begin, end, marks


def _words(texts: Corpus, begin: Places, end: Places, keywords: tuple[str, ...]) -> Ids:
    """Return the token of each word: its place among the keywords, or its shape."""
    size = end - begin
    digits = np.append(0, np.cumsum(_DIGIT[texts.data], dtype=np.int64))
    digits = digits[end] - digits[begin]
    foreign = np.append(0, np.cumsum(_HIGH[texts.data], dtype=np.int64))
    shape = np.full(len(size), _WORD)
    shape[size == 1] = _LETTER
    shape[digits > 0] = _MIXED
    shape[size > _LONG_BYTES] = _LONG
    shape[foreign[end] > foreign[begin]] = _FOREIGN
    shape[digits == size] = _NUMBER
    shape[(digits == size) & (size > _LONG_DIGITS)] = _LONG_NUMBER
    hexed = (texts.data[begin] == ord("0")) & (texts.data[np.minimum(begin + 1, len(texts.data) - 1)] == ord("x"))
    shape[hexed & (size > 2)] = _HEX  # noqa: PLR2004 - 0x
    names, places = _keywords(keywords)
    hashed = spans(texts, begin, end, np.zeros(len(begin), np.int64), 32).slot
    near = np.minimum(np.searchsorted(names, hashed), len(names) - 1)
    return np.where(names[near] == hashed, places[near] + _FIRST_KEYWORD, shape).astype(np.uint64)


@lru_cache(maxsize=8)
def _keywords(keywords: tuple[str, ...]) -> tuple[npt.NDArray[np.uint32], Places]:
    """Return the hashes of the keywords, ascending, and the place of each in ``KEYWORDS``."""
    words = corpus(pl.Series(keywords))
    begin, end = words.starts[:-1] + 1, words.starts[1:] - 1
    hashed = spans(words, begin, end, np.arange(len(keywords)), 32).slot
    order = np.argsort(hashed).astype(np.int64)
    return hashed[order], order
