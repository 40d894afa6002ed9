"""Made-up data sets and evasions around the toy detector of ``vedette.testing.learned``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar

import polars as pl
import pytest

from vedette import plugins
from vedette.abc import Dataset, Detector, Evasion, Plugin
from vedette.events.schema import EventClass
from vedette.learning import recipe as recipes
from vedette.learning.recipe import Recipe
from vedette.testing.learned import Toy, listed, words

RECIPE = """\
detector: toy
malicious: [bad]
data:
  - {set: made_words}
seed: 7
folds: 3
"""


def made_words(n: int, *, corpora: tuple[str, ...], seed: int = 0) -> pl.DataFrame:
    """Return n benign and n malicious words of each corpus, in groups of two."""
    parts = []
    for k, corpus in enumerate(corpora):
        for label, malicious in (("good", False), ("bad", True)):
            values = list(dict.fromkeys(words(n, malicious=malicious, seed=seed + 10 * k)))
            frame = listed(values).frame
            first = datetime(2020 + k, 1, 1, tzinfo=UTC)
            known: dict[str, list[Any]] = {
                "@label": [label] * len(values),
                "@group": [f"{corpus}-{label}-{i // 2}" for i in range(len(values))],
                "@corpus": [corpus] * len(values),
                "@time": [first + timedelta(days=i % 300) for i in range(len(values))],
            }
            parts.append(frame.with_columns(pl.Series(c, v) for c, v in known.items()))
    whole = pl.concat(parts).unique("osint.value", maintain_order=True)
    return whole.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("metadata.sequence"))


class MadeWords(Dataset):
    """Words that we made up."""

    name = "made_words"
    title = "Made-up words"
    licence = "ours"
    trains = True
    origin = "vedette.testing.learned"
    kind = EventClass.OSINT_INVENTORY_INFO
    files: ClassVar[dict[str, str]] = {}

    def read(self, root: Path) -> pl.DataFrame:
        return made_words(120, corpora=("north", "south", "west"))


class LaterWords(MadeWords):
    """Words that no model that ships may learn from."""

    name = "later_words"
    trains = False

    def read(self, root: Path) -> pl.DataFrame:
        return made_words(60, corpora=("east",), seed=500)


class Split(Evasion):
    """A hyphen inside the word."""

    name = "split"
    kind = EventClass.OSINT_INVENTORY_INFO
    column = "osint.value"
    detectors = ("toy",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        cut = pl.col("osint.value").list.eval(pl.element().str.replace("mal", "mal-"))
        return events.with_columns(cut)


PLUGINS: dict[type[Plugin], tuple[type[Plugin], ...]] = {
    Detector: (Toy,),
    Dataset: (MadeWords, LaterWords),
    Evasion: (Split,),
}


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let ``discover`` find the made-up plug-ins, and nothing be kept outside of the test."""
    real = plugins._discover

    def found(kind: Any, package: str) -> dict[str, Any]:  # noqa: ANN401 - as the real one
        return {cls.name: cls for cls in PLUGINS[kind]} if kind in PLUGINS else real(kind, package)

    monkeypatch.setattr(plugins, "_discover", found)
    monkeypatch.setenv("VEDETTE_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a recipe and returns where."""

    def written(text: str) -> Path:
        path = tmp_path / "toy.yaml"
        path.write_text(text)
        return path

    return written


@pytest.fixture
def toy_recipe(made_up: None, write: Callable[[str], Path]) -> Recipe:
    return recipes.read(write(RECIPE))


@pytest.fixture
def made() -> Callable[..., pl.DataFrame]:
    return made_words
