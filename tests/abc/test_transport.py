from __future__ import annotations

import inspect

from vedette.abc import Chunk, Transport
from vedette.plugins import discover


def test_a_chunk_is_plain_data() -> None:
    assert Chunk("a", b"x") == Chunk("a", b"x")
    assert Chunk("a", b"x") != Chunk("a", b"x", position="1")


def test_every_transport_takes_settings_of_its_own_and_runs_as_a_coroutine() -> None:
    for cls in discover(Transport).values():
        assert "transport" not in cls.options.model_fields
        assert inspect.iscoroutinefunction(cls.run)
