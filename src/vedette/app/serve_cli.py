"""``vedette serve``, as it is typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    *,
    config: Annotated[
        Path | None, typer.Option("--config", help="Settings file; by default vedette.toml here.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Where everything is kept; by default as the settings say.")
    ] = None,
) -> None:
    """Watch live: receive, judge, tell and respond, until it is stopped."""
    from vedette.app import serve_command  # noqa: PLC0415

    raise typer.Exit(serve_command.run(config, folder))
