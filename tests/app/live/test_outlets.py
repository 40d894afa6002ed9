from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from vedette.app.live.outlets import outlets
from vedette.config import parse
from vedette.errors import ConfigError
from vedette.response.deliveries.file import File
from vedette.response.sinks.cef import Cef
from vedette.response.sinks.ocsf_json import OcsfJson


def test_tables_become_sinks(tmp_path: Path) -> None:
    text = f"""
        [[sinks]]
        delivery = "file"
        path = "{tmp_path}/all.jsonl"
        what = ["incidents", "findings"]
        least = "low"

        [[sinks]]
        name = "siem"
        delivery = "file"
        format = "cef"
        path = "{tmp_path}/out.cef"
    """
    first, second = outlets(parse(text).sinks)
    assert (first.name, second.name) == ("file", "siem")
    assert (type(first.sink), type(second.sink)) == (OcsfJson, Cef)
    assert isinstance(first.delivery, File)
    assert first.wanted.what == ("incidents", "findings")
    assert (first.wanted.least, second.wanted.least) == ("low", "medium")
    assert not list(tmp_path.iterdir())


FILE = {"delivery": "file", "path": "out.jsonl"}
BAD: list[tuple[list[dict[str, Any]], str, str]] = [
    ([{"path": "x"}], "says no delivery", "sinks[0].delivery"),
    ([{"delivery": "pigeon"}], "no such delivery", "sinks[0].delivery"),
    ([FILE | {"format": "runes"}], "no such format", "sinks[0].format"),
    ([FILE | {"what": ["events"]}], "'incidents'", "sinks[0].what.0"),
    ([FILE | {"what": []}], "at least 1", "sinks[0].what"),
    ([FILE | {"least": "loud"}], "'high'", "sinks[0].least"),
    ([FILE | {"colour": "red"}], "unknown setting", "sinks[0].colour"),
    ([FILE, FILE], "called 'file' already", "sinks[1].name"),
    ([FILE | {"name": "a/b"}], "pattern", "sinks[0].name"),
    ([{"delivery": "webhook", "url": "http://hooks.example/"}], "readable on the way", "sinks[0] webhook"),
]


@pytest.mark.parametrize(("tables", "told", "where"), BAD, ids=[told for _, told, _ in BAD])
def test_bad_tables_stop_the_start(tables: list[dict[str, Any]], told: str, where: str) -> None:
    with pytest.raises(ConfigError) as caught:
        outlets(tables)
    assert told in caught.value.message
    assert caught.value.where == where
