"""Links as a mail program would follow them: in text by their look, in HTML by their address."""

from __future__ import annotations

import re
from bisect import bisect
from itertools import islice
from urllib.parse import urljoin

URL_LIMIT, TEXT_LIMIT = 2048, 200
"""Characters of a link, and of the text that it is shown with."""

_REST = r"[^\s<>\"'`\x00-\x1f\u200b\ufffd]{1,2048}"
# Each starts with a literal, which the engine looks for forty times faster than for a choice.
_BEHIND_SCHEME = re.compile("://" + _REST)
_HOSTS = {word: re.compile(rf"{word}\d{{0,2}}\.{_REST}") for word in ("www", "WWW")}
_BEFORE = re.compile(r"(?:https?|ftp)\Z", re.IGNORECASE)
_LONGEST_SCHEME = len("https")
_CLOSING = {")": "(", "]": "[", "}": "{"}
_TRAILING = ".,;:!?*_'\"»”\u2019>|~"
_NO_LINK = re.compile(r"(?:#|mailto:|tel:|sms:|cid:|mid:|callto:|about:blank)", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:")


def in_text(text: str, most: int) -> list[str]:
    """Return the links that stand in a text, as written.

    Example:
        >>> in_text("See https://a.example/x(y). Or (www.b.example)!", 9)
        ['https://a.example/x(y)', 'www.b.example']
    """
    spans: list[tuple[int, int]] = []
    for hit in _BEHIND_SCHEME.finditer(text):
        start = hit.start()
        if scheme := _BEFORE.search(text, max(0, start - _LONGEST_SCHEME), start):
            _add(text, scheme.start(), hit.end(), spans)
        if len(spans) > most:
            break
    named: list[tuple[int, int]] = []
    for word, host in _HOSTS.items():
        for hit in islice(host.finditer(text), most) if word in text else ():
            at = bisect(spans, (hit.start(),))
            if not at or spans[at - 1][1] <= hit.start():
                _add(text, *hit.span(), named)
    spans = sorted(spans + named) if named else spans
    links = (_trimmed(text[start:end]) for start, end in spans[:most])
    return [link for link in links if link.rstrip("/:.w")]


def _add(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    """Add a link, unless it starts in the middle of a word."""
    before = text[start - 1 : start]
    if not (before.isalnum() or before == "_"):
        spans.append((start, end))


def _trimmed(url: str) -> str:
    """Return a link without the marks that end a sentence or close a bracket opened before it."""
    end, surplus = len(url), {last: url.count(last) - url.count(first) for last, first in _CLOSING.items()}
    while end:
        last = url[end - 1]
        if last in surplus and surplus[last] > 0:
            surplus[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return url[:end]


def address(href: str, base: str = "") -> str:
    r"""Return the address of a link of HTML, cleaned as browsers do; nothing where it leads nowhere (``mailto:``, ``#top``).

    Example:
        >>> address(" java\nscript:x "), address("mailto:a@b.example"), address("/x", "https://a.example/y")
        ('javascript:x', '', 'https://a.example/x')
    """
    url = _CONTROLS.sub("", href.strip())[:URL_LIMIT] if href else ""
    if not url or _NO_LINK.match(url):
        return ""
    if base and not _SCHEME.match(url):
        try:
            return urljoin(base, url)[:URL_LIMIT]
        except ValueError:
            return url
    return url
