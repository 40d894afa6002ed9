from __future__ import annotations

from pathlib import Path

from vedette.learning.datasets.url_items import members, table
from vedette.testing.urls import url_events, write_archive, write_compressed


def test_events_have_what_a_feature_set_reads() -> None:
    assert url_events(["a.example/x", None]).frame.height == 2


def test_files_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_compressed(tmp_path / "a" / "t.csv.zst", b"url,label\nx.example,phishing\n")
    write_archive(tmp_path / "b.tar.zst", {"one": b"1", "two/three": b"2"})
    assert table(tmp_path / "a" / "t.csv.zst").rows() == [("x.example", "phishing")]
    assert list(members(tmp_path / "b.tar.zst")) == [("one", b"1"), ("two/three", b"2")]
