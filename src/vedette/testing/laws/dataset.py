"""The laws of data sets, checked without the data: a loader that lies about its origin is found out before anything is trained."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from vedette.abc import Dataset
from vedette.events.schema import SCHEMAS

NEVER_TRAINED = ("phishing_pot", "openphish")
"""Sets whose terms forbid commercial use: a model that ships is never trained on them."""


def says_where_it_is_from(dataset: type[Dataset]) -> None:
    """Title, licence and origin are told, in words for a model card."""
    for name in ("title", "licence", "origin"):
        text = getattr(dataset, name, "")
        assert isinstance(text, str), f"{name} is no text"
        assert text.strip(), f"{name} is not told"
        assert text == text.strip(), f"{name} has space around it"
        assert "\n" not in text, f"{name} is longer than a line"


def says_whether_it_trains(dataset: type[Dataset]) -> None:
    """``trains`` is true or false, and false for sets whose terms forbid it."""
    assert isinstance(dataset.trains, bool), "trains is neither true nor false"
    assert not (dataset.trains and any(n in dataset.name for n in NEVER_TRAINED)), "its terms forbid a model that ships"


def names_its_class(dataset: type[Dataset]) -> None:
    """Its class of events has a schema."""
    assert dataset.kind in SCHEMAS, f"{dataset.kind!r} has no schema"


def knows_its_files(dataset: type[Dataset]) -> None:
    """Every file is a path below the data folder with its sha256."""
    for path, digest in dataset.files.items():
        plain = PurePosixPath(path)
        assert not plain.is_absolute(), f"{path} is not below the data folder"
        assert ".." not in plain.parts, f"{path} leads out of the data folder"
        assert re.fullmatch(r"[0-9a-f]{64}", digest), f"{path} has no sha256"


LAWS = (says_where_it_is_from, says_whether_it_trains, names_its_class, knows_its_files)
