from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from vedette.abc import Detector
from vedette.app import findings
from vedette.app.engine import Engine, Outcome
from vedette.config import Config, parse
from vedette.detectors.port_scan_vertical import PortScanVertical
from vedette.errors import ConfigError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.features.flow_pair import FlowPair
from vedette.learning import registry
from vedette.scoring.artefact import Model
from vedette.testing.flows import flows
from vedette.testing.learned import Toy, listed, toy_model, words
from vedette.testing.made import finding

SCAN = flows(300, every=0.01, src="198.51.100.9", dst="10.0.0.5", port=list(range(1, 301)), state="S0")
SCAN = EventBatch(SCAN.kind, SCAN.frame.drop("metadata.log_name", "connection_info.direction_id"))


def _run(*batches: EventBatch, config: Config | None = None) -> Outcome:
    engine = Engine(config or Config(), [PortScanVertical])
    for batch in batches:
        engine.feed(batch, "made.log")
    outcome = engine.close()
    engine.spool.close()
    return outcome


def test_a_finding_points_at_its_events() -> None:
    (found,) = _run(SCAN).findings
    assert found.actors[0].value == "198.51.100.9"
    assert [t.value for t in found.targets] == ["10.0.0.5"]
    assert found.event_count == 300
    assert [e.sequence for e in found.evidence] == list(range(10))
    assert {e.log_name for e in found.evidence} == {"made.log"}
    rows = _run(SCAN).evidence[found.uid]
    assert [r["dst_endpoint.port"] for r in rows] == list(range(1, 11))


@pytest.mark.parametrize(("internal", "severity"), [("10.0.0.0/8", "MEDIUM"), ("198.51.100.0/24", "HIGH")])
def test_the_border_is_the_operators(internal: str, severity: str) -> None:
    config = parse(f"[network]\ninternal = ['{internal}']\n")
    (found,) = _run(SCAN, config=config).findings
    assert found.severity.name == severity


def test_a_source_that_leaves_directions_empty_gets_the_operators() -> None:
    """Zeek writes the column, and leaves it empty where it was not told which networks are ours; what it says stands."""
    empty = EventBatch(SCAN.kind, SCAN.frame.with_columns(pl.lit(None, pl.Int32).alias("connection_info.direction_id")))
    told = EventBatch(SCAN.kind, SCAN.frame.with_columns(pl.lit(3, pl.Int32).alias("connection_info.direction_id")))
    config = parse("[network]\ninternal = ['198.51.100.0/24']\n")
    assert [_run(b, config=config).findings[0].severity.name for b in (empty, told)] == ["HIGH", "HIGH"]
    outside = parse("[network]\ninternal = ['10.0.0.0/8']\n")
    assert [_run(b, config=outside).findings[0].severity.name for b in (empty, told)] == ["MEDIUM", "HIGH"]


def test_a_detector_that_cannot_look_says_why() -> None:
    assert _run().idle[0].reason == "no Network Activity in the input"
    blind = EventBatch(SCAN.kind, SCAN.frame.drop("src_endpoint.ip"))
    outcome = _run(blind)
    assert not outcome.findings
    assert "src_endpoint.ip" in outcome.idle[0].reason
    assert not _run(SCAN).idle


def test_a_disabled_detector_must_exist() -> None:
    with pytest.raises(ConfigError, match="no detector is called 'nobody'"):
        Engine(parse("[detectors]\ndisabled = ['nobody']\n"))


def test_other_classes_pass_by() -> None:
    rejects = EventBatch(EventClass.REJECT, SCAN.frame.select("time").head(2))
    assert not _run(rejects).findings
    assert finding("a", "b", "T1110").uid


class BrokenScore(PortScanVertical):
    __doc__ = PortScanVertical.__doc__
    name = "broken_score"

    def score(self, rows: pl.DataFrame) -> pl.Series:
        raise ZeroDivisionError("a bug")


class BrokenWords(PortScanVertical):
    __doc__ = PortScanVertical.__doc__
    name = "broken_words"

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        raise KeyError("no such column")


class BrokenFeatures(FlowPair):
    """Breaks."""

    name = "broken_features"

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return events.filter(pl.col("no_such_column") > 0)


class OnBrokenFeatures(PortScanVertical):
    __doc__ = PortScanVertical.__doc__
    name = "on_broken_features"
    needs = BrokenFeatures


@pytest.mark.parametrize("broken", [BrokenScore, BrokenWords, OnBrokenFeatures])
def test_a_detector_that_breaks_is_named_and_the_others_go_on(broken: type[Detector]) -> None:
    engine = Engine(Config(), [PortScanVertical, broken])
    engine.feed(SCAN, "a.log")
    engine.feed(SCAN, "b.log")
    outcome = engine.close()
    engine.spool.close()
    assert [f.detector for f in outcome.findings] == ["port_scan_vertical"]
    (idle,) = outcome.idle
    assert (idle.detector, idle.broke) == (broken.name, True)
    assert idle.reason.startswith("it broke: ")


# ------------------------------------------------------------------------------------------------- learned detectors

BAD, GOOD = words(30, malicious=True, seed=5), words(3_000, malicious=False, seed=5)


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the toy's model into use; return its folder."""
    monkeypatch.setenv(registry.VARIABLE, str(tmp_path))
    made = registry.add(toy_model())
    registry.use("toy", made.version)
    return made.folder


def _learned(values: list[str], budget: float = 20, cut: int = 0) -> Outcome:
    engine = Engine(parse(f"[budget]\nalerts_per_day = {budget}\n"), [Toy, PortScanVertical])
    frame = listed(values).frame
    for part in frame.iter_slices(cut or len(values)):
        engine.feed(EventBatch(EventClass.OSINT_INVENTORY_INFO, part))
    engine.feed(SCAN, "made.log")
    outcome = engine.close()
    engine.spool.close()
    return outcome


def test_what_misses_the_budget_is_kept_and_does_not_alert(toy: Path) -> None:
    ample, none = _learned([*GOOD, *BAD], 10_000), _learned([*GOOD, *BAD], 0)
    found = {f.targets or f.actors: f for f in ample.findings if f.detector == "toy" and f.alert}
    assert len(found) >= 25
    assert all(f.p_value is not None and f.p_value <= 0.01 for f in found.values())
    blocks = [f for f in none.findings if f.detector == "toy"]
    assert len(blocks) == len([f for f in ample.findings if f.detector == "toy"])
    assert not any(f.alert for f in blocks)
    assert [f.alert for f in none.findings if f.detector == "port_scan_vertical"] == [True], "rules are not held back"


def test_weak_rows_are_building_blocks(toy: Path) -> None:
    weak = [f for f in _learned(GOOD).findings if f.detector == "toy" and not f.alert]
    assert 0 < len(weak) < 150
    assert all(f.p_value is not None and f.p_value <= 0.02 for f in weak)


def test_building_blocks_of_a_learned_detector_are_bounded(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [f for f in _learned([*GOOD, *BAD], 0).findings if f.detector == "toy"]
    monkeypatch.setattr(findings, "WEAK_ROWS", 10)
    few = [f for f in _learned([*GOOD, *BAD], 0).findings if f.detector == "toy"]
    best = sorted(f.p_value for f in whole if f.p_value is not None)
    assert sorted(f.p_value for f in few if f.p_value is not None) == best[:10]


def test_the_budget_does_not_depend_on_how_events_arrive(toy: Path) -> None:
    values = [*GOOD, *BAD]
    whole = _learned(values, 3)
    assert {f.alert for f in whole.findings if f.detector == "toy"} == {True, False}
    assert _learned(values, 3, cut=7).findings == whole.findings


def test_what_was_judged_is_told(toy: Path) -> None:
    (watch,) = _learned([*GOOD, *BAD, "x" * 201]).watched
    assert sum(watch.judged.values()) == 3_030
    assert watch.cap == 0.01
    assert watch.alerts(dict.fromkeys(watch.judged, 1.0)) >= 25
    assert watch.alerts({}) == 0


def test_a_damaged_model_is_named_and_the_others_go_on(toy: Path) -> None:
    (toy / "parameters.npz").write_bytes(b"")
    outcome = _learned(BAD)
    assert [f.detector for f in outcome.findings] == ["port_scan_vertical"]
    (idle,) = outcome.idle
    assert idle.broke
    assert "damaged" in idle.reason


def test_a_model_is_read_when_the_first_event_of_its_class_comes(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    load = registry.load

    def told(name: str) -> Model:
        read.append(name)
        return load(name)

    monkeypatch.setattr(registry, "load", told)
    engine = Engine(Config(), [Toy, PortScanVertical])
    engine.feed(SCAN, "made.log")
    outcome = engine.close()
    engine.spool.close()
    assert (read, [f.detector for f in outcome.findings]) == ([], ["port_scan_vertical"])
    assert [(i.detector, i.broke) for i in outcome.idle] == [("toy", False)]
    assert outcome.idle[0].reason.startswith("no ")
    assert [f.detector for f in _learned(BAD, 10_000).findings].count("toy") >= 25
    assert read == ["toy"]


def test_a_calibration_of_another_version_is_passed_over_and_told(toy: Path) -> None:
    table = registry.load("toy").calibration
    registry.calibrate("toy", table.at_site(table.benign + 1.0, "ours"))
    assert not _learned(BAD, 10_000).notices
    other = toy_model(1)
    registry.add(other)
    uses = toy.parent / "uses.json"
    uses.write_text(uses.read_text().replace(toy.name, other.version))
    outcome = _learned(BAD, 10_000)
    assert sum(f.detector == "toy" for f in outcome.findings) >= 25
    assert not outcome.idle
    (notice,) = outcome.notices
    assert "vedette calibrate toy PATH" in notice
