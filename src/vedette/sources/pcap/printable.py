"""Text from hostile bytes."""

from __future__ import annotations

FIELD_LIMIT = 8_192
"""Characters of one field that are kept."""


def printable(raw: bytes) -> str:
    r"""Return bytes as text: UTF-8 where it is, the rest and whatever is not printable as ``\xNN``; bounded.

    Example:
        >>> printable(b"caf\xc3\xa9\x00\xff")
        'café\\x00\\xff'
    """
    plain = raw[:FIELD_LIMIT].decode("utf-8", "backslashreplace")
    if plain.isprintable():
        return plain
    return "".join(c if c.isprintable() else _escape(ord(c)) for c in plain)


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65_536 else f"\\U{code:08x}"  # noqa: PLR2004
