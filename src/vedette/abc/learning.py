"""What detectors learn from, and are tried with."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import ClassVar

import polars as pl

from vedette.abc.plugin import Plugin
from vedette.events.schema import EventClass


class Dataset(Plugin):
    """A labelled set of events; its docstring names the origin and what is wrong with it.

    Attributes:
        title: what a person calls it.
        licence: as its origin states it.
        trains: whether a model that ships may be trained on it; otherwise it serves as a test from a source never trained on.
        origin: where it can be had.
        kind: the class of its events.
        files: path below the data folder -> sha256.
    """

    title: ClassVar[str]
    licence: ClassVar[str]
    trains: ClassVar[bool]
    origin: ClassVar[str]
    kind: ClassVar[EventClass]
    files: ClassVar[Mapping[str, str]]

    @abstractmethod
    def read(self, root: Path) -> pl.DataFrame:
        """Return a row per item: columns of ``kind`` (``metadata.sequence`` counts the items from 0), and what is known about it.

        ``@label`` (String), ``@group`` (String: what may not stand on both sides of a split: campaign, family, registered domain, tool),
        ``@corpus`` (String: which collection, never seen by a model), ``@time`` (Datetime or null: when it was seen); where it has parts
        worth a look of their own, ``@part`` (String).
        Exact duplicates of an item with the same label are dropped. Files were checked before (``learning.data.load``).
        """


class Evasion(Plugin):
    """One way an attacker changes an item of his so that a detector misses it, keeping what it does to the victim.

    Attributes:
        kind: the class of the events; ``column``: the attribute it rewrites.
        borrows: it is made with benign events of the same columns (``cls(ordinary)``; none is allowed), and takes from them.
    """

    kind: ClassVar[EventClass]
    column: ClassVar[str]
    detectors: ClassVar[tuple[str, ...]]
    borrows: ClassVar[bool] = False

    @abstractmethod
    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        """Return the events changed: same rows, same columns, same order."""
