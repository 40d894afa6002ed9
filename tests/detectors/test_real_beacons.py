"""Beacons in logs of other people, where they are beside this checkout: found, the same however they arrive, and nothing else is."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import polars as pl
import pytest

from vedette.app.engine import Engine
from vedette.app.intake import open_inputs
from vedette.config import Config
from vedette.detectors.beacon import Beacon
from vedette.detectors.beacon_name import BeaconName
from vedette.detectors.beacon_slow import BeaconSlow
from vedette.events.batch import EventBatch
from vedette.model import Finding

LATENESS = timedelta(minutes=5)
SLOT = "7m"
KINDS = (*Beacon.needs.kinds(), *BeaconName.needs.kinds())

ALERTS = {
    ("zeek-labelled", "001-zeek-scenario-malicious/conn.log"): {("beacon", "41.108.179.197")},
    ("zeek-labelled", "008-zeek-mixed/data/"): set(),
    ("zeek-labelled", "010-zeek-mixed/data/"): set(),
    ("rita-test-data", "test_data/proxy/"): {("beacon_name", "www.honestimnotevil.com")},
    ("rita-test-data", "test_data/proxy_rolling/"): set(),
    ("rita-test-data", "test_data/dnscat2-ja3-strobe-agent/"): set(),
}


def _batches(shared_data: Path, archive: str, prefix: str) -> list[EventBatch]:
    path = shared_data / "net" / archive / f"{archive}.tar.zst"
    found: list[EventBatch] = []
    for item in open_inputs([str(path)]):
        member = item.name.rsplit("!", 1)[-1].removeprefix("./")
        if item.source is not None and member.startswith(prefix):
            found += [b.named(member) for b in item.batches() if b.kind in KINDS and len(b)]
    assert found, "nothing was read"
    return found


def _findings(slots: list[list[EventBatch]], *, live: bool = False) -> tuple[Finding, ...]:
    engine, latest = Engine(Config(), [Beacon, BeaconName, BeaconSlow]), None
    for slot in slots:
        for batch in slot:
            engine.feed(batch)
            newest = batch.frame["time"].max()
            assert isinstance(newest, datetime)
            latest = max(latest or newest, newest)
        if live and latest:
            engine.advance(latest - LATENESS)
    outcome = engine.close()
    engine.spool.close()
    assert not [idle for idle in outcome.idle if idle.broke]
    return outcome.findings


def _slots(batches: list[EventBatch]) -> list[list[EventBatch]]:
    slots: dict[datetime, list[EventBatch]] = {}
    for batch in batches:
        cut = batch.frame.with_columns(_slot=pl.col("time").dt.truncate(SLOT)).sort("time")
        for (slot,), frame in cut.group_by("_slot", maintain_order=True):
            assert isinstance(slot, datetime)
            slots.setdefault(slot, []).append(EventBatch(batch.kind, frame.drop("_slot")))
    return [slots[slot] for slot in sorted(slots)]


@pytest.mark.data
@pytest.mark.parametrize(("archive", "prefix"), ALERTS)
def test_what_alerts_is_what_is_known_and_the_same_however_it_arrives(
    shared_data: Path, archive: str, prefix: str
) -> None:
    batches = _batches(shared_data, archive, prefix)
    found = _findings([batches])
    assert {(f.detector, f.targets[0].value) for f in found if f.alert} == ALERTS[archive, prefix]
    shuffled = [EventBatch(b.kind, b.frame.sample(fraction=1, shuffle=True, seed=5)) for b in reversed(batches)]
    as_json = msgspec.json.encode(found)
    assert msgspec.json.encode(_findings([shuffled])) == as_json
    assert msgspec.json.encode(_findings(_slots(batches), live=True)) == as_json
