from __future__ import annotations

import polars as pl

from vedette.app.findings import Hits
from vedette.app.stage import Stage
from vedette.detectors.port_scan_vertical import PortScanVertical
from vedette.features.flow_pair import FlowPair
from vedette.features.window import WindowState
from vedette.testing.flows import flows

SCAN = flows(300, every=0.01, src="198.51.100.9", dst="10.0.0.5", port=list(range(1, 301)), state="S0")


class _Breaks(PortScanVertical):
    name = "breaks"

    def score(self, rows: pl.DataFrame) -> pl.Series:
        raise ZeroDivisionError(self.name)


def _stage(*detectors: type[PortScanVertical]) -> Stage:
    features = FlowPair()
    return Stage(features, WindowState(features), [Hits(d()) for d in detectors], [d.name for d in detectors])


def test_a_detector_that_breaks_ends_alone() -> None:
    stage = _stage(_Breaks, PortScanVertical)
    stage.feed(SCAN)
    stage.advance()
    assert stage.broken == {"breaks": "it broke: ZeroDivisionError: breaks"}
    assert [h.detector.name for h in stage.hits if h.frames] == ["port_scan_vertical"]


def test_what_was_passed_over_for_lack_of_a_column_is_told() -> None:
    stage = _stage(PortScanVertical)
    stage.feed(type(SCAN)(SCAN.kind, SCAN.frame.drop("src_endpoint.ip")))
    (idle,) = stage.idle()
    assert idle.reason == "no src_endpoint.ip"
