"""Why a plan is made, in the words that its reader sees."""

from __future__ import annotations

from vedette.model import Incident


def because(incident: Incident) -> str:
    """Return the title of an incident, how grave it is and how sure we are.

    Example:
        >>> from vedette.testing.incidents import some_incident
        >>> because(some_incident())
        'Password guessing by 198.51.100.7 (high, 90% sure).'
    """
    return f"{incident.title} ({incident.severity.name.lower()}, {incident.confidence:.0%} sure)."
