from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
import zstandard

from vedette.errors import DataError
from vedette.learning.sequences.sequence_sets import adfa_ld, hdfs, openstack


def pack(path: Path, files: Mapping[str, str]) -> None:
    path.parent.mkdir(parents=True)
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    path.write_bytes(zstandard.ZstdCompressor().compress(held.getvalue()))


def test_adfa(tmp_path: Path) -> None:
    (tmp_path / "host/adfa-ld").mkdir(parents=True)
    rows = {"trace": ["6 6 63", "1"], "label": ["normal", "Adduser"], "split": ["train", "attack"], "copies": [3, 1]}
    pl.DataFrame(rows).write_parquet(tmp_path / "host/adfa-ld/traces.parquet")
    found = adfa_ld(tmp_path)
    assert (found.events.tolist(), found.kind.tolist(), found.copies.tolist()) == (
        [6, 6, 63, 1],
        ["normal", "Adduser"],
        [3, 1],
    )


def test_hdfs(tmp_path: Path) -> None:
    files = {"hdfs-deeplog/hdfs_train": "5 5 22 \n\n22 5\n", "hdfs-deeplog/hdfs_test_abnormal": "5\n"}
    pack(tmp_path / "host/hdfs-deeplog/hdfs-deeplog.tar.zst", files)
    found = hdfs(tmp_path)
    assert (found.sizes.tolist(), found.attack.tolist()) == ([3, 2, 1], [False, False, True])


def test_openstack(tmp_path: Path) -> None:
    texts = {"train": "a,1 2\n", "test_normal": "b,1 2 3\nc,1\n", "test_abnormal": "d,9\n"}
    files = {"LICENSE": "x", **{f"openstack_p/openstack_{n}": t for n, t in texts.items()}}
    pack(tmp_path / "host/openstack-sequences/openstack-sequences.tar.zst", files)
    assert openstack(tmp_path).part.tolist() == ["train", "normal", "normal", "abnormal"]


def test_absent_data_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="adfa-ld"):
        adfa_ld(tmp_path)
