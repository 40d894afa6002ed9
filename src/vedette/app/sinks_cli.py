"""The commands of ``vedette sinks``, as they are typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

sinks = typer.Typer(help="Try the sinks of the settings.", no_args_is_help=True, rich_markup_mode=None)


@sinks.callback()
def _root() -> None:
    """Try the sinks of the settings."""


@sinks.command("test")
def attempt(
    names: Annotated[
        list[str] | None, typer.Argument(help="Sinks, by their names; none: all of the settings.", metavar="SINK")
    ] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")] = False,
    config: Annotated[
        Path | None, typer.Option("--config", help="Settings file; by default vedette.toml here.")
    ] = None,
) -> None:
    """Send a made-up incident, marked as a test, to each sink, and tell what came back; nothing is stored."""
    from vedette.app import sinks_command  # noqa: PLC0415

    raise typer.Exit(sinks_command.try_all(names or [], config, as_json=json))
