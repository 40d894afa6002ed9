from __future__ import annotations

from pathlib import Path

import pytest
import zstandard

from vedette.learning.data import load
from vedette.learning.datasets.web_params import _FILE, WebParams


def test_values_are_carried_by_requests(tmp_path: Path) -> None:
    path = tmp_path / _FILE
    path.parent.mkdir(parents=True)
    text = (
        '"payload","length","attack_type","label"\n"calle mayor 3","13","norm","norm"\n"1\' or 1=1","8","sqli","anom"\n'
    )
    path.write_bytes(zstandard.ZstdCompressor().compress(text.encode()))
    rows = WebParams().read(tmp_path)
    assert rows["@label"].to_list() == ["benign", "sqli"]
    assert rows["@group"].to_list() == ["params_norm", "params_sqli"]


@pytest.mark.data
def test_the_set_is_whole() -> None:
    rows = load("web_params")
    assert rows.height > 20_000
    assert set(rows["@label"].unique()) == {"benign", "sqli", "xss", "cmdi", "traversal"}
