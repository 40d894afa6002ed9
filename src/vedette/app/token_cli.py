"""The commands of ``vedette token``, as they are typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vedette.app.api.roles import Role

token = typer.Typer(
    help="Make, list and revoke tokens: who may ask the API of the live service, and what they may do.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
TokenName = Annotated[str, typer.Argument(help="Who has it: a person, or a program.", metavar="NAME")]
Settings = Annotated[Path | None, typer.Option("--config", help="Settings file; by default vedette.toml here.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]


@token.command()
def add(
    name: TokenName,
    *,
    role: Annotated[
        Role,
        typer.Option("--role", help="viewer looks; analyst judges too; responder acts too; admin may do everything."),
    ] = Role.VIEWER,
    days: Annotated[
        float | None, typer.Option("--days", min=0.001, max=36_500, help="How long it counts; without, for ever.")
    ] = None,
    json: AsJson = False,
    config: Settings = None,
) -> None:
    """Make a token and show it: once, it is kept nowhere."""
    from vedette.app import token_command  # noqa: PLC0415

    raise typer.Exit(token_command.add(name, role, days, config, as_json=json))


@token.command("list")
def list_(*, json: AsJson = False, config: Settings = None) -> None:
    """List tokens, also those that count no more."""
    from vedette.app import token_command  # noqa: PLC0415

    raise typer.Exit(token_command.show(config, as_json=json))


@token.command()
def revoke(name: TokenName, *, config: Settings = None) -> None:
    """Revoke a token; it counts no more at once."""
    from vedette.app import token_command  # noqa: PLC0415

    raise typer.Exit(token_command.revoke(name, config))
