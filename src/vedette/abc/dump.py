"""State at rest: what something that remembers writes down, to go on from later as if nothing had been between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl


@dataclass(frozen=True, slots=True)
class Dump:
    """All that something remembers, in a form that a folder can hold. Making one changes nothing; what it holds does not change later.

    Attributes:
        mark: what the rest means: who reads a dump with another mark would misread it, and begins anew instead.
        told: plain numbers, texts, lists and tables, as JSON has them; numbers that are none may be among them.
        frames: name -> rows.
        files: name -> a file that is never changed, only removed; it is linked, not read. Names end in what the file is: ``part.3.arrow``.
    """

    mark: str
    told: Mapping[str, Any] = field(default_factory=dict)
    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
