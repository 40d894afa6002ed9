"""A recipe: how a model is made, as data (``content/recipes/NAME.yaml``), read strictly.

An unknown key, a bad value or a name that nothing has stops before any data is read. Every key stands in ``docs/reference/recipes.md``.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import polars as pl

from vedette.abc import Detector, Evasion, Learned
from vedette.errors import ContentError, DataError
from vedette.intel.content import content
from vedette.learning.data import dataset
from vedette.plugins import discover

FOLDER = "recipes"
RESERVED = ("corpus", "separates")
"""No protocol may be called so."""
Unit = Annotated[float, msgspec.Meta(ge=0, le=1)]
Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
Column = Literal["@group", "@corpus", "@label", "@part"]


class Between(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Days: the first, and the first that is no longer meant."""

    since: dt.date | None = msgspec.field(name="from", default=None)
    until: dt.date | None = None


class Selection(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Some items of one data set.

    Attributes:
        set: the data set.
        where: column -> the values that are taken, or a stretch of days of ``@time``.
        most: at most so many items, whole groups drawn.
        balance: what the weight of each item is multiplied by.
    """

    set: str
    where: dict[str, tuple[str, ...] | Between] = {}
    most: Annotated[int, msgspec.Meta(ge=1)] | None = None
    balance: Positive = 1.0

    def filter(self) -> pl.Expr:
        """Return which rows of the data set are meant."""
        return pl.all_horizontal(pl.lit(value=True), *(_meant(c, wanted) for c, wanted in self.where.items()))


class Held(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How the weights of a block are held: strength of the ridge; sign 1: no weight below zero, -1: none above."""

    ridge: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    sign: Literal[-1, 0, 1] = 0


class Stable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Which pieces are kept: those whose weight has the same sign in most fits.

    Attributes:
        stable: the share of fits.
        by: ``@group``: fits to halves of the groups; another column: each without one of its values.
        least: how many items a piece must occur in.
        blocks: where pieces are chosen; none named: in all blocks.
    """

    stable: Unit = 0.8
    by: Column = "@group"
    least: Annotated[int, msgspec.Meta(ge=1)] = 1
    blocks: tuple[str, ...] = ()


class Protocol(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One way to evaluate: leave each value of a column out in turn, or train on some selections and test on others.

    Attributes:
        leave_out: the column; ``values``: which of its values, all where none is named.
        train: selections; none: those of the recipe. ``test``: selections; with ``leave_out`` they are added to every test.
        disjoint: test items whose value in this column was trained on are dropped.
        by: figures are told for each value of this column.
    """

    leave_out: Column | None = None
    values: tuple[str, ...] = ()
    train: tuple[Selection, ...] = ()
    test: tuple[Selection, ...] = ()
    disjoint: Column | None = None
    by: Column = "@corpus"


class Recipe(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One file of ``content/recipes/``.

    Attributes:
        name: the file's name without its ending; what the model is called.
        detector: the learned detector.
        malicious: labels that it looks for; all others are benign.
        data: what trains the model that ships.
        weights: ``corpus``: every corpus and label weighs the same in all; ``item``: every item does.
        blocks: block -> how its weights are held.
        folds: how many parts the items are cut into for margins of items not trained on.
        calibration_by: what is left out at a time for them: a share of the groups, or each corpus.
        seed: of every draw.
        false_positive_rate: of the verdict "malicious".
        evasions: each malicious item also trains as rewritten by one of them.
        copies_weigh: what such a copy weighs beside an original; both share the weight of their corpus and label.
        answers: leak id -> why it is none, or what was done.
        select: which pieces are kept; none: all.
        anchors: how many malicious items the model brings as hashes, so that a site can adapt it (``vedette calibrate --adapt``).
        protocols: ways to evaluate.
    """

    name: str = ""
    detector: str
    malicious: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    data: Annotated[tuple[Selection, ...], msgspec.Meta(min_length=1)]
    weights: Literal["corpus", "item"] = "corpus"
    blocks: dict[str, Held] = {}
    folds: Annotated[int, msgspec.Meta(ge=2, le=50)] = 5
    calibration_by: Literal["@group", "@corpus"] = "@group"
    seed: int = 0
    false_positive_rate: Share = 0.01
    evasions: tuple[str, ...] = ()
    copies_weigh: Positive = 1.0
    answers: dict[str, str] = {}
    select: Stable | None = None
    anchors: Annotated[int, msgspec.Meta(ge=0, le=5_000)] = 0
    protocols: dict[str, Protocol] = {}

    @property
    def detector_class(self) -> type[Learned]:
        """The detector."""
        found = discover(Detector)[self.detector]
        assert issubclass(found, Learned)  # noqa: S101 - checked when the recipe was read
        return found

    def answers_to(self, protocol: str = "") -> dict[str, str]:
        """Return leak id -> answer, for the splits of a protocol, or for training."""
        of = {uid: uid.partition(":")[0] for uid in self.answers}
        if protocol:
            return {u.removeprefix(f"{protocol}:"): t for u, t in self.answers.items() if of[u] == protocol}
        return {u: t for u, t in self.answers.items() if of[u] not in self.protocols}

    def plain(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found


def recipes() -> list[str]:
    """Return the names of the recipes that come with Vedette."""
    return sorted(path.stem for path in content(FOLDER).glob("*.yaml"))


def load(name: str) -> Recipe:
    """Read the recipe ``name``, or the file of that path where the name ends in ``.yaml``.

    Raises:
        ContentError: there is none, it is not YAML, or not a recipe; names the file and the key.
    """
    if name.endswith(".yaml"):
        return read(Path(name))
    if name not in recipes():
        raise ContentError(f"no recipe is called {name!r}", hint=f"there are: {', '.join(recipes()) or 'none'}")
    return read(content(f"{FOLDER}/{name}.yaml"))


def read(path: Path) -> Recipe:
    """Read one file.

    Raises:
        ContentError: as ``load``.
    """
    import yaml

    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(told, dict):
            raise _invalid(path, "", "it is no table of keys")
        recipe = msgspec.convert({**told, "name": path.stem}, Recipe, strict=True)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        raise _invalid(path, place.strip("`").removeprefix("$").removeprefix("."), message) from error
    except yaml.YAMLError as error:
        raise _invalid(path, "", f"not YAML: {error}") from error
    except (OSError, ValueError) as error:
        raise _invalid(path, "", str(error)) from error
    _check(path, recipe)
    return recipe


def _check(path: Path, recipe: Recipe) -> None:
    """See that everything named exists."""
    found = discover(Detector).get(recipe.detector)
    if found is None or not issubclass(found, Learned):
        able = [n for n, d in discover(Detector).items() if issubclass(d, Learned)]
        raise _invalid(
            path, "detector", f"no learned detector is called {recipe.detector!r}; there are: {', '.join(able)}"
        )
    _check_blocks(path, recipe, found)
    for name in recipe.evasions:
        if name not in discover(Evasion):
            raise _invalid(
                path, "evasions", f"no evasion is called {name!r}; there are: {', '.join(discover(Evasion))}"
            )
    for key, selection in _selections(recipe):
        _check_selection(path, key, selection)
    for key in (k for k, text in recipe.answers.items() if not text.strip()):
        raise _invalid(path, f"answers.{key}", "an answer needs words")
    for key, protocol in recipe.protocols.items():
        _check_protocol(path, f"protocols.{key}", protocol)


def _check_protocol(path: Path, key: str, protocol: Protocol) -> None:
    if protocol.leave_out is None and not protocol.test:
        raise _invalid(path, key, "it needs leave_out, or test")
    if key.removeprefix("protocols.") in RESERVED:
        raise _invalid(path, key, "that name begins the ids of leaks: choose another")


def _check_blocks(path: Path, recipe: Recipe, detector: type[Learned]) -> None:
    blocks = {b.name for b in detector.encode(pl.DataFrame(schema=detector.needs().schema()))}
    named = {**dict.fromkeys(recipe.blocks, "blocks"), **dict.fromkeys(_selected(recipe), "select.blocks")}
    for block, key in named.items():
        if block not in blocks:
            message = f"the detector has no such block; it has: {', '.join(sorted(blocks))}"
            raise _invalid(path, f"{key}.{block}", message)


def _check_selection(path: Path, key: str, selection: Selection) -> None:
    try:
        known = dataset(selection.set)
    except DataError as error:
        raise _invalid(path, f"{key}.set", f"no data set is called {selection.set!r}") from error
    if key.startswith("data") and not known.trains:
        raise _invalid(path, f"{key}.set", f"{selection.set} may not train a model that ships ({known.licence})")
    for column, wanted in selection.where.items():
        if not column.startswith("@") or (column == "@time") != isinstance(wanted, Between):
            raise _invalid(
                path, f"{key}.where.{column}", "a column such as @label takes a list of values, @time {from, until}"
            )


def _selected(recipe: Recipe) -> tuple[str, ...]:
    return recipe.select.blocks if recipe.select else ()


def _selections(recipe: Recipe) -> list[tuple[str, Selection]]:
    found = [(f"data[{i}]", s) for i, s in enumerate(recipe.data)]
    for name, protocol in recipe.protocols.items():
        for part in ("train", "test"):
            found += [(f"protocols.{name}.{part}[{i}]", s) for i, s in enumerate(getattr(protocol, part))]
    return found


def _meant(column: str, wanted: tuple[str, ...] | Between) -> pl.Expr:
    if isinstance(wanted, Between):
        day = pl.col(column).dt.date()
        since = day >= wanted.since if wanted.since else pl.lit(value=True)
        return since & (day < wanted.until if wanted.until else pl.lit(value=True)) & day.is_not_null()
    return pl.col(column).is_in(list(wanted))


def _invalid(path: Path, key: str, message: str) -> ContentError:
    place = f"{path}: {key}" if key else str(path)
    return ContentError(f"not a valid recipe: {message}", where=place, hint="docs/reference/recipes.md lists every key")
