from __future__ import annotations

import hashlib
from pathlib import Path
from typing import ClassVar

import polars as pl
import pytest
from tests.learning.conftest import PLUGINS, MadeWords, made_words

from vedette.abc import Dataset, Plugin
from vedette.errors import DataError
from vedette.learning import data

TEXT = b"words"


class OnDisk(MadeWords):
    """Words in a file."""

    name = "on_disk"
    files: ClassVar[dict[str, str]] = {"words.txt": hashlib.sha256(TEXT).hexdigest()}

    def read(self, root: Path) -> pl.DataFrame:
        assert (root / "words.txt").read_bytes() == TEXT
        return made_words(4, corpora=("north",))


class Strange(MadeWords):
    """Words with a column that OCSF does not know, and without their group."""

    name = "strange"

    def read(self, root: Path) -> pl.DataFrame:
        return made_words(4, corpora=("north",)).drop("@group").with_columns(pl.lit(1).alias("colour"))


@pytest.fixture(autouse=True)
def _sets(made_up: None, monkeypatch: pytest.MonkeyPatch) -> None:
    kind: type[Plugin] = Dataset
    monkeypatch.setitem(PLUGINS, kind, (MadeWords, OnDisk, Strange))


def test_a_set_is_read_after_its_files_were_checked(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_bytes(TEXT)
    assert data.load("on_disk", tmp_path).height > 5
    assert data.load("on_disk").height > 5  # VEDETTE_DATA


def test_an_absent_or_another_file_stops(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not here"):
        data.load("on_disk", tmp_path)
    (tmp_path / "words.txt").write_bytes(b"other words")
    with pytest.raises(DataError, match="sha256 differs"):
        data.load("on_disk", tmp_path)


def test_a_loader_that_breaks_its_promise_stops(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"\['colour'\] and lacks \['@group'\]"):
        data.load("strange", tmp_path)


def test_an_unknown_set_lists_the_known_ones() -> None:
    with pytest.raises(DataError, match="there are: made_words, on_disk, strange"):
        data.dataset("nothing")


def test_a_fingerprint_changes_with_the_files() -> None:
    assert data.fingerprint("on_disk") != data.fingerprint("made_words")
    assert len(data.fingerprint("on_disk")) == 16


class OtherWords(MadeWords):
    """The same generator, with an item less."""

    name = "other_words"

    def read(self, root: Path) -> pl.DataFrame:
        return super().read(root)[1:]


def test_a_fingerprint_of_a_made_up_set_changes_with_what_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    kind: type[Plugin] = Dataset
    monkeypatch.setitem(PLUGINS, kind, (MadeWords, OtherWords))
    assert data.fingerprint("made_words") == data.fingerprint("made_words")
    assert data.fingerprint("made_words") != data.fingerprint("other_words")


def test_without_a_folder_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VEDETTE_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match="VEDETTE_DATA=FOLDER"):
        data.data_root()
