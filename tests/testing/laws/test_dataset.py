"""Every law of data sets can fail."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
import pytest

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.testing.laws import broken


class Fine(Dataset):
    """A set as it should be."""

    name = "fine"
    title = "Fine"
    licence = "CC0"
    trains = True
    origin = "made up"
    kind = EventClass.DNS_ACTIVITY
    files: ClassVar[Mapping[str, str]] = {"net/fine.csv": "0" * 64}

    def read(self, root: Path) -> pl.DataFrame:
        return pl.DataFrame()


def test_a_good_set_keeps_every_law() -> None:
    assert not broken(Fine)


@pytest.mark.parametrize(
    ("law", "wrong"),
    [
        ("says_where_it_is_from", {"licence": ""}),
        ("says_where_it_is_from", {"title": "two\nlines"}),
        ("says_where_it_is_from", {"origin": None}),
        ("says_whether_it_trains", {"trains": None}),
        ("says_whether_it_trains", {"name": "url_openphish"}),
        ("names_its_class", {"kind": 7}),
        ("knows_its_files", {"files": {"net/fine.csv": "abc"}}),
        ("knows_its_files", {"files": {"../fine.csv": "0" * 64}}),
        ("knows_its_files", {"files": {"/fine.csv": "0" * 64}}),
        ("has_a_plain_name", {"name": "Fine Set"}),
    ],
)
def test_every_law_can_be_broken(law: str, wrong: dict[str, Any]) -> None:
    cls = type("Wrong", (Fine,), {"__doc__": "A set as it should not be.", **wrong})
    assert broken(cls) == {law}
