"""The setting of most transports that says which source reads what comes."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from vedette.abc import Source
from vedette.plugins import discover


def known_source(name: str) -> str:
    """Return the name of a source; empty stands for none.

    Raises:
        ValueError: there is no such source.

    Example:
        >>> known_source("zeek")
        'zeek'
    """
    if name and name not in discover(Source):
        raise ValueError(f"no such source: {name!r}; there are {', '.join(discover(Source))}")
    return name


SourceName = Annotated[str, AfterValidator(known_source)]
"""Name of a source, or empty."""
