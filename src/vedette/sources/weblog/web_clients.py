"""Who asked: what a log writes for the client is an address, an address with a port, a name, or nothing."""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address

import polars as pl

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
IPV4 = rf"^(?:{_OCTET}\.){{3}}{_OCTET}$"
_BRACKETS = re.compile(r"\[([^\]]*)\](?::([0-9]{1,5}))?")
_WITH_PORT = re.compile(r"([^:]*):([0-9]{1,5})")
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9_.])?")
_LAST_PORT = 65_535

Client = tuple[str | None, str | None, int | None]
"""Address, name, port."""


def clients(texts: pl.Series) -> pl.DataFrame:
    """Return (n,) ``address``, ``name`` and ``port`` of the clients; IPv4 in IPv6 is IPv4, IPv6 is in its short form.

    Plain IPv4 addresses are taken as they are; the loop runs over the distinct others.
    """
    plain = texts.str.contains(IPV4)
    frame = pl.DataFrame({"text": texts, "address": texts}, schema={"text": pl.String, "address": pl.String})
    others = texts.filter(~plain).unique().to_list()
    if not others:
        none = {"name": pl.lit(None, pl.String), "port": pl.lit(None, pl.Int32)}
        return frame.select("address", **none)
    rows = [(text, *client(text)) for text in others]
    known = pl.DataFrame(
        rows, schema={"text": pl.String, "it": pl.String, "name": pl.String, "port": pl.Int32}, orient="row"
    )
    joined = frame.join(known, on="text", how="left", maintain_order="left")
    return joined.select(pl.when(plain).then("address").otherwise("it").alias("address"), "name", "port")


def client(text: str) -> Client:
    """Return what one text says.

    Example:
        >>> client("[2001:DB8:0::7]:443")
        ('2001:db8::7', None, 443)
        >>> client("::ffff:192.0.2.1"), client("crawler.example")
        (('192.0.2.1', None, None), (None, 'crawler.example', None))
    """
    address = _address(text)
    if address:
        return address, None, None
    found = _BRACKETS.fullmatch(text) or _WITH_PORT.fullmatch(text)
    inner, port = (found[1], found[2]) if found else (text, None)
    number = int(port) if port and int(port) <= _LAST_PORT else None
    address = _address(inner)
    if address:
        return address, None, number
    return None, inner.lower() if _NAME.fullmatch(inner) else None, number


def _address(text: str) -> str | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)
