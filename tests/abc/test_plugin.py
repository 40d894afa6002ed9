from __future__ import annotations

import vedette.abc
from vedette.plugins import FOLDERS


def test_every_kind_of_plugin_has_its_contract_in_one_place() -> None:
    assert {kind.__name__ for kind in FOLDERS} <= set(vedette.abc.__all__)
    assert all(issubclass(kind, vedette.abc.Plugin) for kind in FOLDERS)
