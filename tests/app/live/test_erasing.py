from __future__ import annotations

from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal
from tests.store.profiles.made import Sent, rows_of

from vedette.app.live import erasing
from vedette.store.profiles import Shelf
from vedette.store.state.erasure import rewriter

REWRITE = rewriter("alice", "erased-1")


def test_every_text_of_a_frame_is_rewritten_however_deep() -> None:
    frame = pl.DataFrame(
        {
            "name": ["Alice", None, "bob"],
            "list": [["alice", "x"], [], None],
            "deep": [[{"who": "alice", "n": 1}], None, [{"who": None, "n": 2}]],
            "struct": [{"who": ["to alice"]}, None, {"who": ["alicent"]}],
            "number": [1, 2, 3],
        }
    )
    made = erasing._frame(frame, REWRITE)
    assert made.schema == frame.schema
    assert made.to_dict(as_series=False) == {
        "name": ["erased-1", None, "bob"],
        "list": [["erased-1", "x"], [], None],
        "deep": [[{"who": "erased-1", "n": 1}], None, [{"who": None, "n": 2}]],
        "struct": [{"who": ["to erased-1"]}, None, {"who": ["alicent"]}],
        "number": [1, 2, 3],
    }


def test_a_frame_without_the_name_is_the_same() -> None:
    frame = pl.DataFrame({"name": ["bob", "alicent"], "empty": [[], []]})
    assert erasing._frame(frame, REWRITE) is frame


def test_a_linked_file_becomes_another_and_the_first_stays(tmp_path: Path) -> None:
    frame = pl.DataFrame({"name": ["alice", "bob"]})
    first, second = tmp_path / "a.arrow", tmp_path / "b.arrow"
    frame.write_ipc(first)
    second.hardlink_to(first)
    erasing._file(second, REWRITE)
    assert_frame_equal(pl.read_ipc(first), frame)
    assert pl.read_ipc(second)["name"].to_list() == ["erased-1", "bob"]


def test_nothing_learned_is_nothing_to_unlearn(tmp_path: Path) -> None:
    assert erasing.unlearn(Shelf(tmp_path / "none", 10), REWRITE) == 0


def test_what_is_no_baseline_of_ours_any_more_is_left(tmp_path: Path) -> None:
    """The baseline of a feature set that this program does not have (the made-up one) is not read, and not lost."""
    shelf = Shelf(tmp_path, 10)
    shelf.profile(Sent()).judge(rows_of([(0, "alice", 1.0, ["all"])]))
    shelf.save()
    assert erasing.unlearn(shelf, REWRITE) == 0
    assert "sent" in Shelf(tmp_path, 10).names()
    shelf.close()
