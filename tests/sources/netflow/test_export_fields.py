"""The elements that are read, and where they stand."""

from __future__ import annotations

import pytest

from vedette.events.flow_export import VARIABLE, Element
from vedette.sources.netflow.export_fields import REVERSE, known, places


@pytest.mark.parametrize(
    ("element", "name"),
    [
        (Element(8, 4, 0), "src"),
        (Element(27, 16, 0), "src"),
        (Element(8, 5, 0), ""),
        (Element(28, VARIABLE, 0), ""),
        (Element(1, 8, 0), "bytes_out"),
        (Element(1, 8, REVERSE), "bytes_in"),
        (Element(1, 8, 9), ""),
        (Element(1, 9, 0), ""),
        (Element(1, 0, 0), ""),
        (Element(1, VARIABLE, 0), ""),
        (Element(9999, 4, 0), ""),
    ],
)
def test_known(element: Element, name: str) -> None:
    assert known(element) == name


def test_places_count_what_is_not_read() -> None:
    fields = [Element(9999, 7, 0), Element(8, 4, 0), Element(1, 4, 0), Element(1, 8, 0), Element(12, 4, 0)]
    assert places(fields) == {"src": (7, 4), "bytes_out": (11, 4), "dst": (23, 4)}
