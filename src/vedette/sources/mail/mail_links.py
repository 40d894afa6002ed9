"""Links as a mail program would follow them: in text by their look, in HTML by their address."""

from __future__ import annotations

import re
from urllib.parse import urljoin

URL_LIMIT, TEXT_LIMIT = 2048, 200
"""Characters of a link, and of the text that it is shown with."""

_IN_TEXT = re.compile(r"\b(?:(?:https?|ftp)://|www\d{0,2}\.)[^\s<>\"'`\x00-\x1f\u200b\ufffd]{1,2048}", re.IGNORECASE)
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
    if "://" not in text and "www" not in text and "WWW" not in text:
        return []
    found: list[str] = []
    for hit in _IN_TEXT.finditer(text):
        url = _trimmed(hit[0])
        if url.rstrip("/:.w"):
            found.append(url)
        if len(found) >= most:
            break
    return found


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
