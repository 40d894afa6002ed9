"""``vedette serve``: the live service in the foreground."""

from __future__ import annotations

from pathlib import Path

from vedette.app import logs
from vedette.app.live.service import LiveService, folder_of
from vedette.app.terminal import say
from vedette.config import load


def run(config_file: Path | None, folder: Path | None) -> int:
    """Serve until a signal says to end.

    Raises:
        VedetteError: it cannot begin, or cannot go on.
    """
    config = load(config_file)
    where = folder or folder_of(config)
    logs.setup()
    service = LiveService(config, where)
    if not config.inputs:
        say("Nothing comes in yet: the settings name no [[inputs]]. docs/how-to/serve.md shows the first ones.")
    service.run()
    return 0
