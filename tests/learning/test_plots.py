from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.learning.plots import LEGEND, Axis, Line, chart

X, Y = Axis("false-positive rate", 0.001, 1.0, log=True), Axis("recall")
NAME = "{http://www.w3.org/2000/svg}"


def test_a_chart_is_an_image_that_is_read_out() -> None:
    root = ElementTree.fromstring(chart("ROC & more", X, Y, [Line("<a>", [(0.0, 0.0), (0.1, 0.7), (1.0, 1.0)])]))  # noqa: S314
    assert root.get("aria-label") == "ROC & more"
    texts = [t.text for t in root.iter(f"{NAME}text")]
    assert {"ROC & more", "false-positive rate", "recall", "<a>", "0.001", "0.01", "0.1", "1"} <= set(texts)


@given(st.floats(allow_nan=False), st.booleans())
def test_every_value_has_a_place_on_an_axis(value: float, log: bool) -> None:
    assert 0.0 <= Axis("x", 0.001, 1.0, log).place(value) <= 1.0


def test_many_lines_are_drawn_and_some_named() -> None:
    lines = [Line(f"case {k}", [(0.001, 0.0), (1.0, 1.0)]) for k in range(20)]
    root = ElementTree.fromstring(chart("many", X, Y, lines, diagonal=True))  # noqa: S314
    assert len(list(root.iter(f"{NAME}polyline"))) == 21
    assert sum("case" in (t.text or "") for t in root.iter(f"{NAME}text")) == LEGEND


@pytest.mark.parametrize(("axis", "ticks"), [(X, [0.001, 0.01, 0.1, 1.0]), (Y, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])])
def test_ticks(axis: Axis, ticks: list[float]) -> None:
    assert axis.ticks() == pytest.approx(ticks)
