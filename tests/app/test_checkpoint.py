"""Whoever goes on from a checkpoint finds what he would have found undisturbed, to the byte."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vedette
from vedette.abc import Detector
from vedette.app import checkpoint
from vedette.app import engine as engine_module
from vedette.app.checkpoint import load, save, take, write
from vedette.app.drill import write_drill
from vedette.app.engine import Engine
from vedette.app.findings import Hits, Watch
from vedette.app.intake import open_inputs
from vedette.app.stage import Idle, Stage
from vedette.config import Config
from vedette.detectors.exfiltration import Exfiltration
from vedette.detectors.log_gap import LogGap
from vedette.detectors.payment_anomaly import PaymentAnomaly
from vedette.detectors.port_scan_vertical import PortScanVertical
from vedette.detectors.privileged_group import PrivilegedGroup
from vedette.errors import StoreError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.features.flow_pair import FlowPair
from vedette.features.group_change import GroupChange
from vedette.features.window import WindowState
from vedette.learning import registry
from vedette.plugins import discover
from vedette.store.profiles import Shelf
from vedette.store.profiles.told import Told
from vedette.testing.events import random_events
from vedette.testing.flows import flows
from vedette.testing.small_disk import fill, small_disk

KINDS = sorted({k for d in discover(Detector).values() for k in d.needs.kinds()} - {EventClass.OWN_FINDING})
LATENESS = timedelta(minutes=5)
FEW = (PortScanVertical, Exfiltration, PrivilegedGroup, LogGap, PaymentAnomaly)
"""Open windows, baselines, waiting events and histories are all among them."""
START = datetime.min.replace(tzinfo=UTC)


@pytest.fixture(autouse=True, scope="module")
def _models() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "load", cache(registry.load))
        yield


@cache
def _varied(seed: int, kinds: tuple[EventClass, ...], n: int = 100) -> list[EventBatch]:
    """Return a mixed morning in order of time."""
    parts = [p for kind in kinds for p in _pieces(random_events(kind, n=n, seed=seed), "97m")]
    return [batch for _, batch in sorted(parts, key=lambda p: (p[0], p[1].kind))]


def _pieces(batch: EventBatch, span: str) -> list[tuple[datetime, EventBatch]]:
    marked = batch.frame.drop_nulls("time").with_columns(_at=pl.col("time").dt.truncate(span))
    parts = marked.sort("time").partition_by("_at", maintain_order=True, as_dict=True)
    return [(at, EventBatch(batch.kind, part.drop("_at"))) for (at,), part in parts.items()]


Found = tuple[bytes, tuple[Idle, ...], tuple[Watch, ...], Told | None]
"""What a run came to: findings to the byte, and what is told beside them."""


class Run:
    """An engine that may be stopped at any time, and goes on as another one."""

    def __init__(self, folder: Path, detectors: Iterable[type[Detector]] | None = None, *, shelf: bool = False) -> None:
        self.folder, self._detectors, self._shelf = folder, detectors, shelf
        (folder / "temporary").mkdir(exist_ok=True, parents=True)
        self.engine, self._latest = self.fresh(), START

    def fresh(self) -> Engine:
        config, temporary = Config(), self.folder / "temporary"
        stored = Shelf(self.folder / "shelf", config.baselines.entities, temporary=temporary) if self._shelf else None
        return Engine(config, self._detectors, temporary, stored)

    def whole(self, batches: list[EventBatch], cuts: Iterable[int] = ()) -> Found:
        """Return what is found, with a stop after the batches of these numbers: in the middle, before windows are closed."""
        for number, batch in enumerate(batches):
            self.engine.feed(batch)
            if number in cuts:
                self._stop(number)
            newest = batch.frame["time"].max()
            assert isinstance(newest, datetime)
            self._latest = max(self._latest, newest)
            self.engine.advance(self._latest - LATENESS)
        outcome = self.engine.close()
        self.engine.spool.close()
        assert not [idle for idle in outcome.idle if idle.broke]
        return msgspec.json.encode(outcome.findings), outcome.idle, outcome.watched, outcome.baselines

    def _stop(self, number: int) -> None:
        """Write a checkpoint, and go on from it with another engine, which finds the events where they are kept."""
        extra, before = {"position": str(number).encode()}, self.engine
        save(before, self.folder / "checkpoints", extra)
        self.engine = self.fresh()
        assert load(self.engine, self.folder / "checkpoints") == extra
        for kind in before.spool.kinds():
            for kept in before.spool.read(kind):
                self.engine.spool.add(kept)
        before.close()
        before.spool.close()


# ------------------------------------------------------------------------------------------------------------- the law


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_mixed_morning_of_all_detectors(tmp_path: Path, seed: int) -> None:
    batches = _varied(seed, tuple(KINDS))
    cuts = random.Random(seed).sample(range(len(batches)), 3)
    whole = Run(tmp_path / "whole", shelf=bool(seed)).whole(batches)
    assert whole[0].count(b'"uid"') >= 5, "too few findings to compare"
    assert Run(tmp_path / "cut", shelf=bool(seed)).whole(batches, cuts) == whole


@pytest.mark.slow
def test_the_drill(tmp_path: Path) -> None:
    parts: list[tuple[datetime, EventBatch]] = []
    for item in open_inputs([str(p) for p in write_drill(tmp_path / "drill")]):
        for batch in item.batches():
            parts += _pieces(batch.named(item.source.name if item.source else ""), "4h")
    batches = [batch for _, batch in sorted(parts, key=lambda p: p[0])]
    whole = Run(tmp_path / "whole").whole(batches)
    assert whole[0].count(b'"uid"') >= 5
    cuts = random.Random(5).sample(range(len(batches)), 3)
    assert Run(tmp_path / "cut").whole(batches, cuts) == whole


@pytest.mark.parametrize("spilling", [False, True])
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 9), share=st.lists(st.floats(0, 1), min_size=1, max_size=4), shelf=st.booleans())
def test_few_detectors_stopped_anywhere(
    tmp_path_factory: pytest.TempPathFactory, spilling: bool, seed: int, share: list[float], shelf: bool
) -> None:
    kinds = sorted({k for d in FEW for k in d.needs.kinds()})
    batches = _varied(seed, tuple(kinds), 60)
    cuts = {int(s * (len(batches) - 1)) for s in share}
    with pytest.MonkeyPatch.context() as patch:
        if spilling:
            patch.setattr(engine_module, "WindowState", lambda f, _, folder: WindowState(f, 1, folder, 0))
        whole = Run(tmp_path_factory.mktemp("whole"), FEW, shelf=shelf).whole(batches)
        run = Run(tmp_path_factory.mktemp("cut"), FEW, shelf=shelf)
        assert run.whole(batches, cuts) == whole


def test_what_outgrew_the_memory_is_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "WindowState", lambda f, _, folder: WindowState(f, 1, folder, 0))
    whole = Run(tmp_path / "whole", (PortScanVertical,)).whole([SCAN, LATER])
    run = Run(tmp_path / "cut", (PortScanVertical,))
    assert run.whole([SCAN, LATER], {0}) == whole
    assert list((run.folder / "checkpoints").rglob("flow_pair.work.part.*.arrow"))


def test_nothing_that_is_held_was_overlooked() -> None:
    """Who adds something to what a stage or its hits hold decides here whether a checkpoint has it."""
    derived = {"features", "names", "detector"}
    assert {f.name for f in fields(Stage)} - derived == {
        "state",
        "hits",
        "profile",
        "looked_at",
        "passed_over",
        "lacking",
        "broken",
    }
    assert {f.name for f in fields(Hits)} - derived == {"frames", "weak", "warm", "judged", "changes"}


# ---------------------------------------------------------------------------------------------------------- the folder


SCAN = flows(300, every=0.01, src="198.51.100.9", dst="10.0.0.5", port=list(range(1, 301)), state="S0")
LATER = flows(20, every=0.01, at=20, src="198.51.100.9", dst="10.0.0.5", port=list(range(301, 321)), state="S0")


def _engine(*detectors: type[Detector]) -> Engine:
    return Engine(Config(), detectors or (PortScanVertical,))


def _fed(*batches: EventBatch) -> Engine:
    engine = _engine()
    for batch in batches:
        engine.feed(batch)
    return engine


def _open(engine: Engine) -> int:
    """Return how many rows of open windows an engine has."""
    return sum(f.height for s in engine.working() if s.state is not None for f in s.state.dump().frames.values())


def test_two_are_kept_and_what_did_not_change_is_linked(tmp_path: Path) -> None:
    engine = _fed(SCAN)
    first, second = (save(engine, tmp_path, {"n": b"x"}) for _ in range(2))
    assert (first / "flow_pair.work").samefile(second / "flow_pair.work")
    engine.feed(LATER)
    third = save(engine, tmp_path, {"n": b"y"})
    assert not (second / "flow_pair.work").samefile(third / "flow_pair.work")
    assert sorted(p.name for p in tmp_path.iterdir()) == [second.name, third.name] == ["000000000002", "000000000003"]
    assert load(_engine(), tmp_path) == {"n": b"y"}


def test_nothing_there_is_nothing_to_go_on_from(tmp_path: Path) -> None:
    assert load(_engine(), tmp_path / "none") == {}
    empty = save(_engine(), tmp_path)
    assert load(_engine(), tmp_path) == {}
    assert {p.name for p in empty.iterdir()} == {"extra", "manifest.json", "manifest.sha256"}


@pytest.mark.parametrize("file", ["flow_pair.work", "manifest.json", "manifest.sha256", "extra"])
@pytest.mark.parametrize("how", ["cut", "changed", "gone"])
def test_the_one_before_is_taken_where_the_newest_is_damaged(
    tmp_path: Path, file: str, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    engine = _fed(SCAN)
    save(engine, tmp_path, {"n": b"first"})
    engine.feed(LATER)
    path = save(engine, tmp_path, {"n": b"second"}) / file
    content = path.read_bytes()
    path.unlink()
    if how != "gone":
        path.write_bytes(content[: len(content) // 2] if how == "cut" else b"x" + content[1:])
    fresh = _engine()
    assert load(fresh, tmp_path) == {"n": b"first"}
    assert _open(fresh) == _open(_fed(SCAN))
    assert "is passed over" in caplog.text
    fresh.feed(LATER)
    save(fresh, tmp_path, {"n": b"third"})
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["000000000001", "000000000002"], "two whole ones"
    assert _open(fresh) == _open(engine)


def test_one_of_another_format_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "FORMAT", checkpoint.FORMAT + 1)
    save(_fed(SCAN), tmp_path, {"n": b"x"})
    monkeypatch.undo()
    assert load(_engine(), tmp_path) == {}


def test_who_is_interrupted_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = _fed(SCAN)
    save(engine, tmp_path, {"n": b"first"})

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(KeyboardInterrupt):
        save(engine, tmp_path, {"n": b"second"})
    monkeypatch.undo()
    assert list(tmp_path.glob("*.new"))
    assert load(_engine(), tmp_path) == {"n": b"first"}
    assert not list(tmp_path.glob("*.new"))


def test_a_full_disk_is_told_and_the_ones_before_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = _fed(SCAN)
    save(engine, tmp_path, {"n": b"first"})

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    engine.feed(LATER)
    with pytest.raises(StoreError, match="No space left"):
        save(engine, tmp_path)
    monkeypatch.undo()
    assert [p.name for p in tmp_path.iterdir()] == ["000000000001"]
    assert load(_engine(), tmp_path) == {"n": b"first"}
    save(engine, tmp_path, {"n": b"second"})
    assert load(_engine(), tmp_path) == {"n": b"second"}


def test_a_full_disk_leaves_no_litter_of_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(engine_module, "WindowState", lambda f, _, folder: WindowState(f, 1, folder, 0))
    engine = _fed(SCAN)
    monkeypatch.setattr(checkpoint, "adopted", full)
    with pytest.raises(StoreError, match="No space left"):
        save(engine, tmp_path)
    assert list(tmp_path.iterdir()) == []
    engine.close()


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    many = [f"10.{n // 250}.{n % 250}.9" for n in range(30_000)]
    try:
        with small_disk(tmp_path / "disk", 2) as disk:
            engine = _fed(SCAN)
            save(engine, disk / "checkpoints", {"n": b"first"})
            filler = fill(disk, 100_000)
            engine.feed(flows(30_000, at=30, src=many, dst="10.0.0.5", port=23, state="S0"))
            for _ in range(2):
                with pytest.raises(StoreError, match="No space left"):
                    save(engine, disk / "checkpoints", {"n": b"second"})
                assert load(_engine(), disk / "checkpoints") == {"n": b"first"}
            filler.unlink()
            save(engine, disk / "checkpoints", {"n": b"second"})
            fresh = _engine()
            assert load(fresh, disk / "checkpoints") == {"n": b"second"}
            assert _open(fresh) == _open(engine)
    except PermissionError as error:
        pytest.skip(str(error))


def test_what_was_taken_does_not_change_while_the_engine_goes_on(tmp_path: Path) -> None:
    engine = _fed(SCAN)
    snapshot = take(engine, tmp_path)
    engine.feed(LATER)
    engine.advance(datetime.max.replace(tzinfo=UTC))
    write(snapshot, {"n": b"x"})
    fresh = _engine()
    load(fresh, tmp_path)
    assert _open(fresh) == _open(_fed(SCAN)) > 0


# --------------------------------------------------------------------------------------------------- what does not fit


class _Wider(FlowPair):
    """The same set, with another column."""

    def finish(self) -> list[pl.Expr]:
        return [*super().finish(), pl.lit(1).alias("one_more")]


class _Otherwise(FlowPair):
    """The same set, summed up in another way."""

    def merge(self) -> list[pl.Expr]:
        return [*super().merge()[:-1], pl.col(super().merge()[-1].meta.output_name()).sort().max()]


@pytest.mark.parametrize(("features", "why"), [(_Wider, "columns have changed"), (_Otherwise, "in another way")])
def test_a_feature_set_that_changed_begins_anew_and_that_is_told(
    tmp_path: Path, features: type[FlowPair], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Changed(PortScanVertical):
        needs = features

    engine = _fed(SCAN)
    engine.advance(datetime.max.replace(tzinfo=UTC))
    engine.feed(LATER)
    save(engine, tmp_path, {"n": b"x"})
    fresh = _engine(Changed)
    assert load(fresh, tmp_path) == {"n": b"x"}
    assert why in caplog.text
    assert _open(fresh) == 0
    fresh.feed(SCAN)
    assert not [i for i in fresh.close().idle if i.broke]


def test_a_baseline_stays_when_its_windows_begin_anew(tmp_path: Path) -> None:
    class Wider(GroupChange):
        def finish(self) -> list[pl.Expr]:
            return [*super().finish(), pl.lit(1).alias("one_more")]

    class Changed(PrivilegedGroup):
        needs = Wider

    engine = _engine(PrivilegedGroup)
    engine.feed(random_events(EventClass.GROUP_MANAGEMENT, n=80, seed=1))
    engine.advance(datetime.max.replace(tzinfo=UTC))
    save(engine, tmp_path)
    fresh = _engine(Changed)
    load(fresh, tmp_path)
    (before,), (after,) = engine.working(), fresh.working()
    assert before.profile is not None
    assert after.profile is not None
    assert after.profile.windows == before.profile.windows > 0
    assert not after.hits[0].frames
    assert before.hits[0].frames


def test_a_detector_that_is_gone_takes_its_stage_with_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    save(_fed(SCAN), tmp_path, {"n": b"x"})
    fresh = _engine(PaymentAnomaly)
    assert load(fresh, tmp_path) == {"n": b"x"}
    assert fresh.working() == []
    assert "nothing needs it any more" in caplog.text


@pytest.mark.parametrize("version", ["", "99.0"])
def test_what_broke_stays_broken_in_the_same_version_alone(
    tmp_path: Path, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = _fed(SCAN)
    engine.working()[0].broken["port_scan_vertical"] = "it broke"
    save(engine, tmp_path)
    monkeypatch.setattr(vedette, "__version__", version or vedette.__version__)
    fresh = _engine()
    load(fresh, tmp_path)
    assert bool(fresh.working()[0].broken) == (version == "")


def test_a_manifest_says_what_there_is(tmp_path: Path) -> None:
    told = json.loads((save(_fed(SCAN), tmp_path, {"n": b"x"}) / "manifest.json").read_text())
    assert [p["name"] for p in told["parts"]] == ["flow_pair.work", "extra"]
    assert told["vedette"] == vedette.__version__
