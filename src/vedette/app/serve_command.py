"""``vedette serve``: the live service in the foreground."""

from __future__ import annotations

from pathlib import Path

from vedette.app import logs
from vedette.app.live.service import LiveService
from vedette.app.store_command import live_folder
from vedette.app.terminal import say
from vedette.config import load


def run(config_file: Path | None, folder: Path | None) -> int:
    """Serve until a signal says to end.

    Raises:
        VedetteError: it cannot begin, or cannot go on.
    """
    config = load(config_file)
    where = folder or live_folder(config)
    logs.setup()
    service = LiveService(config, where)
    say(f"Listens and reads: {', '.join(service.receives)}. `vedette drill --live` tries it out; Ctrl-C ends it.")
    service.run()
    return 0
