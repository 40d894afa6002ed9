"""Names out of events, checked before they stand in a command, a query or a file: what is not plainly such a name is refused.

Everything here came from somebody else, often from an attacker. A name that passes holds no space, quote, bracket, wildcard or control
character, so it is no syntax of a shell, of LDAP, of IMAP, of DNS files or of a URL; who uses it quotes it all the same.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from vedette.errors import Refused
from vedette.incidents.words import visible
from vedette.model import Entity, EntityKind

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{2,59}})", re.ASCII)
_HOST = re.compile(
    r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f.]{0,15}){2,8}", re.ASCII
)
_ACCOUNT = re.compile(
    r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,62}\\)?[A-Za-z0-9_][A-Za-z0-9._$+-]{0,103}(?:@[A-Za-z0-9.-]{1,253})?", re.ASCII
)
_MAILBOX = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", re.ASCII)
_MESSAGE = re.compile(r"<[A-Za-z0-9!#$&'+/=?^_`{|}~.:-]{1,400}@[A-Za-z0-9!#$&'+/=?^_`{|}~.:-]{1,400}>", re.ASCII)
_SHOWN = 80
_NEVER = ("is_loopback", "is_multicast", "is_unspecified", "is_link_local", "is_reserved")
"""Properties of addresses that no attacker beyond a gateway can have."""

Address = IPv4Address | IPv6Address


def address(target: Entity, where: str) -> Address:
    """Return a plain address; an IPv4 address inside an IPv6 one is that.

    Raises:
        Refused: it is none; so do the others here.
    """
    try:
        found = ip_address(target.value) if target.kind is EntityKind.ADDRESS else None
    except ValueError:
        found = None
    if found is None or getattr(found, "scope_id", None):
        raise Refused(f"{visible(target.value, _SHOWN)!r} is not an address that can be blocked", where=where)
    return getattr(found, "ipv4_mapped", None) or found


def blockable(target: Entity, where: str) -> Address:
    """Return an address that can be somebody's: not loopback, multicast, unspecified, link-local or reserved."""
    found = address(target, where)
    kind = next((p for p in _NEVER if getattr(found, p)), "")
    if kind:
        raise Refused(f"{found} is a {kind.removeprefix('is_').replace('_', '-')} address", where=where)
    return found


def host(target: Entity, where: str) -> str:
    """Return a host's name, or an address, in small letters."""
    return _checked(target, (EntityKind.HOST, EntityKind.ADDRESS), _HOST, where).lower()


def account(target: Entity, where: str) -> str:
    r"""Return the name of an account as it stands: ``bob``, ``CORP\bob`` or ``bob@corp.example``."""
    return _checked(target, (EntityKind.USER, EntityKind.EMAIL), _ACCOUNT, where)


def domain(target: Entity, where: str) -> str:
    """Return a domain in small letters, as it stands in DNS messages, without a dot at its end."""
    value = target.value.strip().rstrip(".").lower()
    if target.kind is EntityKind.DOMAIN and not value.isascii():
        try:
            value = value.encode("idna").decode("ascii")
        except UnicodeError:
            value = ""
    return _checked(Entity(target.kind, value), (EntityKind.DOMAIN,), _DOMAIN, where, shown=target.value)


def mailbox(address: str, where: str) -> str:
    """Return a mail address in small letters."""
    return _checked(Entity(EntityKind.EMAIL, address), (EntityKind.EMAIL,), _MAILBOX, where).lower()


def message(target: Entity, where: str) -> str:
    """Return a Message-ID with its angle brackets."""
    value = target.value.strip()
    bracketed = value if value.startswith("<") else f"<{value}>"
    return _checked(Entity(target.kind, bracketed), (EntityKind.MESSAGE,), _MESSAGE, where, shown=target.value)


def _checked(
    target: Entity, kinds: tuple[EntityKind, ...], form: re.Pattern[str], where: str, shown: str | None = None
) -> str:
    if target.kind not in kinds or not form.fullmatch(target.value):
        value = visible(target.value if shown is None else shown, _SHOWN)
        words = " or ".join(kind.value for kind in kinds)
        raise Refused(f"{value!r} is not the name of a {words} that can be acted on", where=where)
    return target.value
