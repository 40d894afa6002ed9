"""How far a file was read, and which file that was: what a position of ``tail`` holds."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import blake2b

import msgspec

HEAD_BYTES = 1024
"""First bytes of a file that tell it from one that came in its place."""


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far one file was read.

    Attributes:
        inode, device: of the file.
        offset: bytes that were read.
        head_bytes, head: how many of the first bytes are known, and their hash; at most ``offset`` bytes, so a growing file keeps it.
        preamble: what stands before the next part.
        source: the name of the source that reads it; empty: not known yet.
        inside: ``offset`` lies in a line that was too long, whose rest is passed over.
        left: it was rotated away, and is read on in case something is still written to it.
        done: it was rotated away and read to its end.
    """

    inode: int
    device: int
    offset: int = 0
    head_bytes: int = 0
    head: str = ""
    preamble: bytes = b""
    source: str = ""
    inside: bool = False
    left: bool = False
    done: bool = False


_places = msgspec.json.Decoder(list[Place])


def written(places: Sequence[Place]) -> str:
    """Return a position."""
    return msgspec.json.encode(list(places)).decode()


def told(position: str) -> list[Place]:
    """Return what a position says; nothing where it says nothing that is ours."""
    try:
        return _places.decode(position) if position else []
    except msgspec.DecodeError:
        return []


def fingerprint(fd: int, size: int) -> str:
    """Return the hash of the first ``size`` bytes of an open file; of fewer where there are fewer, which then differs."""
    return blake2b(os.pread(fd, size, 0), digest_size=8).hexdigest() if size else ""


def is_of(place: Place, fd: int, status: os.stat_result) -> bool:
    """Say whether an open file is the one that ``place`` tells of, at the least as long as it was read.

    An inode alone does not tell (it is given to another file once its own is gone), nor does a device's number (it may change with a
    restart): the first bytes do. Where they are all known, they do even for a copy, which is what copytruncate leaves.
    """
    if status.st_size < place.offset or fingerprint(fd, place.head_bytes) != place.head:
        return False
    return status.st_ino == place.inode or place.head_bytes == HEAD_BYTES
