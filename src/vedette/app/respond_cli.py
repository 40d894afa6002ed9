"""The commands of ``vedette respond``, as they are typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

respond = typer.Typer(
    help="Approve, carry out and take back what is proposed about incidents.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
RequestName = Annotated[
    str, typer.Argument(help="A request, or how it begins: `vedette respond list`.", metavar="REQUEST")
]
Who = Annotated[
    str,
    typer.Option("--as", help="Who says so; by default who runs this. The shell counts as one person.", metavar="NAME"),
]
Why = Annotated[str, typer.Option("--why", help="A word for the journal.", metavar="TEXT")]
Settings = Annotated[Path | None, typer.Option("--config", help="Settings file; by default vedette.toml here.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]


@respond.command("list")
def list_(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also what is over: rejected, failed, undone.")] = False,
    json: AsJson = False,
    config: Settings = None,
) -> None:
    """List what the last scan proposes, what waits and what is in force."""
    from vedette.app import respond_command  # noqa: PLC0415

    raise typer.Exit(respond_command.show(config, everything=everything, as_json=json))


@respond.command()
def approve(request: RequestName, *, who: Who = "", json: AsJson = False, config: Settings = None) -> None:
    """Approve a request; where the guard agrees, it is carried out at once."""
    from vedette.app import respond_command  # noqa: PLC0415

    raise typer.Exit(respond_command.approve(request, who, config, as_json=json))


@respond.command()
def reject(request: RequestName, *, who: Who = "", why: Why = "", config: Settings = None) -> None:
    """Reject a request, for good."""
    from vedette.app import respond_command  # noqa: PLC0415

    raise typer.Exit(respond_command.reject(request, who, why, config))


@respond.command()
def undo(request: RequestName, *, who: Who = "", why: Why = "", config: Settings = None) -> None:
    """Take back what is in force."""
    from vedette.app import respond_command  # noqa: PLC0415

    raise typer.Exit(respond_command.undo(request, who, why, config))


@respond.command()
def stop(*, who: Who = "", config: Settings = None) -> None:
    """Throw the kill switch: everything in force is taken back, and nothing more is carried out."""
    from vedette.app import respond_command  # noqa: PLC0415

    raise typer.Exit(respond_command.stop(who, config))


@respond.command()
def resume(*, who: Who = "", config: Settings = None) -> None:
    """Take the kill switch back."""
    from vedette.app import respond_command  # noqa: PLC0415

    raise typer.Exit(respond_command.resume(who, config))


@respond.command()
def tick(*, config: Settings = None) -> None:
    """Take back what is over, and set straight what an interruption left open; run it every minute."""
    from vedette.app import respond_command  # noqa: PLC0415

    raise typer.Exit(respond_command.tick(config))


@respond.command()
def verify(*, json: AsJson = False) -> None:
    """Check that the journal was not changed, and print its last hash."""
    from vedette.app import respond_command  # noqa: PLC0415

    raise typer.Exit(respond_command.verify(as_json=json))
