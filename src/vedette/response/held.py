"""One request in one hand: a lock on a small file of its own, which ends with its process."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vedette.errors import Busy

PATIENCE_SECONDS = 30.0
"""How long somebody else is waited for."""
_PAUSE_SECONDS = 0.02


@contextmanager
def held(folder: Path, uid: str, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Let nobody else act on a request, of this process or another.

    Args:
        folder: where the files are made, and removed.
        uid: of the request: hex digits.
        patience: seconds to wait.

    Raises:
        Busy: somebody else held it all the time.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, until = folder / uid, time.monotonic() + patience
    while (file := _taken(path)) is None:
        if time.monotonic() >= until:
            raise Busy("somebody is acting on it just now", where=uid, hint="wait, and look at `vedette respond list`")
        time.sleep(_PAUSE_SECONDS)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)  # before the lock goes: who waits sees that its file is no more, and makes one
        os.close(file)


def _taken(path: Path) -> int | None:
    """Return the file, locked; None where another has it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(file).st_nlink:
            return file
    except BlockingIOError:
        pass
    os.close(file)
    return None
