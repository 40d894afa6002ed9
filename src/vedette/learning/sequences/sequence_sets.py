"""Sets of sequences of research, read as they were published; nothing of them is in the repository."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import polars as pl
import zstandard

from vedette.errors import DataError
from vedette.learning.sequences.traces import NORMAL, Traces


def adfa_ld(root: Path) -> Traces:
    """Return ADFA-LD (Creech, Hu, *Generation of a new IDS test dataset*, WCNC 2013): system calls of Linux programs, each trace once.

    Parts are ``train``, ``val`` and ``attack``; kinds of attack are families of several sessions.
    """
    frame = pl.read_parquet(_file(root, "adfa-ld/traces.parquet"))
    events = frame["trace"].str.split(" ").cast(pl.List(pl.Int64)).to_list()
    return Traces.of(events, frame["label"].to_list(), frame["split"].to_list(), frame["copies"].to_list())


def hdfs(root: Path) -> Traces:
    """Return HDFS (Xu et al., SOSP 2009, as events by DeepLog): log lines of a block; parts are ``normal`` and ``abnormal``."""
    found = members(root, "hdfs-deeplog/hdfs-deeplog.tar.zst")
    normal = _numbers(found["hdfs-deeplog/hdfs_train"])
    abnormal = _numbers(found["hdfs-deeplog/hdfs_test_abnormal"])
    return _two(normal, abnormal, ["normal"] * len(normal))


def openstack(root: Path) -> Traces:
    """Return OpenStack (Kalaki et al., 2023): log lines of a virtual machine; parts are ``train``, ``normal`` and ``abnormal``."""
    found = members(root, "openstack-sequences/openstack-sequences.tar.zst")
    texts = {name.rpartition("_")[2]: text for name, text in found.items() if "/openstack_t" in name}
    train, normal, abnormal = (_numbers(texts[n], named=True) for n in ("train", "normal", "abnormal"))
    return _two([*train, *normal], abnormal, ["train"] * len(train) + ["normal"] * len(normal))


def _two(normal: list[list[int]], abnormal: list[list[int]], parts: list[str]) -> Traces:
    kinds = [NORMAL] * len(normal) + ["abnormal"] * len(abnormal)
    return Traces.of([*normal, *abnormal], kinds, [*parts, *["abnormal"] * len(abnormal)])


def _numbers(text: str, *, named: bool = False) -> list[list[int]]:
    """Return the events of each line that has any; with ``named``, a name stands before a comma."""
    lines = (line.partition(",")[2] if named else line for line in text.splitlines())
    found = ([int(n) for n in line.split()] for line in lines)
    return [events for events in found if events]


def _file(root: Path, name: str) -> Path:
    path = root / "host" / name
    if not path.is_file():
        raise DataError(f"no {path}", hint="VEDETTE_DATA names the folder of the data sets")
    return path


def members(root: Path, name: str) -> dict[str, str]:
    """Return the texts of the files of an archive beneath ``host``."""
    packed = zstandard.ZstdDecompressor().stream_reader(_file(root, name).read_bytes()).read()
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        files = {m.name: archive.extractfile(m) for m in archive if m.isfile()}
        return {n: f.read().decode("utf-8", "replace") for n, f in files.items() if f is not None}
