from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vedette.abc import Wanted
from vedette.app.live.outlets import Outlet
from vedette.app.sinks_command import FAILED, FINE, incident, message, try_all
from vedette.errors import ConfigError, DeliveryError
from vedette.events.batch import EventBatch
from vedette.response.sinks.ocsf_json import OcsfJson
from vedette.testing.receivers import http_receiver
from vedette.testing.sent import KeptDelivery


def settings(folder: Path, text: str) -> Path:
    path = folder / "vedette.toml"
    path.write_text(text)
    return path


def test_every_sink_is_tried_though_one_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with http_receiver() as server:
        server.answers = [401]
        text = f"""
            [[sinks]]
            delivery = "webhook"
            url = "http://127.0.0.1:{server.port}/"
            [[sinks]]
            delivery = "file"
            format = "text"
            path = "{tmp_path}/out.txt"
        """
        assert try_all([], settings(tmp_path, text), as_json=False) == FAILED
        told = capsys.readouterr().out
        assert try_all(["webhook"], settings(tmp_path, text), as_json=False) == FINE
    assert "failed  webhook (ocsf_json by webhook): HTTP 401" in told
    assert "hint: look at the token" in told
    assert "ok      file (text by file)" in told
    assert "TEST" in (tmp_path / "out.txt").read_text()
    assert "TEST" in json.loads(server.requests[0].body)["message"]


@pytest.mark.parametrize(
    ("text", "names", "told"),
    [
        ("", [], "name no sinks"),
        ('[[sinks]]\ndelivery = "stdout"', ["siem"], "no sink is called 'siem'"),
        ('[[sinks]]\ndelivery = "pigeon"', [], "no such delivery"),
    ],
)
def test_bad_settings_are_told(tmp_path: Path, text: str, names: list[str], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        try_all(names, settings(tmp_path, text), as_json=False)


def test_nobody_takes_it_for_an_incident() -> None:
    made = incident(datetime.now(UTC))
    assert made.title.startswith("TEST")
    assert "Nothing happened" in made.story[0]
    assert made.risk == made.confidence == 0


def test_a_format_that_breaks_is_told() -> None:
    class Broken(OcsfJson):
        def encode(self, batch: EventBatch) -> bytes:
            raise ValueError("a bug")

    with pytest.raises(DeliveryError, match="ocsf_json broke"):
        message(Outlet("x", Wanted(), Broken(), KeptDelivery()))
