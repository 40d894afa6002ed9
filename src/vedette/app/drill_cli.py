"""``vedette drill``, as it is typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def drill(  # noqa: PLR0913 - a command has as many flags as its users need
    name: Annotated[str, typer.Argument(help="Which drill to write; `--live` plays its own.")] = "office-day",
    *,
    live: Annotated[
        bool, typer.Option("--live", help="Play an attack into a running `vedette serve`, and see what it says.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Folder that the drill's files are written to.")] = None,
    to: Annotated[
        str, typer.Option("--to", help="With --live: where the service receives (its input `http`).")
    ] = "http://127.0.0.1:8751",
    api: Annotated[str, typer.Option("--api", help="With --live: where its API answers.")] = "http://127.0.0.1:8750",
    token: Annotated[
        str, typer.Option("--token", envvar="VEDETTE_TOKEN", help="For the API, where it asks for one.")
    ] = "",
    rounds: Annotated[
        int, typer.Option("--rounds", min=1, max=200, help="With --live: attacks, each by another intruder.")
    ] = 1,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0, max=600, help="With --live: how long one attack takes.")
    ] = 10.0,
    json: Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")] = False,
) -> None:
    """Write a drill's files, or play an attack into a running service."""
    from vedette.app import drill_command  # noqa: PLC0415

    code = (
        drill_command.live(to, api, token, rounds=rounds, seconds=seconds, as_json=json)
        if live
        else drill_command.write(name, out, as_json=json)
    )
    raise typer.Exit(code)
