"""A disk of a few megabytes, to be filled: a file system in memory, mounted for the length of a test. Only root may."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(folder: Path, megabytes: int = 4) -> Iterator[Path]:
    """Mount a small disk at ``folder``, which is made; unmount it afterwards.

    Raises:
        PermissionError: this user, or this machine, may not mount; tests skip.
    """
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or mount is None or umount is None:
        raise PermissionError("only root can mount a small disk")
    folder.mkdir(parents=True, exist_ok=True)
    told = [mount, "-t", "tmpfs", "-o", f"size={megabytes}m", "vedette-test", str(folder)]
    done = subprocess.run(told, check=False, capture_output=True, text=True)  # noqa: S603 - a fixed program
    if done.returncode:
        raise PermissionError(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run([umount, "--lazy", str(folder)], check=True)  # noqa: S603 - a fixed program


def fill(folder: Path, leave_bytes: int = 0) -> Path:
    """Fill a disk but for some bytes; return the file that does it: whoever removes it makes room."""
    path = folder / "filler"
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize - leave_bytes
    path.write_bytes(b"x" * max(free, 0))
    return path
