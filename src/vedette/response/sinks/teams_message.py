"""Adaptive Cards, as Microsoft Teams takes them from a workflow's webhook."""

from __future__ import annotations

import orjson

from vedette.abc import Sink
from vedette.events.batch import EventBatch
from vedette.response.json_lines import one_line
from vedette.response.summary import Summary, summaries

COLOURS = {3: "warning", 4: "attention", 5: "attention"}
"""OCSF ``severity_id`` -> the colour of the heading."""
MOST_BYTES = 24_000
"""Teams takes 28 kB; the story is cut to fit."""


class TeamsMessage(Sink):
    """Messages for Microsoft Teams (an Adaptive Card in a message), one JSON object a line: heading, facts, story, what to do next.

    Texts stand in text runs, which know no Markdown: no name in it can format the text or make a link.
    """

    name = "teams_message"
    media_type = "application/json"

    def encode(self, batch: EventBatch) -> bytes:
        return b"".join(one_line(_fitting(s)) for s in summaries(batch))

    def frames(self, data: bytes) -> int:
        return data.count(b"\n")


def _fitting(of: Summary) -> bytes:
    """Return a message of at most ``MOST_BYTES``: lines of the story go first, the last of them first."""
    for kept in (len(of.story), 8, 4, 2, 1, 0):
        data = orjson.dumps(_message(of, kept))
        if len(data) <= MOST_BYTES:
            break
    return data


def _message(of: Summary, lines: int) -> dict[str, object]:
    body: list[dict[str, object]] = [
        _text(("CLOSED: " if of.is_closed else "") + of.title, size="large", weight="bolder", colour=_colour(of))
    ]
    body += [_fact(word, value) for word, value in of.facts]
    body += [_text(line) for line in of.story[:lines]]
    for heading, told in (("Why we think so", of.reasons), ("What to do next", of.steps)):
        if told:
            body += [_text(heading, weight="bolder"), *(_text(f"• {line}") for line in told)]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "msteams": {"width": "Full"},
    }
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "summary": of.title, "attachments": [content]}


def _colour(of: Summary) -> str:
    return "good" if of.is_closed else COLOURS.get(of.severity_id, "default")


def _text(text: str, *, size: str = "default", weight: str = "default", colour: str = "default") -> dict[str, object]:
    run = {"type": "TextRun", "text": text, "size": size, "weight": weight, "color": colour}
    return {"type": "RichTextBlock", "inlines": [run]}


def _fact(word: str, value: str) -> dict[str, object]:
    runs = [{"type": "TextRun", "text": f"{word}: ", "weight": "bolder"}, {"type": "TextRun", "text": value}]
    return {"type": "RichTextBlock", "spacing": "none", "inlines": runs}
