"""Drills: a made-up company's bad day, written as YAML and turned into native bytes that any tool can read.

A drill is data (``content/drills/NAME.yaml``): who is there, what happens when, and what a good detector finds. Playing it gives a
capture with real packets, a conn.log as Zeek writes it, and an auth log; the same seed gives the same bytes. All outside addresses are
those kept for documentation (RFC 5737), all names end in ``.example`` (RFC 2606).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random

from vedette.app.drill.mail_to_theft import write_mail_to_theft
from vedette.app.drill.script import Script, read_script
from vedette.app.drill.stage import Stage, write_capture, write_connections, write_lines
from vedette.errors import ContentError
from vedette.intel.content import content

THEFT = "mail-to-theft"
"""The drill that is code, for its five sources have little in common with packets."""


def load_drill(name: str = "office-day") -> Script:
    """Return a drill of the shipped content.

    Raises:
        ContentError: there is no such drill, or it is not valid.
    """
    if name not in drills():
        raise ContentError(f"no such drill: {name!r}", where=name, hint=f"there are: {', '.join(drills())}")
    return read_script(content(f"drills/{name}.yaml"))


def drills() -> list[str]:
    """Return the names of all drills."""
    return sorted((THEFT, *(path.stem for path in content("drills").glob("*.yaml"))))


def write_drill(folder: Path, name: str = "office-day", seed: int = 7) -> list[Path]:
    """Play a drill and write what its sensors saw into ``folder``; return the files.

    Raises:
        ContentError: there is no such drill, or it is not valid.
    """
    if name == THEFT:
        return write_mail_to_theft(folder, seed)
    script = load_drill(name)
    stage = play(script, seed)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / file for file in (script.files.capture, script.files.connections, script.files.auth)]
    write_capture(paths[0], stage.packets)
    write_connections(paths[1], stage.connections)
    write_lines(paths[2], stage.lines)
    return paths


def play(script: Script, seed: int) -> Stage:
    """Let every step happen, each with its own chance, and return the stage with what was seen."""
    stage = _stage(script)
    for step in script.steps:
        stage.rng = Random(f"{seed}:{step.title}")  # noqa: S311 - a drill, not a secret
        step.play(stage)
    return stage


def _stage(script: Script) -> Stage:
    here = {a: frozenset[int]() for name, group in script.cast.items() if name not in script.absent for a in group}
    for name, ports in script.open.items():
        here.update(dict.fromkeys(script.cast[name], frozenset(ports)))
    midnight = datetime.combine(script.date, datetime.min.time(), UTC)
    return Stage(
        midnight_us=int(midnight.timestamp()) * 1_000_000,
        cast=script.cast,
        open_ports=here,
        sites=script.sites,
        resolver=script.cast[script.resolver][0],
        branch=frozenset(script.branch),
        rng=Random(0),  # noqa: S311 - replaced by each step
    )


__all__ = ["Script", "drills", "load_drill", "play", "write_drill"]
