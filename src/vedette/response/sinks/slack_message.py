"""Slack's Block Kit."""

from __future__ import annotations

import orjson

from vedette.abc import Sink
from vedette.events.batch import EventBatch
from vedette.response.json_lines import one_line
from vedette.response.summary import Summary, summaries

MARKS = {
    1: ":white_circle:",
    2: ":large_blue_circle:",
    3: ":large_yellow_circle:",
    4: ":large_orange_circle:",
    5: ":red_circle:",
}
"""OCSF ``severity_id`` -> a mark."""
TITLE_LIMIT, TEXT_LIMIT, FACT_LIMIT, FACTS = 150, 2_900, 1_900, 10
"""What Slack takes: characters of a header, of a text, of a field; fields of a section."""
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class SlackMessage(Sink):
    """Messages for Slack (Block Kit), one JSON object a line: heading, facts, story, what to do next.

    No name in it can call people, format the text or make a link: what people wrote is escaped, and taken word for word.
    """

    name = "slack_message"
    media_type = "application/json"

    def encode(self, batch: EventBatch) -> bytes:
        return b"".join(one_line(orjson.dumps(_message(s))) for s in summaries(batch))

    def frames(self, data: bytes) -> int:
        return data.count(b"\n")


def _message(of: Summary) -> dict[str, object]:
    mark = ":white_check_mark:" if of.is_closed else MARKS.get(of.severity_id, "")
    head = f"{mark} {of.title}".strip()
    blocks: list[dict[str, object]] = [
        {"type": "header", "text": {"type": "plain_text", "text": head[:TITLE_LIMIT], "emoji": True}}
    ]
    if facts := [_words(f"*{word}*\n", value, FACT_LIMIT) for word, value in of.facts[:FACTS]]:
        blocks.append({"type": "section", "fields": facts})
    for heading, lines in (("", of.story), ("*Why we think so*\n", of.reasons), ("*What to do next*\n", of.steps)):
        if lines:
            told = "\n".join(f"• {line}" for line in lines) if heading else "\n".join(lines)
            blocks.append({"type": "section", "text": _words(heading, told, TEXT_LIMIT)})
    return {"text": head.translate(_ESCAPES), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _words(heading: str, text: str, limit: int) -> dict[str, object]:
    """Return a text whose heading is formatted and whose words are as they are; escapes are not cut in two."""
    pieces: list[str] = []
    left = limit
    for character in text:
        piece = character.translate(_ESCAPES)
        if len(piece) >= left:
            pieces.append("…")
            break
        pieces.append(piece)
        left -= len(piece)
    return {"type": "mrkdwn", "text": heading + _unformatted("".join(pieces)), "verbatim": True}


def _unformatted(text: str) -> str:
    """Return text in which no character formats: a word joiner stands beside those that would."""
    return "".join(f"\u2060{c}" if c in "*_~`" else c for c in text)
