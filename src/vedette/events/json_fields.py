"""Fields of JSON objects as columns of text: by path, bounded, whatever the objects hold.

Services nest what they log differently for every operation, so there is no struct of all of it: objects are decoded as they are, and a
table says which of their fields become columns. This goes by Python objects, a column at a time, since no library reads paths out of JSON
text that differs from row to row without parsing it once per path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import polars as pl

LONGEST = 8192
"""Characters of a value that are kept."""

_encode = msgspec.json.Encoder().encode
_LEAF = object()


class Fields:
    """Reads columns out of objects.

    Args:
        paths: column -> paths of keys, joined by dots; the first that holds something counts. A number is a place in a list. A text that
            holds JSON is looked into, as services nest one into the other. An object or list becomes JSON text, without blanks.

    Example:
        >>> fields = Fields({"who": ("user.name", "user.id"), "what": ("target.0",)})
        >>> fields.frame([{"user": {"id": 7}, "target": [{"a": 1}]}, {"user": "nobody"}]).rows()
        [('7', '{"a":1}'), (None, None)]
    """

    def __init__(self, paths: Mapping[str, tuple[str, ...]]) -> None:
        self._columns = {name: tuple(tuple(p.split(".")) for p in given) for name, given in paths.items()}
        self._tree: dict[Any, Any] = {}
        for keys in (k for given in self._columns.values() for k in given):
            node = self._tree
            for key in keys:
                node = node.setdefault(key, {})
            node[_LEAF] = ".".join(keys)

    def frame(self, records: Sequence[dict[str, Any]]) -> pl.DataFrame:
        """Return (n_records, n_columns) String."""
        found: dict[str, list[str | None]] = {}
        _walk(self._tree, records, found)
        columns = {}
        for name, given in self._columns.items():
            parts = [pl.Series(found[".".join(keys)], dtype=pl.String) for keys in given]
            columns[name] = parts[0] if len(parts) == 1 else pl.select(pl.coalesce(parts)).to_series()
        return pl.DataFrame(columns)


def _walk(tree: Mapping[Any, Any], values: Sequence[Any], found: dict[str, list[str | None]]) -> None:
    for key, below in tree.items():
        if key is _LEAF:
            found[below] = [v if type(v) is str and 0 < len(v) <= LONGEST else text_of(v) for v in values]
        else:
            _walk(below, _under(key, values), found)


def _under(key: str, values: Sequence[Any]) -> list[Any]:
    """Return what stands under a key of each value, None where there is nothing."""
    if key.isdigit():
        place = int(key)
        return [v[place] if type(v) is list and len(v) > place else None for v in map(_opened_list, values)]
    return [v.get(key) if type(v) is dict else None for v in map(_opened, values)]


def _opened(value: object) -> object:
    return opened(value) if type(value) is str and value.startswith("{") else value


def _opened_list(value: object) -> object:
    return opened(value) if type(value) is str and value.startswith("[") else value


def opened(text: str) -> object:
    """Return what a text holds as JSON, None where it is none."""
    try:
        found: object = msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    return found


def text_of(value: object) -> str | None:
    """Return a value as text, at most ``LONGEST`` characters; None where it says nothing."""
    if value is None or value in ("", {}, []):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        text = _encode(value).decode() if isinstance(value, (dict, list)) else str(value)
    except (RecursionError, ValueError):  # ValueError: a number of thousands of digits
        return None
    return text[:LONGEST]
