"""The commands that train, evaluate and ask models, as they are typed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[
    list[str], typer.Argument(help="Files, folders, globs, archives, or - for standard input.", metavar="PATH")
]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="Settings file; by default vedette.toml in this folder.")
]
PlainJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]


def train(  # noqa: PLR0913 - a flag each
    name: Annotated[
        str,
        typer.Argument(
            help="A recipe that comes with Vedette, the path of a .yaml file, fraud, or tabular: a table of yours.",
            metavar="NAME",
        ),
    ],
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="What fraud or tabular learns from: payments, or one table.", metavar="PATH"),
    ] = None,
    *,
    label: Annotated[str, typer.Option("--label", help="tabular: the column that is learned.")] = "",
    group: Annotated[
        str, typer.Option("--group", help="tabular: rows alike in this column are never on both sides of a split.")
    ] = "",
    time: Annotated[
        str, typer.Option("--time", help="tabular: the column of time; the model is asked about what comes later.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the new model; a model of the same name there is replaced.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; compare with the model in use: 1 where scores differ.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin anew, without what an interrupted run has finished.")
    ] = False,
    json: PlainJson = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Train the model of a recipe from its data sets, or one of your own: fraud from payments, tabular from any table."""
    _one_thread()
    from vedette.app import learn_command  # noqa: PLC0415

    wanted = learn_command.Training(out, check, fresh, json, quiet)
    if name == "fraud":
        from vedette.app import fraud_command  # noqa: PLC0415

        raise typer.Exit(fraud_command.train(paths or [], wanted, config))
    if name == "tabular":
        from vedette.app import table_command  # noqa: PLC0415
        from vedette.learning.own_table.train import Columns  # noqa: PLC0415

        raise typer.Exit(table_command.train(paths or [], Columns(label, group, time), wanted))
    raise typer.Exit(learn_command.train(name, wanted))


def evaluate(  # noqa: PLR0913 - a flag each
    name: Annotated[
        str,
        typer.Argument(
            help="A recipe that comes with Vedette, the path of a .yaml file, or fraud, tabular, sequences, masquerade: sets of research.",
            metavar="NAME",
        ),
    ],
    *,
    protocol: Annotated[
        list[str] | None, typer.Option("--protocol", help="A protocol of the recipe, may be repeated; by default all.")
    ] = None,
    data: Annotated[
        list[str] | None,
        typer.Option("--data", help="Ask the model in use about this data set, as it is; may be repeated."),
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="How many times, each with other draws.")] = 3,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for tables, curves (SVG) and JSON.")] = None,
    card: Annotated[
        Path | None, typer.Option("--card", help="Folder of a model whose card shall tell what the protocols showed.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin anew, without what an interrupted run has finished.")
    ] = False,
    json: PlainJson = False,
    quiet: Quiet = False,
) -> None:
    """Evaluate a recipe by its protocols: train without what is tested, and ask the new model."""
    _one_thread()
    from vedette.app import learn_command  # noqa: PLC0415

    wanted = learn_command.Evaluation(protocol or (), data or (), seeds, out, card, fresh, json, quiet)
    if name == "tabular":
        from vedette.app import tabular_command  # noqa: PLC0415

        raise typer.Exit(tabular_command.evaluate(wanted))
    if name == "fraud":
        from vedette.app import fraud_command  # noqa: PLC0415

        raise typer.Exit(fraud_command.evaluate(wanted))
    if name == "sequences":
        from vedette.app import sequences_command  # noqa: PLC0415

        raise typer.Exit(sequences_command.evaluate(wanted))
    if name == "masquerade":
        from vedette.app import masquerade_command  # noqa: PLC0415

        raise typer.Exit(masquerade_command.evaluate(wanted))
    raise typer.Exit(learn_command.evaluate(name, wanted))


def score(  # noqa: PLR0913 - one for each flag
    detector: Annotated[
        str, typer.Argument(help="A learned detector: url, spam, web ...; or tabular.", metavar="DETECTOR")
    ],
    paths: Paths,
    *,
    model: Annotated[Path | None, typer.Option("--model", help="tabular: the folder of the model.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Write a JSON line per item to standard output.")] = False,
    parquet: Annotated[Path | None, typer.Option("--parquet", help="Write a row per item into this file.")] = None,
    reasons: Annotated[
        int, typer.Option("--reasons", min=0, max=100, help="Reasons of each item; 0 is many times quicker.")
    ] = 3,
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Say of every item what a learned detector makes of it: score, p-value, confidence, verdict, reasons."""
    from vedette.app import score as scoring  # noqa: PLC0415
    from vedette.config import load  # noqa: PLC0415

    wanted = scoring.Wanted(json, parquet, reasons, quiet)
    if detector == "tabular":
        from vedette.app import table_command  # noqa: PLC0415

        raise typer.Exit(table_command.score(paths, model, wanted))
    raise typer.Exit(scoring.score(scoring.learned(detector), paths, wanted, load(config)))


def _one_thread() -> None:
    """Hold the BLAS of numpy and scipy, which is not loaded yet, to one thread: sums of several differ in the last bit."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
