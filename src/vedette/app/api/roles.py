"""What somebody may do."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody may do, the least first; each may do all that those before it may."""

    VIEWER = "viewer"
    """Look at everything that was found."""
    ANALYST = "analyst"
    """Also give verdicts, and say where an incident stands."""
    RESPONDER = "responder"
    """Also approve, reject, undo and stop responses."""
    ADMIN = "admin"
    """Also resume responses, learn names behind pseudonyms, erase a person, read the audit log."""

    def may(self, least: Role) -> bool:
        """Say whether this role may do what needs ``least``."""
        roles = list(Role)
        return roles.index(self) >= roles.index(least)
