"""Names in a folder, safe on disk."""

from __future__ import annotations

import os
from pathlib import Path


def settle(folder: Path) -> None:
    """Wait until the names in a folder are on the disk: a file that was renamed has its new name after a loss of power, too.

    Raises:
        OSError: the folder cannot be opened, is none, or the disk failed.
    """
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
