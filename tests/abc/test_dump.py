from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from vedette.abc import Dump


def test_a_dump_stays_what_it_was() -> None:
    dump = Dump("mark")
    assert (dict(dump.told), dict(dump.frames), dict(dump.files)) == ({}, {}, {})
    with pytest.raises(FrozenInstanceError):
        dump.mark = "another"  # type: ignore[misc]
