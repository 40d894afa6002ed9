"""The part of the command line that is about Sigma rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

sigma_rules = typer.Typer(help="Check Sigma rules of yours.", no_args_is_help=True, rich_markup_mode=None)


@sigma_rules.callback()
def _root() -> None:
    """Check Sigma rules of yours."""


@sigma_rules.command("check")
def sigma_check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Rules, files or folders; none: those of the settings.", metavar="PATH"),
    ] = None,
    *,
    data: Annotated[
        list[str] | None, typer.Option("--data", help="Logs to hold the rules against; may be repeated.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")] = False,
    config: Annotated[
        Path | None, typer.Option("--config", help="Settings file; by default vedette.toml in this folder.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Say which rules are broken, and which cannot hold of logs and for want of which field."""
    from vedette.app import sigma_command  # noqa: PLC0415

    raise typer.Exit(sigma_command.check(paths or [], data or [], config, as_json=json, quiet=quiet))
