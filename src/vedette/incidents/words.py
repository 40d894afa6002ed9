"""Numbers, times and names as a tired person reads them, and as nothing hostile can disguise them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address, ip_network

from vedette.model import Entity, EntityKind

NAME_LIMIT = 48
"""Characters of a name that are shown."""
FEW = 8
"""A finding that names this many entities may hold only a sample of them."""
NETWORK_BITS = {4: 24, 6: 64}
"""The prefix by which several addresses are named as one network."""
_PLURALS: dict[EntityKind, str] = {
    EntityKind.ADDRESS: "addresses",
    EntityKind.HOST: "hosts",
    EntityKind.USER: "users",
    EntityKind.DOMAIN: "domains",
    EntityKind.FILE: "files",
    EntityKind.SERVICE: "services",
    EntityKind.EMAIL: "mail addresses",
    EntityKind.URL: "URLs",
    EntityKind.ACCOUNT: "accounts",
    EntityKind.COUNTERPARTY: "counterparties",
    EntityKind.MESSAGE: "messages",
}
_OF_MONEY = (EntityKind.ACCOUNT, EntityKind.COUNTERPARTY)
_HTTP = re.compile("^http", re.IGNORECASE)
_UNITS = ((86_400, "day"), (3_600, "h"), (60, "min"), (1, "s"))


def visible(text: str, limit: int = 0) -> str:
    r"""Return ``text`` with every character that prints nothing or turns the line escaped; cut to ``limit`` characters, if given.

    Example:
        >>> visible("a\x00b\u202ec\n")
        'a\\x00b\\u202ec\\n'
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
    return text[: limit - 1] + "…" if 0 < limit < len(text) else text


def name(entity: Entity) -> str:
    """Return an entity as one short word; a URL so that nobody can click on it."""
    value = defanged(entity.value) if entity.kind is EntityKind.URL else entity.value
    if entity.kind in _OF_MONEY and value.isdecimal():  # a bare number names nothing
        return f"{entity.kind.value} {value[:NAME_LIMIT]}"
    return visible(value.replace(" ", "␣"), NAME_LIMIT) or "(empty)"


def defanged(url: str) -> str:
    """Return a URL that no program takes for a link.

    Example:
        >>> defanged("https://bank.example/login.html")
        'hxxps://bank[.]example/login.html'
    """
    scheme, mark, rest = url.partition("://") if "://" in url else ("", "", url)
    host, slash, tail = rest.partition("/")
    return f"{_HTTP.sub('hxxp', scheme)}{mark}{host.replace('.', '[.]')}{slash}{tail}"


def names(entities: Sequence[Entity], *, sampled: bool = False, ends: bool = False) -> str:
    """Return one name, one network, or a count such as ``3 hosts``; ``many hosts`` where they are but a sample.

    Mail addresses of one domain are ``*@domain``.

    ``ends``: they are the first and the last of many, in order of text; so if these share a network, all do.

    Only entities of the first one's kind are counted.
    """
    if not entities:
        return "somebody"
    alike = [e for e in entities if e.kind is entities[0].kind]
    if len(alike) == 1:
        return name(alike[0])
    if one := (network(alike) if ends else _mail_domain(alike)):
        return one
    if sampled or ends:
        return f"many {_PLURALS[alike[0].kind]}"
    return network(alike) or f"{len(alike):,} {_PLURALS[alike[0].kind]}"


def network(entities: Sequence[Entity]) -> str:
    """Return the one network (a /24, an IPv6 /64) that all these addresses lie in; empty where there is none."""
    first = _network(entities[0]) if entities else ""
    return first if all(_network(e) == first for e in entities[1:]) else ""


def _mail_domain(entities: Sequence[Entity]) -> str:
    """Return ``*@domain`` where all these are mail addresses of one domain, else nothing."""
    domains = {e.value.rpartition("@")[2].lower() for e in entities}
    of_mail = all(e.kind is EntityKind.EMAIL and "@" in e.value for e in entities)
    return visible(f"*@{domains.pop()}".replace(" ", "␣"), NAME_LIMIT) if of_mail and len(domains) == 1 else ""


@lru_cache(maxsize=65_536)
def _network(entity: Entity) -> str:
    try:
        address = ip_address(entity.value)
    except ValueError:
        return ""
    return str(ip_network((address.packed, NETWORK_BITS[address.version]), strict=False))


def span(length: timedelta) -> str:
    """Return a duration in at most two units.

    Example:
        >>> span(timedelta(hours=2, minutes=5, seconds=9)), span(timedelta(milliseconds=52))
        ('2 h 5 min', '0.052 s')
    """
    seconds = length.total_seconds()
    if seconds < 10:  # noqa: PLR2004 - below ten seconds, fractions tell
        return f"{seconds:.2g} s" if seconds else "an instant"
    rest, parts = int(seconds), []
    for size, unit in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''}")
    return " ".join(parts[:2])


def date(moment: datetime) -> str:
    """Return ``22 November 2026``."""
    return f"{moment.day} {moment:%B %Y}"


def period(start: datetime, end: datetime) -> str:
    """Return when, with the date once where it is one day.

    Example:
        >>> from datetime import UTC
        >>> period(datetime(2026, 11, 22, 14, 3, tzinfo=UTC), datetime(2026, 11, 22, 14, 21, 30, tzinfo=UTC))
        '22 November 2026, 14:03:00 to 14:21:30 UTC (18 min 30 s)'
    """
    if end <= start:
        return f"{date(start)}, {start:%H:%M:%S} UTC"
    until = f"{end:%H:%M:%S}" if end.date() == start.date() else f"{date(end)}, {end:%H:%M:%S}"
    return f"{date(start)}, {start:%H:%M:%S} to {until} UTC ({span(end - start)})"
