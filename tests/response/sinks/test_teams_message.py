from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from vedette.incidents.record import incidents_batch
from vedette.model import Incident
from vedette.response.sinks.teams_message import MOST_BYTES, TeamsMessage
from vedette.testing.incidents import some_incident
from vedette.testing.laws import Law, laws_of


def read(incident: Incident) -> dict[str, Any]:
    (line,) = TeamsMessage().encode(incidents_batch([incident])).decode().splitlines()
    got: dict[str, Any] = json.loads(line)
    return got


def texts(message: dict[str, Any]) -> list[str]:
    (attachment,) = message["attachments"]
    return ["".join(run["text"] for run in block["inlines"]) for block in attachment["content"]["body"]]


def test_a_card() -> None:
    got = read(some_incident())
    assert got["type"] == "message"
    (attachment,) = got["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    head, severity, *_ = attachment["content"]["body"]
    assert head["inlines"][0]["color"] == "attention"
    assert [run["text"] for run in severity["inlines"]] == ["Severity: ", "high"]
    assert texts(got)[-2:] == ["What to do next", "• Look for a success after the failures."]


def test_only_runs_of_text_are_used() -> None:
    """These know no Markdown."""
    (attachment,) = read(replace(some_incident(), title="[click](https://bad.com)"))["attachments"]
    assert {block["type"] for block in attachment["content"]["body"]} == {"RichTextBlock"}
    assert attachment["content"]["body"][0]["inlines"][0]["text"] == "[click](hxxps://bad[.]com)"


def test_a_card_fits() -> None:
    huge = replace(some_incident(), story=("é" * 999,) * 50, next_steps=("é" * 999,) * 50)
    (line,) = TeamsMessage().encode(incidents_batch([huge])).splitlines()
    assert len(line) <= MOST_BYTES


@pytest.mark.parametrize("law", laws_of(TeamsMessage), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()
