"""The client's address as services write it: bare, with a port, in brackets, or a name in its place."""

from __future__ import annotations

import polars as pl

_V4 = r"^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?$"
_V6 = r"^\[?((?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F.]{0,15})(?:%\w{1,16})?(?:\](?::\d{1,5})?)?$"
_PORT = r"(?:^\d{1,3}(?:\.\d{1,3}){3}|\]):(\d{1,5})$"
_LAST_PORT = 65_535


def client_address(text: pl.Expr) -> pl.Expr:
    """Return the address, lower case, without brackets, port and zone; null where the text is none.

    Example:
        >>> texts = pl.DataFrame({"of": ["192.0.2.7:443", "[2001:DB8::7]:50123", "::ffff:192.0.2.7", "2001:db8::7", "AWS Internal"]})
        >>> texts.select(client_address(pl.col("of"))).to_series().to_list()
        ['192.0.2.7', '2001:db8::7', '192.0.2.7', '2001:db8::7', None]
    """
    bare = text.str.strip_chars()
    return pl.coalesce(bare.str.extract(_V4), bare.str.extract(_V6).str.to_lowercase())


def client_name(text: pl.Expr) -> pl.Expr:
    """Return a text that is no address: what some services write in its place; null where there is none."""
    return pl.when(client_address(text).is_null() & ~text.is_in(("-", "", "null", "<null>"))).then(text)


def client_port(text: pl.Expr) -> pl.Expr:
    """Return the port behind the address, Int32; null where there is none."""
    port = text.str.strip_chars().str.extract(_PORT).cast(pl.Int32, strict=False)
    return pl.when(port <= _LAST_PORT).then(port)
