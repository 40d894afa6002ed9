"""One process at a time: a lock on a file, which ends with its process."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vedette.errors import VedetteError

PATIENCE_SECONDS = 20.0
"""How long another process is waited for."""
_PAUSE_SECONDS = 0.02
_LOCK = "lock"


@contextmanager
def alone(folder: Path, busy: type[VedetteError], what: str, mode: int = 0o777) -> Iterator[None]:
    """Let one process at a time change what lies in ``folder``, which is made where it is missing.

    Args:
        folder: what is locked, by a file in it.
        busy: the error to raise.
        what: what another process is changing, for its words.
        mode: the rights of a folder that is made.

    Raises:
        VedetteError: ``busy``, when another process held the lock for ``PATIENCE_SECONDS``.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=mode)
    until = time.monotonic() + PATIENCE_SECONDS
    with (folder / _LOCK).open("ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() > until:
                    raise busy(
                        f"another process has been changing {what} for {PATIENCE_SECONDS:.0f} s",
                        where=str(folder / _LOCK),
                        hint="wait for it to end (`fuser` names it), and try again",
                    ) from error
                time.sleep(_PAUSE_SECONDS)
                continue
            break
        yield  # closing the file gives the lock back
