"""The host tables as files."""

from __future__ import annotations

import io
import json

import pytest
from tools.host_data import DATA, SETS, _event, _python_object, _safe, recordings

from vedette.events.schema import EventClass
from vedette.sources.winlog import WinLog


def test_an_event_as_evtx_dump_writes_it() -> None:
    row = {
        "provider": "Microsoft-Windows-Eventlog",
        "event_id": 1102,
        "level": "4",
        "task": "104",
        "timestamp": "2026-03-02T08:00:00.25Z UTC",
        "record_id": 3,
        "channel": "Security",
        "computer": "ws7",
        "event_data": '{"LogFileCleared":{"SubjectUserName":"ada"}}',
    }
    [batch] = WinLog().read(io.BytesIO(json.dumps(_event(row)).encode()))
    assert batch.kind is EventClass.EVENT_LOG
    assert batch.frame["actor.user.name"].to_list() == ["ada"]


def test_names_and_objects() -> None:
    assert _safe("../Defense Evasion/a b.evtx") == "Defense_Evasion/a_b.evtx"
    assert _python_object("{'a': None}") == {"a": None}
    assert _python_object("__import__('os')") is None
    assert _python_object(None) is None


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data sets are not here")
@pytest.mark.parametrize("name", sorted(set(SETS) - {"otrf"}))
def test_every_set_gives_recordings(name: str) -> None:
    first = next(iter(recordings(name)))
    assert first.records > 0
    assert first.data.endswith(b"\n") or name in {
        "loghub-2k",
        "hdfs-deeplog",
        "openstack-sequences",
        "purdue-unix",
        "linux-audit-2k",
    }
