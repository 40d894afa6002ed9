"""Microsoft Teams, by the webhook of a workflow."""

from __future__ import annotations

from vedette.response.channel import Channel


class Teams(Channel):
    """A card per incident to a channel, by the URL of a workflow ("Post to a channel when a webhook request is received").

    Whoever knows that URL can write to the channel: give it as ``url_env`` or ``url_file``.
    """

    name = "teams"
    formats = ("teams_message",)
