from __future__ import annotations

import pytest

from vedette.abc import Plugin
from vedette.plugins import FOLDERS, discover
from vedette.testing.laws import Law, laws_of

ALL: list[Law] = [law for kind in FOLDERS for plugin in discover(kind).values() for law in laws_of(plugin)]


@pytest.mark.parametrize("law", ALL, ids=str)
def test_every_plugin_keeps_the_laws_of_its_kind(law: Law) -> None:
    law.check()


@pytest.mark.parametrize("kind", FOLDERS, ids=lambda k: k.__name__)
def test_there_are_plugins_of_every_kind(kind: type[Plugin]) -> None:
    assert discover(kind)
