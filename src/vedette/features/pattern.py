"""Patterns made small for a linear matcher."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=1024)
def ascii_only(pattern: str) -> str:
    r"""Return the pattern for ASCII text, for a linear matcher.

    ``\w`` and the like without Unicode (whose tables make the matcher large and slow), and long counted repetitions uncounted.
    """
    out, inside, at = [], False, 0
    while at < len(pattern):
        two = pattern[at : at + 2]
        if two in _CLASSES:
            out.append(_CLASSES[two][0] if inside else _CLASSES[two][1])
            at += 2
        elif two[0] == "\\":
            out.append(two)
            at += 2
        else:
            inside = two[0] == "[" or (inside and two[0] != "]")
            out.append(two[0])
            at += 1
    return re.sub(r"\{(\d+),(\d\d+)\}", _uncounted, "".join(out))


_CLASSES = {
    r"\w": ("0-9a-z_", "[0-9a-z_]"),
    r"\d": ("0-9", "[0-9]"),
    r"\s": (r" \n", r"[ \n]"),
    r"\b": (r"\b", r"(?-u:\b)"),
}
"""Of lower-case decoded text: inside brackets, and outside."""
_COUNTED = 14


def _uncounted(match: re.Match[str]) -> str:
    least, most = int(match[1]), int(match[2])
    if most < _COUNTED:
        return match[0]
    return {0: "*", 1: "+"}.get(least, f"{{{least},}}")
