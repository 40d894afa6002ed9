from __future__ import annotations

import io
import tarfile
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.abc import Origin
from vedette.events.schema import EventClass
from vedette.sources.auditd import AuditD
from vedette.testing.laws import Law, laws_of
from vedette.testing.laws.source import ShortReads, mutated, read_all, tables


def read(data: bytes) -> dict[EventClass, pl.DataFrame]:
    return tables(AuditD(Origin("audit.log")).read(io.BytesIO(data)))


@pytest.mark.parametrize("law", laws_of(AuditD), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()


def test_records_of_an_event_are_joined_though_another_stands_between() -> None:
    got = read(AuditD.example().data)
    assert {kind.name: frame["metadata.sequence"].to_list() for kind, frame in got.items()} == {
        "PROCESS_ACTIVITY": [0],
        "AUTHENTICATION": [2],
        "ACCOUNT_CHANGE": [5],
        "EVENT_LOG": [6],
    }
    started = got[EventClass.PROCESS_ACTIVITY].row(0, named=True)
    assert started["process.cmd_line"] == "tar -cf /tmp/my docs.tar"
    assert started["process.working_directory"] == "/home/ada"
    assert (started["vedette.syscall"], started["process.parent_process.pid"]) == ("execve", 801)


def test_other_lines_are_rejected_with_their_place() -> None:
    data = AuditD.example().data
    got = read(b"hello\n\n" + data + b"type=SYSCALL msg=audit(1.1:2): short\n")
    rejects = got[EventClass.REJECT]
    assert rejects["count"].to_list() == [1, 2]
    assert sum(len(f) for k, f in got.items() if k is not EventClass.REJECT) == 4


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_damage_is_read_alike_however_the_stream_splits(seed: int) -> None:
    data = mutated(AuditD.example().data, seed)
    whole, split = (read_all(AuditD, s) for s in (io.BytesIO(data), ShortReads(data, seed)))
    assert sum(b.records for b in whole) == sum(b.records for b in split)
    assert {k: f.height for k, f in tables(whole).items()} == {k: f.height for k, f in tables(split).items()}


@pytest.mark.data
def test_a_real_log_is_read_whole(shared_data: Path) -> None:
    sample = shared_data / "host/linux-audit-2k/linux-audit-2k.tar.zst"
    packed = zstandard.ZstdDecompressor().stream_reader(sample.read_bytes()).read()
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        member = archive.extractfile("linux-audit-2k/Audit_2k.log")
        assert member
        data = member.read()
    batches = read_all(AuditD, io.BytesIO(data))
    assert sum(b.records for b in batches) == data.count(b"\n") + (not data.endswith(b"\n"))
    got = tables(batches)
    assert EventClass.REJECT not in got
    assert got[EventClass.PROCESS_ACTIVITY]["process.cmd_line"].to_list() == ["cat /etc/shadow"]
    assert len(got[EventClass.AUTHENTICATION]) == 4
