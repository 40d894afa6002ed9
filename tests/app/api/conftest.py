"""An API with some findings, closed after each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.app.api.served import Served, incidents, served


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Return an API over twelve incidents."""
    monkeypatch.setenv("VEDETTE_HOME", str(tmp_path / "home"))
    made = served(tmp_path)
    made.add(*incidents(12))
    yield made
    made.state.close()
