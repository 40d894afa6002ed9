from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest
from pydantic import SecretStr

from vedette.abc import Delivery, Message, Settings
from vedette.plugins import discover
from vedette.testing.laws import Law, broken, laws_of


class Fine(Settings):
    """Settings."""

    token: SecretStr = SecretStr("")
    """A secret."""
    token_env: str = ""
    """Its variable."""
    token_file: str = ""
    """Its file."""
    key: str = ""
    """PEM file of our key."""


class Good(Delivery):
    """Brings messages nowhere."""

    name = "good"
    formats = ("ocsf_json",)
    options: ClassVar[type[Settings]] = Fine

    def send(self, messages: Sequence[Message]) -> None: ...


class NoSuchFormat(Good):
    """Brings runes."""

    formats = ("runes",)


class Taken(Fine):
    """Settings."""

    least: str = ""
    """Taken."""


class TakesWhatAllHave(Good):
    """Takes what all have."""

    options = Taken


class Plain(Settings):
    """Settings."""

    api_key: str = ""
    """A secret, in the open."""


class TellsItsSecret(Good):
    """Tells its secret."""

    options = Plain


class Lonely(Settings):
    """Settings."""

    password: SecretStr = SecretStr("")
    """A secret that can only stand here."""


class SaysItsSecretInOneWay(Good):
    """Says its secret in one way."""

    options = Lonely


@pytest.mark.parametrize(
    ("delivery", "breaks"),
    [
        (Good, set()),
        (NoSuchFormat, {"carries_formats_that_exist"}),
        (TakesWhatAllHave, {"leaves_the_settings_of_all_alone"}),
        (TellsItsSecret, {"keeps_its_secrets"}),
        (SaysItsSecretInOneWay, {"keeps_its_secrets"}),
    ],
)
def test_each_law_can_fail(delivery: type[Delivery], breaks: set[str]) -> None:
    assert broken(delivery) == breaks


@pytest.mark.parametrize("law", [law for d in discover(Delivery).values() for law in laws_of(d)], ids=str)
def test_all_that_ship_keep_them(law: Law) -> None:
    law.check()
