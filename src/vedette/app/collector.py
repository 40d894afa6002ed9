"""Python's cyclic garbage collector, told to look less often while events are read.

Reading makes many small objects and hardly a cycle: the usual thresholds cost a tenth of the time and find next to nothing. What is not in
a cycle is freed at once as ever, so memory stays bounded.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG_OBJECTS = 100_000
"""New objects between two looks; 700 is what Python starts with."""


@contextmanager
def rare_collections(young: int = YOUNG_OBJECTS) -> Iterator[None]:
    """Let ``young`` objects be made between two looks for garbage, within this block; other thresholds stay as they are."""
    before = gc.get_threshold()
    gc.set_threshold(max(young, before[0]), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
