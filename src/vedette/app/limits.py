"""How much an input may grow while it is unpacked."""

from __future__ import annotations

from dataclasses import dataclass

from vedette.errors import LimitError

RATIO_FLOOR_BYTES = 1 << 26
"""Below this nobody asks for the ratio: a small file of zeros is no bomb."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one path of the command line may unpack to.

    Attributes:
        max_ratio: unpacked bytes for each byte on disk; asked for from ``RATIO_FLOOR_BYTES`` unpacked bytes on.
        max_member_bytes: unpacked bytes of one member or one compressed file.
        max_total_bytes: unpacked bytes of all members together.
        max_members: members of one archive, nested ones included.
        max_nesting: archives within each other; 2 reads an archive in an archive.
        max_spool_bytes: an archive that cannot be read forward (.zip in .tar or from stdin) is held in memory up to this.
    """

    max_ratio: int = 500
    max_member_bytes: int = 1 << 35
    max_total_bytes: int = 1 << 37
    max_members: int = 100_000
    max_nesting: int = 2
    max_spool_bytes: int = 1 << 28


@dataclass(slots=True)
class Budget:
    """What one path has used of its limits.

    Attributes:
        packed_bytes: bytes read from disk so far.
        unpacked_bytes: bytes that came out of any decompressor so far.
    """

    limits: Limits
    packed_bytes: int = 0
    unpacked_bytes: int = 0
    members: int = 0

    def unpack(self, size: int) -> None:
        """Book unpacked bytes; raise LimitError beyond the limits."""
        self.unpacked_bytes += size
        if self.unpacked_bytes > self.limits.max_total_bytes:
            raise LimitError(f"unpacks to more than {self.limits.max_total_bytes:,} bytes")
        if self.unpacked_bytes > self.limits.max_ratio * max(self.packed_bytes, 1) and (
            self.unpacked_bytes > RATIO_FLOOR_BYTES
        ):
            raise LimitError(f"unpacks to more than {self.limits.max_ratio} times its size")

    def member(self) -> None:
        """Book a member; raise LimitError beyond the limit."""
        self.members += 1
        if self.members > self.limits.max_members:
            raise LimitError(f"holds more than {self.limits.max_members:,} members")
