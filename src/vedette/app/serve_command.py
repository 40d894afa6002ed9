"""``vedette serve``: the live service in the foreground."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from vedette.app import logs
from vedette.app.live.service import LiveService
from vedette.app.store_command import live_folder
from vedette.app.terminal import say
from vedette.config import Config, load
from vedette.errors import VedetteError

LOG = logging.getLogger("vedette.live")


def run(config_file: Path | None, folder: Path | None) -> int:
    """Serve until a signal says to end; SIGHUP reads the settings again.

    Raises:
        VedetteError: it cannot begin, or cannot go on.
    """
    config = load(config_file)
    before: Config | None = None
    logs.setup()
    while True:
        try:
            service = LiveService(config, folder or live_folder(config), partial(load, config_file))
        except VedetteError as error:
            if before is None:
                raise
            LOG.warning("the new settings cannot be used, those before hold: %s", error.message)
            config, before = before, None
            continue
        say(f"Listens and reads: {', '.join(service.receives)}. `vedette drill --live` tries it out; Ctrl-C ends it.")
        service.run()
        if service.fresh is None:
            return 0
        config, before = service.fresh, config
