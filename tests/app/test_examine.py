from __future__ import annotations

import json

import pytest

from vedette.abc import Detector, Source
from vedette.app.examine import PREVIEW_ROWS, Preview, show_installation, show_plugin
from vedette.config import Config, parse
from vedette.errors import ConfigError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.plugins import discover
from vedette.testing.events import random_events


def test_a_preview_counts_all_and_shows_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    preview, batch = Preview(), random_events(EventClass.DNS_ACTIVITY, n=50)
    for part in batch.frame.iter_slices(3):
        preview.add(EventBatch(batch.kind, part))
    preview.show([])
    out = capsys.readouterr().out
    assert "DNS Activity 4003: 50 rows" in out
    assert out.count("metadata.sequence=") == PREVIEW_ROWS


@pytest.mark.parametrize("plugin", [*discover(Detector).values(), *discover(Source).values()], ids=lambda p: p.name)
def test_every_plugin_can_be_shown(plugin: type[Detector] | type[Source], capsys: pytest.CaptureFixture[str]) -> None:
    show_plugin(plugin)
    assert plugin.name in capsys.readouterr().out


def test_a_page_flows_in_a_terminal_of_any_width(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    show_plugin(discover(Detector)["brute_force"], as_json=True)
    told = json.loads(capfdbinary.readouterr().out)
    assert told["kind"] == "detector"
    assert "Blind spots:" in told["page"]
    assert max(map(len, told["page"])) > 140  # paragraphs are lines: the terminal wraps them
    assert not any("``" in line for line in told["page"])


def test_the_installation_names_every_plugin_and_setting(capsys: pytest.CaptureFixture[str]) -> None:
    show_installation(Config(), as_json=False)
    out = " ".join(capsys.readouterr().out.split())
    assert all(name in out for name in discover(Detector))
    assert "time.lateness_seconds" in out


@pytest.mark.parametrize("as_json", [True, False])
def test_secrets_of_the_settings_are_not_shown(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    text = """
    [store]
    url = "postgresql+psycopg://vedette:hunter2@db/vedette"
    [actions.disable_account]
    password = "hunter2"
    base = "DC=corp"
    [[sinks]]
    delivery = "webhook"
    url = "https://hooks.example/hunter2"
    """
    show_installation(parse(text), as_json=as_json)
    said = capsys.readouterr().out
    assert "hunter2" not in said
    assert "DC=corp" in said
    assert "webhook" in said


def test_the_installation_names_a_disabled_detector_that_does_not_exist() -> None:
    with pytest.raises(ConfigError, match="no detector is called 'no_such'"):
        show_installation(parse("[detectors]\ndisabled = ['no_such']\n"), as_json=False)
