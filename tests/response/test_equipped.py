from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from vedette.abc import Action
from vedette.config import Config, parse
from vedette.errors import ConfigError
from vedette.model import Entity, EntityKind, Plan
from vedette.plugins import discover
from vedette.response.actions.block_address import BlockAddress
from vedette.response.equipped import equipped, lasts


def test_every_action_is_there_with_its_settings() -> None:
    actions = equipped(Config.model_validate({"actions": {"block_address": {"minutes": 5}}}))
    assert {name: type(a) for name, a in actions.items()} == discover(Action)
    block = actions["block_address"]
    assert isinstance(block, BlockAddress)
    assert block.settings.minutes == 5


@pytest.mark.parametrize(
    ("settings", "where", "words"),
    [
        ({"actions": {"explode": {}}}, "actions.explode", "no such action: 'explode'"),
        ({"response": {"actions": {"explode": "approve"}}}, "response.actions.explode", "no such action: 'explode'"),
        ({"actions": {"block_address": {"minutes": 0}}}, "actions.block_address.minutes", "minutes|greater"),
        ({"actions": {"block_address": {"vai": "x"}}}, "actions.block_address.vai", "unknown setting"),
        ({"actions": {"block_address": {"via": "telnet gw"}}}, "actions.block_address.via", "ssh root@gw1"),
    ],
)
def test_settings_that_are_wrong_stop_it_by_name(settings: dict[str, object], where: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        equipped(Config.model_validate(settings))
    assert caught.value.where == where


@pytest.mark.parametrize("page", ["respond.md", "block-with-nftables.md"])
def test_what_the_how_tos_set_up_is_ready(page: str) -> None:
    text = (Path(__file__).parents[2] / "docs/how-to" / page).read_text("utf-8")
    blocks = [parse(block) for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)]
    configs = [config for config in blocks if config.actions]
    assert configs
    for config in configs:
        actions = equipped(config)
        assert {name: actions[name].ready() for name in config.actions} == dict.fromkeys(config.actions, "")


def test_how_long_a_plan_is_in_force_is_said_as_it_is() -> None:
    plan = Plan("block_address", Entity(EntityKind.ADDRESS, "203.0.113.7"), ("x",), ttl_seconds=5400)
    assert lasts(plan) == "for 1 h 30 min"
    assert lasts(replace(plan, action="open_case")) == "until it is taken back"
    assert lasts(replace(plan, action="end_sessions")) == "for good"
    assert lasts(replace(plan, action="of_another_version")) == "for 1 h 30 min"
