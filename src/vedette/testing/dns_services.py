"""Honest services that use DNS in ways that look like tunnels, made up: what their clients ask below one domain.

None of the domains is one that the product knows, so that the form alone has to tell them.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from random import Random

from vedette.testing.dns_tunnels import Exchange

_WORD = """
account api app assets beta billing blog build cache cdn chat cloud connect data demo dev docs download edge east events files
forum gateway help home images internal jobs log login mail media metrics mobile new news office old online orders pay portal prod
public search secure server shop static status store support sync test upload user video web west wiki work
"""
_WORDS = _WORD.split()


def hashes(rng: Random, count: int) -> list[Exchange]:
    """Look-ups of file hashes: MD5 in hexadecimal, a verdict as an address."""
    return _spread(
        rng, [(f"{rng.randbytes(16).hex()}.lookup.av-example.com", "A", ("127.0.0.8",)) for _ in range(count)]
    )


def block_list(rng: Random, count: int) -> list[Exchange]:
    """A mail server asks for addresses, most of which are not listed."""
    octets = (".".join(map(str, rng.randbytes(4))) for _ in range(count))
    return _spread(rng, [(f"{a}.bl.lists-example.org", rng.choice(("A", "TXT")), ()) for a in octets])


def domain_list(rng: Random, count: int) -> list[Exchange]:
    """A mail filter asks for the domains of links."""
    names = (
        f"{rng.choice(_WORDS)}{rng.choice(_WORDS)}.{rng.choice(('com', 'net', 'org', 'de'))}" for _ in range(count)
    )
    return _spread(rng, [(f"{n}.uri.lists-example.org", "A", ()) for n in names])


def delivery(rng: Random, count: int) -> list[Exchange]:
    """Content delivery with codes for names, asked for twice, as programs do that want both addresses."""
    drawn = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=14)) for _ in range(max(count // 8, 1))]
    names = [f"d{rng.choice(drawn)}.net.delivery-example.net" for _ in range(count)]
    return _spread(rng, [(n, kind, ("198.51.100.9",)) for n in names for kind in ("A", "AAAA")])


def measurement(rng: Random, count: int) -> list[Exchange]:
    """Pages that measure resolvers by a name of their own for every visit."""
    visits = max(count // 20, 1)
    names = [f"{rng.randbytes(16).hex()}-{k}.rum.measure-example.com" for k in range(visits)]
    return _spread(rng, [(n, kind, ("198.51.100.9",)) for n in names for kind in ("A", "AAAA", "HTTPS")])


def telemetry(rng: Random, count: int) -> list[Exchange]:
    """A program that reports under the number of the machine, again and again."""
    host = f"{rng.randbytes(16).hex()}.device.telemetry-example.com"
    return _spread(rng, [(host, "A", ("198.51.100.9",))] * count)


def search_suffix(rng: Random, count: int) -> list[Exchange]:
    """Names looked for in one's own domain first, and random words of a browser's test."""
    names = [f"www.{rng.choice(_WORDS)}-{rng.choice(_WORDS)}.com" for _ in range(count)]
    names += ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(7, 15))) for _ in range(count // 10)]
    return _spread(rng, [(f"{n}.corp.holding-example.com", "A", ()) for n in names])


def directory(rng: Random, count: int) -> list[Exchange]:
    """A directory domain: services by site, answers in an order that turns."""
    servers = [f"0 100 389 dc{k:02d}.corp.holding-example.com" for k in range(8)]
    services = ("_ldap", "_kerberos", "_gc", "_kpasswd")
    names = [
        f"{rng.choice(services)}._tcp.{rng.choice(_WORDS)}._sites.dc._msdcs.corp.holding-example.com"
        for _ in range(count)
    ]
    return _spread(rng, [(n, "SRV", tuple(rng.sample(servers, len(servers)))) for n in names])


def keys(rng: Random, count: int) -> list[Exchange]:
    """A mail server fetches signing keys and policies of one sender with many customers."""
    selectors = [f"{base64.b32encode(rng.randbytes(20)).decode().lower()}" for _ in range(max(count // 50, 2))]
    record = "v=DKIM1; k=rsa; p=" + base64.b64encode(rng.randbytes(290)).decode()
    return _spread(
        rng, [(f"{rng.choice(selectors)}._domainkey.sender-example.com", "TXT", (record,)) for _ in range(count)]
    )


def machines(rng: Random, count: int) -> list[Exchange]:
    """Servers of a provider, numbered by place, address and kind."""
    names = (f"ip-10-{rng.randrange(256)}-{rng.randrange(256)}-7.{rng.choice(_WORDS)}.compute" for _ in range(count))
    return _spread(rng, [(f"{n}.provider-example.net", "A", ("198.51.100.9",)) for n in names])


def updates(rng: Random, count: int) -> list[Exchange]:
    """A program asks by TXT for the newest version, again and again."""
    told = [f"0.103.{k}:62:{27000 + k}:1700000000:1:90:49192:{333 + k}" for k in range(3)]
    return _spread(rng, [("current.version.updates-example.net", "TXT", (rng.choice(told),)) for _ in range(count)])


SERVICES: dict[str, Callable[[Random, int], list[Exchange]]] = {
    "hashes of files": hashes,
    "block list of addresses": block_list,
    "block list of domains": domain_list,
    "content delivery": delivery,
    "measurement by unique names": measurement,
    "telemetry": telemetry,
    "search suffix": search_suffix,
    "directory services": directory,
    "signing keys": keys,
    "numbered machines": machines,
    "version by TXT": updates,
}
"""Kind of service -> what one client asks of it in an hour, in about ``count`` questions."""


def _spread(rng: Random, asked: list[tuple[str, str, tuple[str, ...]]]) -> list[Exchange]:
    return [(rng.uniform(0, 3599), *each) for each in asked]
