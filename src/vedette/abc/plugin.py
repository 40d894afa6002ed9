"""What every plug-in shares."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar


class Plugin(ABC):
    """What every plug-in shares: a name, unique in its kind, lower_snake; and a docstring, which is its documentation page."""

    name: ClassVar[str]
