"""Writes a made company's logs as files."""

from __future__ import annotations

from pathlib import Path

from bench.insiders.run import Drill


def write(folder: Path, drill: Drill) -> None:
    """Write."""
