from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.app.live.conftest import NOON, chunks

from vedette.abc import Detector
from vedette.app.door import vault
from vedette.app.engine import Engine
from vedette.app.limits import Limits
from vedette.app.live.engine import LiveEngine
from vedette.app.live.reader import LiveReader
from vedette.app.live.recent import Recent
from vedette.config import Config, parse
from vedette.errors import PrivacyError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.model import Finding
from vedette.plugins import discover
from vedette.testing.flows import flows
from vedette.trust.privacy import Vault

FEW = (
    "brute_force",
    "password_spray",
    "logon_after_failures",
    "port_scan_vertical",
    "new_and_rare",
    "beacon",
    "infected_host",
)
LATENESS = timedelta(minutes=5)


def _config(*few: str) -> Config:
    return parse(f"[detectors]\ndisabled = {sorted(set(discover(Detector)) - set(few or FEW))}\n")


def _arriving() -> list[tuple[datetime, EventBatch]]:
    """Return two hours of logons, a scan and calls home, a batch a minute, in the order they come."""
    reader = LiveReader(Config(), Limits())
    out = [(at, batch.named("auth.log")) for at, chunk in chunks() for _, batch in reader.read(chunk, at)]
    scan = flows(200, every=0.5, src="198.51.100.9", dst="10.0.0.5", port=list(range(1, 201)), state="S0")
    calls = flows(120, every=60, src="10.0.0.7", dst="203.0.113.99", port=443)
    for batch in (scan, calls):
        frame = batch.frame.with_columns(pl.col("time") + (NOON - batch.frame["time"].min()) + timedelta(minutes=20))  # type: ignore[operator]
        frame = frame.drop("start_time", strict=False)
        for part in frame.with_columns(_slot=pl.col("time").dt.truncate("1m")).partition_by("_slot"):
            out.append((part["time"].max(), EventBatch(batch.kind, part.drop("_slot")).named("conn.log")))  # type: ignore[arg-type]  # noqa: PERF401
    return sorted(out, key=lambda x: x[0])


def _plain(findings: list[Finding]) -> dict[str, Finding]:
    """Return findings without what depends on which events are still at hand."""
    return {f.uid: replace(f, evidence=(), event_count=0) for f in findings}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_final_is_what_a_scan_finds_however_often_it_is_looked(seed: int) -> None:
    rng, arriving = random.Random(seed), _arriving()
    whole = Engine(_config())
    for _, batch in arriving:
        whole.feed(batch)
    expected = whole.close()
    whole.spool.close()

    live, until = LiveEngine(_config(), Recent()), NOON
    held: dict[str, Finding] = {}
    final: dict[str, Finding] = {}
    early: set[str] = set()
    last = arriving[-1][0]
    steps: list[tuple[datetime, EventBatch | None]] = [
        *arriving,
        *((last + timedelta(days=d), None) for d in (3, 6, 9)),
    ]
    for at, arrived in steps:
        if arrived is not None:
            live.feed(arrived)
        if rng.random() < 0.2:
            early |= {f.uid for f in live.look(list(held.values())).findings}
        if (floor := (at - LATENESS).replace(second=0, microsecond=0)) > until:
            until = floor
            look = live.step(until, list(held.values()))
            done = {f.uid: f for f in look.findings if f.uid in look.final}
            assert not done.keys() & final.keys()  # told once
            final |= done
            held |= done
    assert _plain(list(final.values())) == _plain(list(expected.findings))
    assert {f.detector for f in final.values()} >= {"brute_force", "logon_after_failures", "port_scan_vertical"}
    assert {f.uid for f in expected.findings if f.alert} <= early


def test_evidence_is_looked_up_when_a_finding_is_new() -> None:
    live = LiveEngine(_config("brute_force"), Recent())
    for at, batch in _arriving():
        if at < NOON + timedelta(minutes=13):
            live.feed(batch)
    look = live.look()
    (found,) = look.findings
    assert len(look.evidence[found.uid]) == len(found.evidence) == 10
    again = live.look()
    assert again.evidence == {}
    assert again.findings[0].evidence == found.evidence


def test_what_is_left_out_under_load_is_counted() -> None:
    live = LiveEngine(_config("brute_force", "new_and_rare", "port_scan_vertical"), Recent())
    live.shedding = 1
    scan = flows(50, port=list(range(50)))
    live.feed(scan)
    live.flush()
    left = live.take_shed()
    assert set(left.values()) == {50}
    assert live.take_shed() == {}
    kinds = {name: cls for name, cls in discover(Detector).items() if cls.needs.name in left}
    assert "new_and_rare" in kinds
    assert all(
        cls.corroborates for name, cls in kinds.items() if name in ("brute_force", "new_and_rare", "port_scan_vertical")
    )


def test_a_list_of_pseudonyms_that_cannot_be_written_is_told_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEDETTE_HOME", str(tmp_path))
    config = parse(
        f"[privacy]\npseudonyms = true\n[detectors]\ndisabled = {sorted(set(discover(Detector)) - {'brute_force'})}\n"
    )
    live = LiveEngine(config, Recent())
    for _, batch in _arriving():
        live.feed(batch)

    def full(*_: object) -> None:
        raise PrivacyError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(Vault, "remember", full)
        assert live.look().findings
        assert live.trouble == "the disk is full"
    live.look()
    assert live.trouble == ""
    assert "alice" in {*vault().names(tuple(_tokens(live)), "a test").values()}


def _tokens(live: LiveEngine) -> list[str]:
    frames = [b.frame for b in live._kept.read(EventClass.AUTHENTICATION)]
    return pl.concat([f.select("user.name") for f in frames])["user.name"].drop_nulls().unique().to_list()
