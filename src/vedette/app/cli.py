"""The command line.

Exit codes: 0 nothing found, 1 incidents, 2 usage or settings, 3 unreadable input, 130 interrupted, 141 the reader of the output left.
Nothing heavy is imported before a command needs it, so that ``vedette --help`` answers at once.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from vedette.app import drill_cli, learn_cli, serve_cli, store_cli
from vedette.app.respond_cli import respond
from vedette.app.sigma_cli import sigma_rules
from vedette.app.sinks_cli import sinks
from vedette.app.token_cli import token
from vedette.errors import ConfigError, VedetteError

FOUND, USAGE, UNREADABLE, UNHEARD = 1, 2, 3, 141

app = typer.Typer(
    name="vedette",
    help="Find attacks in captures, flows and logs, and say what happened, to whom, how sure it is, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Paths = Annotated[
    list[str], typer.Argument(help="Files, folders, globs, archives, or - for standard input.", metavar="PATH")
]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="Settings file; by default vedette.toml in this folder.")
]
Json = Annotated[bool, typer.Option("--json", help="Write OCSF JSON lines to standard output.")]
PlainJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]
Parquet = Annotated[
    Path | None, typer.Option("--parquet", help="Write OCSF tables as Parquet files below this folder.")
]
Html = Annotated[Path | None, typer.Option("--html", help="Write the report as one self-contained HTML file.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
Profiles = Annotated[
    Path | None, typer.Option("--profiles", help="Folder of the baselines; by default `profiles` in $VEDETTE_HOME.")
]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; a deliberate error is one line with its way out, never a traceback."""
    before = {number: signal.signal(number, _interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Unicode shows "?" and no traceback
    try:
        _run(arguments)
    except ConfigError as error:
        _fail(error, USAGE)
    except VedetteError as error:
        _fail(error, UNREADABLE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left has no reader either
        raise SystemExit(UNHEARD) from None
    except (
        OSError
    ) as error:  # a full disk, a folder that went away: a traceback would end with 1, which says "incidents"
        _fail(VedetteError(error.strerror or str(error), where=str(error.filename or "")), UNREADABLE)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run(arguments: Sequence[str] | None) -> None:
    try:
        app(list(arguments) if arguments is not None else None)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # typer would end with 1
            raise end.__context__ from None
        raise
    finally:
        sys.stdout.flush()  # a reader that went away is noticed here rather than while the interpreter ends


def _interrupt(number: int, _frame: FrameType | None) -> None:
    """End with a code of its own, and without temporary files: left to itself, an interruption ends with 1, which says "incidents"."""
    raise SystemExit(128 + number)


def _fail(error: VedetteError, code: int) -> None:
    typer.echo(f"vedette: {error}", err=True)
    raise SystemExit(code)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False) -> None:
    if version:
        from vedette import __version__  # noqa: PLC0415

        typer.echo(f"vedette {__version__}")
        raise typer.Exit


@app.command()
def scan(  # noqa: PLR0913 - a flag each
    paths: Paths,
    *,
    json: Json = False,
    html: Html = None,
    parquet: Parquet = None,
    profiles: Profiles = None,
    learn: Annotated[
        bool,
        typer.Option(
            "--learn", help="Let what is scanned teach the baselines; without it, a scan only judges by them."
        ),
    ] = False,
    sigma: Annotated[
        list[str] | None,
        typer.Option("--sigma", help="Sigma rules, a file or folder, besides those of the settings; may be repeated."),
    ] = None,
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Read inputs of any mix and show the incidents in them."""
    from vedette.app import command  # noqa: PLC0415

    wanted = command.Wanted(json, html, parquet, quiet, profiles, learn, sigma=tuple(sigma or ()))
    raise typer.Exit(command.scan(paths, wanted, config))


@app.command()
def learn(
    paths: Paths,
    *,
    profiles: Profiles = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin anew: remove every baseline of the folder first.")
    ] = False,
    json: PlainJson = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Learn from history what is normal here, without findings; scans judge by it."""
    from vedette.app import baseline_command  # noqa: PLC0415

    raise typer.Exit(baseline_command.learn(paths, config, profiles, fresh=fresh, as_json=json, quiet=quiet))


@app.command()
def events(
    paths: Paths, *, json: Json = False, parquet: Parquet = None, config: ConfigFile = None, quiet: Quiet = False
) -> None:
    """Show what was made of each input, as OCSF events."""
    from vedette.app import command  # noqa: PLC0415

    raise typer.Exit(command.events(paths, command.Wanted(json, None, parquet, quiet), config))


@app.command()
def explain(
    uid: Annotated[
        str,
        typer.Argument(
            help="Id of an incident or finding (its first letters will do), or the name of a detector or source.",
            metavar="ID",
        ),
    ],
    *,
    json: PlainJson = False,
) -> None:
    """Explain an incident or finding of the last scan, or a detector."""
    from vedette.app import command  # noqa: PLC0415

    raise typer.Exit(command.explain(uid, as_json=json))


@app.command()
def doctor(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Inputs to examine; none: the installation.", metavar="PATH")
    ] = None,
    *,
    api: Annotated[
        str, typer.Option("--api", help="Instead: how is the service that answers there? http://127.0.0.1:8750")
    ] = "",
    token: Annotated[
        str, typer.Option("--token", envvar="VEDETTE_TOKEN", help="For its API, where it asks for one.")
    ] = "",
    json: PlainJson = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Say which detectors can work on an input, and what others lack; or how a running service is."""
    from vedette.app import command, pulse  # noqa: PLC0415

    if api:
        raise typer.Exit(pulse.feel(api, token, as_json=json))
    raise typer.Exit(command.doctor(paths or [], config, as_json=json, quiet=quiet))


@app.command()
def demo(
    *,
    folder: Annotated[Path, typer.Option("--folder", help="Where the drill's files and the report go.")] = Path(
        "vedette-demo"
    ),
    drill: Annotated[
        str, typer.Option("--drill", help="office-day, or mail-to-theft: five sources, one story.", metavar="NAME")
    ] = "office-day",
    seed: Annotated[int, typer.Option("--seed", help="Another seed is another day.")] = 7,
    quiet: Quiet = False,
) -> None:
    """Play a drill, an office day with an attack hidden inside, and scan it."""
    from vedette.app import command  # noqa: PLC0415

    raise typer.Exit(command.demo(folder, seed, drill, quiet=quiet))


app.command()(learn_cli.train)
app.command()(learn_cli.evaluate)
app.command()(learn_cli.score)
app.command()(serve_cli.serve)
app.command()(drill_cli.drill)
app.command()(store_cli.backup)
app.command()(store_cli.restore)


@app.command()
def budget(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Inputs to judge by; none: those of the last scan.", metavar="PATH")
    ] = None,
    *,
    alerts_per_day: Annotated[
        float | None, typer.Option("--alerts-per-day", min=0, max=100_000, help="Show what this setting would change.")
    ] = None,
    json: PlainJson = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Say how many false alerts a day to expect, at this alert budget and at others."""
    from vedette.app import budget_command  # noqa: PLC0415

    raise typer.Exit(budget_command.budget(paths or [], config, alerts_per_day, as_json=json, quiet=quiet))


@app.command()
def calibrate(  # noqa: PLR0913 - one for each flag
    name: Annotated[str, typer.Argument(help="A learned detector: url, spam, web ...", metavar="NAME")],
    paths: Annotated[list[str], typer.Argument(help="Benign items of this site, at least 100.", metavar="PATH")],
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Put it into use; without it, only show the change.")] = False,
    adapt: Annotated[
        bool, typer.Option("--adapt", help="Fit the model itself to these items too, where it can be.")
    ] = False,
    json: PlainJson = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Fit a detector's p-values to what is benign at this site, and show what that changes."""
    from vedette.app import calibrate_command  # noqa: PLC0415

    raise typer.Exit(
        calibrate_command.calibrate(name, paths, config, apply=apply, adapt=adapt, as_json=json, quiet=quiet)
    )


app.add_typer(respond, name="respond")
app.add_typer(token, name="token")
app.add_typer(sinks, name="sinks")

app.add_typer(sigma_rules, name="sigma")
models = typer.Typer(help="List, compare and change the models in use.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(models, name="models")
ModelName = Annotated[str, typer.Argument(help="A model's name: url, spam, web ...", metavar="NAME")]


@models.command("list")
def models_list(*, json: PlainJson = False) -> None:
    """List the models that are here, and which are in use."""
    from vedette.app import models_command  # noqa: PLC0415

    raise typer.Exit(models_command.show_list(as_json=json))


@models.command("show")
def models_show(
    name: ModelName,
    version: Annotated[str, typer.Argument(help="By default the one in use.", metavar="VERSION")] = "",
    *,
    json: PlainJson = False,
) -> None:
    """Show the card of a model: its data, figures and limits."""
    from vedette.app import models_command  # noqa: PLC0415

    raise typer.Exit(models_command.show(name, version, as_json=json))


@models.command("diff")
def models_diff(
    name: ModelName,
    before: Annotated[str, typer.Argument(help="A version, or `shipped`.", metavar="A")],
    after: Annotated[str, typer.Argument(help="A version, or `shipped`.", metavar="B")],
    *,
    on: Annotated[
        list[str] | None, typer.Option("--on", help="Inputs on which verdicts are compared.", metavar="PATH")
    ] = None,
    json: PlainJson = False,
    config: ConfigFile = None,
) -> None:
    """Show how two versions of a model differ."""
    from vedette.app import models_command  # noqa: PLC0415
    from vedette.config import load  # noqa: PLC0415

    raise typer.Exit(models_command.diff(name, (before, after), on or [], load(config), as_json=json))


@models.command("use")
def models_use(
    name: ModelName,
    version: Annotated[str, typer.Argument(help="A version, or `shipped`.", metavar="VERSION")],
    *,
    json: PlainJson = False,
) -> None:
    """Put a version into use."""
    from vedette.app import models_command  # noqa: PLC0415

    raise typer.Exit(models_command.use(name, version, as_json=json))


@models.command("rollback")
def models_rollback(name: ModelName, *, json: PlainJson = False) -> None:
    """Go back to the model or calibration that was in use before."""
    from vedette.app import models_command  # noqa: PLC0415

    raise typer.Exit(models_command.rollback(name, as_json=json))


privacy = typer.Typer(
    help="Tell who stands behind a token, for a reason, and show who asked.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(privacy, name="privacy")
Reason = Annotated[str, typer.Option("--reason", help="Why you ask; it is written into the audit log.")]


@privacy.command("who")
def privacy_who(
    tokens: Annotated[list[str], typer.Argument(help="Tokens, or text that holds some.", metavar="TOKEN")],
    *,
    reason: Reason,
    key: Annotated[
        Path | None, typer.Option("--key", help="File of the reader's key, where it is kept elsewhere.")
    ] = None,
    json: PlainJson = False,
) -> None:
    """Tell which names stand behind tokens."""
    from vedette.app import privacy_command  # noqa: PLC0415

    raise typer.Exit(privacy_command.who(tokens, reason, key, as_json=json))


@privacy.command("token")
def privacy_token(
    names: Annotated[list[str], typer.Argument(help="Names of accounts, as the logs write them.", metavar="NAME")],
    *,
    reason: Reason,
    json: PlainJson = False,
) -> None:
    """Tell which token stands for a name, to look for somebody in findings."""
    from vedette.app import privacy_command  # noqa: PLC0415

    raise typer.Exit(privacy_command.token(names, reason, as_json=json))


@privacy.command("audit")
def privacy_audit(*, json: PlainJson = False) -> None:
    """Show who asked for which names, and why; say whether the log was changed."""
    from vedette.app import privacy_command  # noqa: PLC0415

    raise typer.Exit(privacy_command.audit(as_json=json))


baseline = typer.Typer(
    help="Show and forget what was learned to be normal.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(baseline, name="baseline")
EntityNames = Annotated[
    list[str],
    typer.Argument(
        help="An address, a host, a domain, as it stands in the events; two for what is between them.", metavar="ENTITY"
    ),
]


@baseline.command("list")
def baseline_list(*, profiles: Profiles = None, json: PlainJson = False) -> None:
    """List the baselines, from when to when they were learned, and of how many entities."""
    from vedette.app import baseline_command  # noqa: PLC0415

    raise typer.Exit(baseline_command.show_list(profiles, as_json=json))


@baseline.command("show")
def baseline_show(
    entity: EntityNames, *, profiles: Profiles = None, json: PlainJson = False, config: ConfigFile = None
) -> None:
    """Show what is normal for an entity, its peers, and what its baseline cannot see yet."""
    from vedette.app import baseline_command  # noqa: PLC0415

    raise typer.Exit(baseline_command.show(entity, config, profiles, as_json=json))


@baseline.command("forget")
def baseline_forget(entity: EntityNames, *, profiles: Profiles = None, config: ConfigFile = None) -> None:
    """Forget what was learned of an entity: it begins anew when it is seen again."""
    from vedette.app import baseline_command  # noqa: PLC0415

    raise typer.Exit(baseline_command.forget(entity, config, profiles))
