from __future__ import annotations

import pytest
from pydantic import ValidationError

from vedette.abc import Settings
from vedette.transports.source_name import SourceName


class Named(Settings):
    """Settings with a source."""

    source: SourceName = ""


@pytest.mark.parametrize("name", ["", "zeek", "winlog"])
def test_a_source_that_is_there_or_none(name: str) -> None:
    assert Named(source=name).source == name


@pytest.mark.parametrize("name", ["zeke", "Zeek", " zeek", "../zeek"])
def test_another_name_is_refused_and_the_names_are_told(name: str) -> None:
    with pytest.raises(ValidationError, match=r"no such source: .*; there are .*zeek"):
        Named(source=name)
