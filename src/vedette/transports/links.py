"""Opening files in folders that others may write: no link of theirs leads us to what they may not read themselves.

A service often may read more than those who write its logs. Who may write a watched folder could put a link there to a secret file, and
read it in what the service shows. A folder may be swapped for a link between a look and the opening, so paths are walked name by name.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

MOST_LINKS = 40
_ROOT = 0
_FLAGS = os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
_LOOK = _FLAGS | getattr(os, "O_PATH", 0)
READ = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | getattr(os, "O_NOCTTY", 0)
"""For reading; never waits, as a pipe without a writer would let it."""


def open_below(folder: Path, path: Path) -> int:
    """Return a descriptor of a plain file below a folder; no name behind the folder may be a link.

    Raises:
        OSError: it is a link, no plain file, not there, or may not be read.
    """
    *between, name = path.relative_to(folder).parts
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in between:
            below = os.open(part, _FLAGS | os.O_RDONLY | os.O_DIRECTORY, dir_fd=at)
            os.close(at)
            at = below
        found = os.open(name, READ | _FLAGS, dir_fd=at)
    finally:
        os.close(at)
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        raise OSError(errno.EINVAL, "it is no plain file any more")
    return found


def open_owned(path: Path, flags: int) -> int:
    """Return a descriptor of a file; links on the way are followed where root, this user, or the file's own owner made them.

    Where the system cannot look at a link without following it (no ``O_PATH``), all links are followed.

    Raises:
        OSError: a link is somebody else's, or the file cannot be opened.
    """
    if not hasattr(os, "O_PATH"):
        return os.open(path, flags)
    owners, found = _walked(path)
    try:
        if owners - {_ROOT, os.geteuid(), os.fstat(found).st_uid}:
            raise OSError(errno.EPERM, "a link leads to it that neither its owner nor we made")
        return os.open(f"/proc/self/fd/{found}", flags)
    finally:
        os.close(found)


def _walked(path: Path) -> tuple[set[int], int]:
    """Return who owns the links on the way to a file, and a descriptor of it that only tells its status."""
    owners, count = set[int](), 0
    at, rest = os.open("/", _LOOK), _parts(os.fspath(path.absolute()))
    try:
        while rest:
            found = os.open(rest.pop(), _LOOK, dir_fd=at)
            status = os.fstat(found)
            if not stat.S_ISLNK(status.st_mode):
                os.close(at)
                at = found
                continue
            owners.add(status.st_uid)
            count += 1
            target = _target(found, count)
            rest += _parts(target)
            if target.startswith("/"):
                os.close(at)
                at = os.open("/", _LOOK)
    except OSError:
        os.close(at)
        raise
    return owners, at


def _target(link: int, count: int) -> str:
    """Return where the link leads, and close it; ``count`` links were met before and with it."""
    try:
        if count > MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        return os.readlink("", dir_fd=link)
    finally:
        os.close(link)


def _parts(path: str) -> list[str]:
    """Return the names of a path, the last first."""
    return [name for name in path.split("/") if name][::-1]
