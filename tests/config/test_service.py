from __future__ import annotations

from datetime import timedelta

import pytest

from vedette.config import parse
from vedette.errors import ConfigError


def test_the_service_listens_on_loopback_unless_told() -> None:
    config = parse("")
    assert config.api.host == "127.0.0.1"
    assert config.serve.horizon == timedelta(hours=48)


def test_inputs_and_sinks_are_lists_of_tables_whose_plugins_check_them() -> None:
    config = parse(
        '[[inputs]]\ntransport = "tail"\npath = "a.log"\n[[sinks]]\nformat = "cef"\n[actions.x]\nurl = "u"\n'
    )
    assert config.inputs[0].model_dump() == {"transport": "tail", "path": "a.log"}
    assert config.actions["x"].model_dump() == {"url": "u"}


@pytest.mark.parametrize(
    ("text", "line"), [("[api]\nport = 70000\n", 2), ("[serve]\nbacklog = 1\n", 2), ("[store]\n\nuri = 1\n", 3)]
)
def test_a_bad_value_is_told_by_name_and_line(text: str, line: int) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text, "v.toml")
    assert caught.value.where == f"v.toml:{line}"
