"""What the receiving server said about who sent a message (RFC 8601, 7208), from fields that it wrote itself.

Anybody can write such a field into the mail that he sends. Believed is what stands above all Received fields, where only the receiver
writes; and what stands above the deepest Received field of the receiver's site, or right below it, under that site's name: a server must
take foreign fields of its name away (RFC 8601, section 5). Without any Received field, the topmost is believed. Where none is believed,
nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vedette.sources.mail.mail_headers import Head

_RESULTS = frozenset(["pass", "fail", "softfail", "neutral", "none", "permerror", "temperror", "policy"])
_SAME = {"hardfail": "fail", "error": "temperror", "unknown": "permerror", "bestguesspass": "none"}
"""Words of older servers."""
_METHOD = re.compile(r"(?:^|;)\s*(spf|dkim|dmarc)(?:/\d{1,3})?\s*=\s*([a-z]{1,20})", re.IGNORECASE)
_ASIDE = re.compile(r'\([^()]{0,500}\)|"[^"]{0,500}"')
_BY = re.compile(r"\bby\s+([A-Za-z0-9._:-]{1,255})", re.IGNORECASE)
_SERVER = re.compile(r"\s*([A-Za-z0-9._-]{1,255})\s*(?:\d{1,5}\s*)?(?:;|$)")
_ALIASES = {"office365.com": "outlook.com", "googlemail.com": "google.com"}
"""Sites whose servers write under two names."""
_NAMELESS = frozenset(("outlook.com",))
"""Sites whose servers leave out their name."""
_PLACE = re.compile(r"^(received|authentication-results|received-spf)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_WORD = re.compile(r"\s*([A-Za-z]{1,20})")


def authentication(head: Head, raw: str) -> dict[str, str]:
    """Return the results by method (``spf``, ``dkim``, ``dmarc``), in lower case; a method that nobody looked at is absent.

    Args:
        head: the fields.
        raw: the head as text, for the order of the fields.

    Example:
        >>> authentication({"authentication-results": ["mx.example; spf=pass (ok) x=y; dkim=FAIL"]}, "")
        {'spf': 'pass', 'dkim': 'fail'}
    """
    found: dict[str, str] = {}
    server: str | None = None
    for value in _believed(head, raw):
        name = _server(value)
        if server is None:
            server = name
        if name == server:
            _add(value, found)
    if "spf" not in found and (value := _received_spf(head, raw)):
        word = _WORD.match(value)
        _set("spf", word[1] if word else "", found)
    return found


def _believed(head: Head, raw: str) -> Iterator[str]:
    """Yield the values of Authentication-Results that the receiver wrote."""
    values = head.get("authentication-results", [])
    received = head.get("received", [])
    if not received:
        yield from values[:1]
        return
    if values:
        site, own = _own(received)
        for value, above in zip(values, _above(raw, "authentication-results"), strict=False):
            name = _server(value)
            ours = _site(name) == site if name else site in _NAMELESS
            if above == 0 or (above <= own and site and ours):
                yield value


def _received_spf(head: Head, raw: str) -> str:
    """Return the topmost Received-SPF, where the receiver wrote it: nobody takes foreign ones away, so its place must tell."""
    values, received = head.get("received-spf", []), head.get("received", [])
    if not values or not received:
        return values[0] if values else ""
    site, own = _own(received)
    above = next(iter(_above(raw, "received-spf")), len(received))
    return values[0] if above == 0 or (above < own and site and site in values[0].lower()) else ""


def _above(raw: str, name: str) -> Iterator[int]:
    """Yield, for each field of a name, how many Received fields stand above it."""
    above = 0
    for place in _PLACE.finditer(raw):
        found = place[1].lower()
        if found == "received":
            above += 1
        elif found == name:
            yield above


def _own(received: Sequence[str]) -> tuple[str, int]:
    """Return the receiver's site, and how many Received fields there are down to the deepest that its servers wrote."""
    sites = [_site(by[1]) if (by := _BY.search(value)) else "" for value in received]
    site = next(filter(None, sites), "")
    return site, max((at + 1 for at, other in enumerate(sites) if other == site), default=0)


def _server(value: str) -> str:
    name = _SERVER.match(_ASIDE.sub(" ", value[:600]))
    return name[1].lower() if name else ""


def _site(host: str) -> str:
    """Return the last two labels of a host's name; nothing for an address or a name without a dot."""
    labels = host.lower().strip(".").split(".")
    if len(labels) < 2 or labels[-1].isdigit() or ":" in host:  # noqa: PLR2004 - a name has two labels at least
        return ""
    name = ".".join(labels[-2:])
    return _ALIASES.get(name, name)


def _add(value: str, found: dict[str, str]) -> None:
    for method, result in _METHOD.findall(_ASIDE.sub(" ", value)):
        _set(method.lower(), result, found)


def _set(method: str, result: str, found: dict[str, str]) -> None:
    """Note a result; of several signatures one that is good is enough, otherwise the first counts."""
    word = _SAME.get(result.lower(), result.lower())
    if word in _RESULTS and (method not in found or (method == "dkim" and word == "pass")):
        found[method] = word
