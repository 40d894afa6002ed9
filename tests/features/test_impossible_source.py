from __future__ import annotations

import pytest

from vedette.features.impossible_source import ImpossibleSource
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


@pytest.mark.parametrize("source", ["224.0.0.1", "240.1.2.3", "255.0.0.1", "127.4.5.6", "0.1.2.3", "ff02::1"])
def test_nobody_can_have_it(source: str) -> None:
    assert rows_of(ImpossibleSource, flows(src=source))["flows"].to_list() == [1]


@pytest.mark.parametrize(
    "source", ["0.0.0.0", "10.0.0.1", "223.255.0.1", "22.1.1.1", "12.7.0.0", "fe80::1", "2001:db8::ff"]
)
def test_somebody_can(source: str) -> None:
    assert rows_of(ImpossibleSource, flows(src=source))["flows"].to_list() == [0]
