"""What the receiving server said about who sent a message (RFC 8601, 7208, 8617), from fields that it wrote itself.

Anybody can write such a field into the mail that he sends. Believed is the topmost Authentication-Results above the lowest Received of the
receiver's own, or right under it where it carries the receiver's name; a server must remove foreign ones of its name (RFC 8601, section 5).
"""

from __future__ import annotations

import re

from vedette.sources.mail.mail_headers import Head, value_of

RESULTS = frozenset(
    "pass fail softfail neutral none permerror temperror policy hardfail bestguesspass unknown error nxdomain discard".split()
)
_RESULT = re.compile(r"\b(spf|dkim|dmarc)[ \t]{0,4}=[ \t]{0,4}([a-z]{1,20})", re.IGNORECASE)
_BY = re.compile(r"\bby\s+([A-Za-z0-9._-]{1,255})", re.IGNORECASE)
_WORD = re.compile(r"\s*([A-Za-z]{1,20})")
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_SAME = {"hardfail": "fail", "error": "temperror", "unknown": "permerror"}


def authentication(head: Head) -> dict[str, str]:
    """Return the results by method (``spf``, ``dkim``, ``dmarc``), in lower case; a method that nobody looked at is absent.

    Example:
        >>> authentication({"authentication-results": ["mx.example; spf=pass (ok) x=y; dkim=FAIL"]})
        {'spf': 'pass', 'dkim': 'fail'}
    """
    found: dict[str, str] = {}
    for value in head.get("authentication-results", ())[:1]:
        _add(value, found)
    if not found and (value := value_of(head, "arc-authentication-results")):
        _add(value, found)
    if "spf" not in found and (value := value_of(head, "received-spf")):
        word = _WORD.match(value)
        if word and word[1].lower() in RESULTS:
            found["spf"] = _SAME.get(word[1].lower(), word[1].lower())
    return found


def _add(value: str, found: dict[str, str]) -> None:
    for method, result in _RESULT.findall(_COMMENT.sub(" ", value)):
        if result.lower() in RESULTS:
            word = _SAME.get(result.lower(), result.lower())
            if method.lower() not in found or word == "pass":
                found[method.lower()] = word
