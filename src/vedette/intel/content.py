"""Where the content lies: tables, playbooks, rules and drills, shipped as data and versioned apart from code."""

from __future__ import annotations

from pathlib import Path

from vedette.errors import ContentError

_PACKAGE = Path(__file__).parents[1]
_ROOTS = (_PACKAGE / "content", _PACKAGE.parents[1] / "content")
"""The wheel carries the folder inside the package; a checkout has it at its root."""


def content(name: str) -> Path:
    """Return the path of content file or folder ``name``, given relative to ``content/``.

    Example:
        >>> content("attack/enterprise.csv").name
        'enterprise.csv'

    Raises:
        ContentError: there is no such content, or the name leads out of the folder.
    """
    for root in _ROOTS:
        path = root / name
        if path.exists() and path.resolve().is_relative_to(root.resolve()):
            return path
    raise ContentError(
        f"no content {name!r}", where=str(_ROOTS[0]), hint="reinstall vedette: its content is incomplete"
    )
