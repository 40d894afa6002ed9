"""Paths of the command line -> files, each named once; what is not a file is named with a word why."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STDIN = "-"
DEPTH_LIMIT = 128

_KINDS: tuple[tuple[int, str], ...] = (
    (stat.S_IFIFO, "named pipe"),
    (stat.S_IFSOCK, "socket"),
    (stat.S_IFCHR, "device"),
    (stat.S_IFBLK, "device"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A file to open, or with ``skipped`` why not.

    Attributes:
        name: the path as the operator would write it, safe to print.
        forward: True for stdin or a pipe that the operator named: it cannot be sought and its size is unknown.
    """

    name: str
    path: str
    size_bytes: int = 0
    forward: bool = False
    skipped: str = ""


@dataclass(slots=True)
class _Seen:
    """Files (by device and inode) that were named before, and the folders above the current one."""

    files: dict[tuple[int, int], str] = field(default_factory=dict)
    folders: set[tuple[int, int]] = field(default_factory=set)


def walk(paths: Sequence[str]) -> Iterator[Found]:
    """Yield every file under ``paths`` (files, folders, globs, "-"), folders sorted and recursive."""
    seen = _Seen()
    for path in paths:
        if path == STDIN:
            yield Found("-", STDIN, forward=True)
            continue
        matches = [path] if os.path.lexists(path) or not glob.has_magic(path) else _glob(path)
        if not matches:
            yield _skip(path, "nothing matches")
        for match in matches:
            yield from _entry(match, seen, named=True)


def _glob(pattern: str) -> list[str]:
    return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern


def printable(name: str) -> str:
    """Return ``name`` with everything that is not printable as an escape: a file name cannot steer a terminal."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _skip(path: str, why: str) -> Found:
    return Found(printable(path), path, skipped=why)


def _entry(path: str, seen: _Seen, *, named: bool = False) -> Iterator[Found]:
    if path.count(os.sep) > DEPTH_LIMIT:
        yield _skip(path, f"more than {DEPTH_LIMIT} folders deep")
        return
    if not named and Path(path).name.startswith("."):
        yield _skip(path, "hidden")
        return
    try:
        status = Path(path).stat()
    except (OSError, ValueError) as error:
        yield _skip(path, _why(path, error))
        return
    identity = (status.st_dev, status.st_ino)
    if stat.S_ISDIR(status.st_mode):
        yield from _folder(path, identity, seen)
    elif stat.S_ISREG(status.st_mode) or (named and stat.S_ISFIFO(status.st_mode)):
        twice = f"the same file as {printable(seen.files[identity])}" if identity in seen.files else ""
        seen.files.setdefault(identity, path)
        yield Found(printable(path), path, status.st_size, forward=stat.S_ISFIFO(status.st_mode), skipped=twice)
    else:
        yield _skip(path, next((w for kind, w in _KINDS if stat.S_IFMT(status.st_mode) == kind), "not a file"))


def _folder(path: str, identity: tuple[int, int], seen: _Seen) -> Iterator[Found]:
    if identity in seen.folders:
        yield _skip(path, "folder was read already (a link in a circle?)")
        return
    seen.folders.add(identity)
    try:
        names = sorted(entry.name for entry in os.scandir(path))
    except OSError as error:
        yield _skip(path, _why(path, error))
        return
    if not names:
        yield _skip(path, "empty folder")
    for name in names:
        yield from _entry(os.path.join(path, name), seen)  # noqa: PTH118 - keeps the operator's spelling ("./x")


def _why(path: str, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "link to nothing" if os.path.lexists(path) else "no such file"
    if isinstance(error, PermissionError):
        return "no permission to read"
    return f"cannot be read: {error.strerror if isinstance(error, OSError) else error}"
