from __future__ import annotations

import inspect

import pytest

from vedette import errors
from vedette.errors import VedetteError

CLASSES = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, VedetteError)]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda c: c.__name__)
def test_every_error_stands_in_the_tree_on_top(cls: type[VedetteError]) -> None:
    assert cls.__name__ in (errors.__doc__ or "")


def test_an_error_says_what_where_and_the_way_out() -> None:
    error = VedetteError("zone 'Mars' is unknown", where="vedette.toml:3", hint="take one of the IANA database")
    assert str(error) == "zone 'Mars' is unknown [vedette.toml:3]\n  hint: take one of the IANA database"
    assert str(VedetteError("plain")) == "plain"
