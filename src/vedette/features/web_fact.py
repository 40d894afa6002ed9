"""What a fact about the text of a web request is: one pattern that holds or not, and the kind of attack that it speaks of."""

from __future__ import annotations

from dataclasses import dataclass

SQL, SCRIPT, FILES, COMMAND, TEMPLATE, LOOKUP, MARKUP, PROBE, SHELL, HEADER = (
    "SQL injection",
    "cross-site scripting",
    "path traversal",
    "command injection",
    "template injection",
    "lookup injection",
    "markup injection",
    "scan for weak spots",
    "web shell",
    "header injection",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One pattern.

    Attributes:
        name: of the fact; ``kind``: the attack that it speaks of; empty: of any.
        said: what it is, in the words of a report.
        pattern: over lower-case decoded text with the marks of ``web_decode``.
        sign: True where it needs one of ``SIGNS`` in the text.
        strength: how much it says about the kind, for the name of the attack alone.
    """

    name: str
    kind: str
    said: str
    pattern: str
    sign: bool = True
    strength: int = 2


SIGNS = r"""["'<>(){}&|;$`*\\\[\]\n\x01#]|\.\.|:/|--|@@"""
"""Without one of these a text holds none of the facts that need one."""
END = r"(?:[\x1a-\x1f]|$)"
WITHIN = r"[^\x1a-\x1f]"
"""The end of a part of a request; any character of one."""
