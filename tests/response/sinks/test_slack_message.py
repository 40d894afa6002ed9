from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from vedette.incidents.record import incidents_batch
from vedette.model import Incident
from vedette.response.sinks.slack_message import SlackMessage
from vedette.testing.incidents import some_incident
from vedette.testing.laws import Law, laws_of


def read(incident: Incident) -> dict[str, Any]:
    (line,) = SlackMessage().encode(incidents_batch([incident])).decode().splitlines()
    got: dict[str, Any] = json.loads(line)
    return got


def test_blocks() -> None:
    got = read(some_incident())
    assert got["text"] == ":large_orange_circle: Password guessing by 198.51.100.7"
    head, facts, story, steps = got["blocks"]
    assert head["text"] == {"type": "plain_text", "text": got["text"], "emoji": True}
    assert facts["fields"][0] == {"type": "mrkdwn", "text": "*Severity*\nhigh", "verbatim": True}
    assert story["text"]["text"] == "198.51.100.7 did T1110.001 to 10.0.0.5."
    assert steps["text"]["text"] == "*What to do next*\n• Look for a success after the failures."


def test_no_name_calls_people_formats_or_links() -> None:
    words = "<!channel> <https://bad.com|click> & *bold* _x_ `code` <@U1>"
    got = read(replace(some_incident(), title=words, story=(words,)))
    told = got["blocks"][2]["text"]["text"]
    assert "<" not in told
    assert ">" not in told
    assert told.startswith("&lt;!channel&gt; &lt;hxxps://bad[.]com|click&gt; &amp; \u2060*bold")
    assert "<" not in got["text"]


def test_slacks_bounds_are_kept_and_no_escape_is_cut() -> None:
    got = read(replace(some_incident(), title="<" * 500, story=("&" * 999,) * 50, next_steps=("<" * 999,) * 50))
    head, facts, *texts = got["blocks"]
    assert len(head["text"]["text"]) <= 150
    assert len(facts["fields"]) <= 10
    for block in texts:
        told = block["text"]["text"]
        assert len(told) <= 3_000
        assert told.rstrip("…").endswith(";")


@pytest.mark.parametrize("law", laws_of(SlackMessage), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()
