"""What a made-up connection is: for the account of false alarms alone, never in an event."""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """The activities of the company's normal."""

    OTHER = 0
    WEB = 1
    CALL = 2
    UPLOAD = 3
    OFFICE = 4
    NEIGHBOUR = 5
    PATCH = 6
    BACKUP = 7
    MONITOR = 8
    SCANNER = 9
    ADMIN = 10
    THING = 11
    VISITOR = 12
    PARTNER = 13
    LOOKUP = 14
    CLOCK = 15
    SERVER = 16
    PROGRAM = 32
    """From here on: the programs, in the order of ``company.PROGRAMS``."""
