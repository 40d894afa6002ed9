"""A folder into which files are moved so that nobody runs or reads them, and from which they come back as they were.

Whoever wrote the file may still be at work: every step of the path is opened without following links, what is moved is what was hashed
(the same inode), and a file that comes back never takes the place of another.
"""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 4 << 30
"""Of a file that is sealed."""
_SHARE = 1 << 20
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class SealError(Exception):
    """A file was not sealed or not given back; nothing is half done."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A folder of sealed files, readable by its owner alone.

    Args:
        folder: where it is; made where it is absent.
    """

    folder: str

    def key(self, path: str) -> str:
        """Return under which name a path's file is sealed."""
        return hashlib.blake2b(path.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()

    def holds(self, path: str) -> bool:
        """Say whether the file of a path is sealed; changes nothing."""
        try:
            with _held(os.open(self.folder, _FOLDER)) as folder:
                return _is_there(folder, self.key(path))
        except FileNotFoundError:
            return False

    def put(self, path: str, sha256: str = "") -> str:
        """Move a file in, and return its sha256.

        Args:
            path: absolute, without ``..``.
            sha256: what its bytes must be; empty: any.

        Raises:
            SealError: there is no such plain file, it is another, or cannot be moved; it stays where it is.
        """
        parent, name = str(PurePosixPath(path).parent), PurePosixPath(path).name
        try:
            with self._open() as folder, _opened(parent) as before, _held(os.open(name, _FILE, dir_fd=before)) as file:
                if _is_there(folder, self.key(path)):
                    raise SealError("a file of this path is sealed already")
                seen = os.fstat(file)
                digest = _hashed(file, seen)
                if sha256 and digest != sha256.lower():
                    raise SealError(f"it is not the file that was seen: its sha256 is {digest}")
                self._note(folder, path, digest, seen)
                _move(before, name, folder, self.key(path), seen)
                with suppress(OSError):
                    os.fchmod(file, 0)
        except OSError as error:
            raise SealError(error.strerror or str(error)) from error
        return digest

    def give_back(self, path: str) -> bool:
        """Move a file back to where it was, with its rights; False where none is sealed.

        Raises:
            SealError: something else lies there now, or it cannot be moved; it stays sealed.
        """
        parent, name, key = str(PurePosixPath(path).parent), PurePosixPath(path).name, self.key(path)
        try:
            with self._open() as folder:
                if not _is_there(folder, key):
                    return False
                with _opened(parent) as after:
                    noted = self._noted(folder, key)
                    os.chmod(key, int(noted.get("mode", 0o600)), dir_fd=folder)
                    try:
                        _move(folder, key, after, name, os.stat(key, dir_fd=folder, follow_symlinks=False))
                    except (OSError, SealError):
                        os.chmod(key, 0, dir_fd=folder)
                        raise
                with suppress(OSError):
                    os.unlink(f"{key}.json", dir_fd=folder)
        except FileExistsError as error:
            raise SealError(f"something else is called {name} there now") from error
        except OSError as error:
            raise SealError(error.strerror or str(error)) from error
        return True

    @contextmanager
    def _open(self) -> Iterator[int]:
        Path(self.folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        with _held(os.open(self.folder, _FOLDER)) as folder:
            os.fchmod(folder, 0o700)
            yield folder

    def _note(self, folder: int, path: str, digest: str, seen: os.stat_result) -> None:
        facts = {
            "path": path,
            "sha256": digest,
            "size": seen.st_size,
            "mode": stat.S_IMODE(seen.st_mode),
            "uid": seen.st_uid,
            "gid": seen.st_gid,
        }
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(f"{self.key(path)}.json", flags, 0o600, dir_fd=folder), "wb") as file:
            file.write(orjson.dumps(facts))
            file.flush()
            os.fsync(file.fileno())

    def _noted(self, folder: int, key: str) -> dict[str, Any]:
        try:
            with os.fdopen(os.open(f"{key}.json", _FILE, dir_fd=folder), "rb") as file:
                found = orjson.loads(file.read(_SHARE))
        except (OSError, orjson.JSONDecodeError):
            return {}
        return found if isinstance(found, dict) else {}


@contextmanager
def _held(file: int) -> Iterator[int]:
    try:
        yield file
    finally:
        os.close(file)


@contextmanager
def _opened(folder: str) -> Iterator[int]:
    """Give a folder whose path holds no link."""
    at = os.open("/", _FOLDER)
    try:
        for part in PurePosixPath(folder).parts[1:]:
            below = os.open(part, _FOLDER, dir_fd=at)
            os.close(at)
            at = below
        yield at
    finally:
        os.close(at)


def _hashed(file: int, seen: os.stat_result) -> str:
    if not stat.S_ISREG(seen.st_mode):
        raise SealError("it is no plain file")
    if seen.st_size > MOST_BYTES:
        raise SealError(f"it is larger than {MOST_BYTES:,} bytes")
    digest, read = hashlib.sha256(), 0
    while (data := os.read(file, _SHARE)) and read <= MOST_BYTES:
        digest.update(data)
        read += len(data)
    return digest.hexdigest()


def _move(before: int, name: str, after: int, called: str, seen: os.stat_result) -> None:
    """Move one inode without taking another's place: a second name first, then the first one goes.

    Raises:
        OSError: it cannot be done: another file system, no right, the new name is taken.
        SealError: what is called so is another file now.
    """
    os.link(name, called, src_dir_fd=before, dst_dir_fd=after, follow_symlinks=False)
    if not _is_same(after, called, seen) or not _is_same(before, name, seen):
        os.unlink(called, dir_fd=after)
        raise SealError("somebody changed it meanwhile")
    os.unlink(name, dir_fd=before)
    os.fsync(after)
    os.fsync(before)


def _is_same(folder: int, name: str, seen: os.stat_result) -> bool:
    found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    return (found.st_dev, found.st_ino) == (seen.st_dev, seen.st_ino)


def _is_there(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
