"""The commands that keep the store of findings safe, as they are typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Settings = Annotated[Path | None, typer.Option("--config", help="Settings file; by default vedette.toml here.")]
Folder = Annotated[
    Path | None, typer.Option("--folder", help="Where the service keeps everything; by default as the settings say.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; one that is there is replaced.", metavar="FILE")],
    *,
    json: AsJson = False,
    config: Settings = None,
    folder: Folder = None,
) -> None:
    """Write findings, incidents, verdicts, tokens and the journal into one file; the service may run."""
    from vedette.app import store_command  # noqa: PLC0415

    raise typer.Exit(store_command.backup(file, store_command.url(config, folder), as_json=json))


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.", metavar="FILE")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Also where there is something: it gives way.")] = False,
    json: AsJson = False,
    config: Settings = None,
    folder: Folder = None,
) -> None:
    """Put a backup back, all of it or nothing; the service must be stopped."""
    from vedette.app import store_command  # noqa: PLC0415

    raise typer.Exit(store_command.restore(file, store_command.url(config, folder), force=force, as_json=json))
