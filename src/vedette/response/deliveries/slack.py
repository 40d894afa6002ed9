"""Slack, by an incoming webhook."""

from __future__ import annotations

from vedette.response.channel import Channel


class Slack(Channel):
    """A message per incident to a channel, by the URL of an incoming webhook.

    Whoever knows that URL can write to the channel: give it as ``url_env`` or ``url_file``.
    """

    name = "slack"
    formats = ("slack_message",)
