from __future__ import annotations

from pathlib import Path

import pytest

from vedette.config import Config, load, parse
from vedette.errors import ConfigError


def test_the_defaults_need_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load() == Config()
    (tmp_path / "vedette.toml").write_text("[incidents]\ngap_minutes = 5\n")
    assert load().incidents.gap.total_seconds() == 300


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("[network]\ninternl = []\n", "vedette.toml:2", "unknown setting"),
        ("[netwrk]\n", "vedette.toml:1", "unknown setting"),
        (
            "\n[network]\ninternal = ['10.0.0.1/8']\n",
            "vedette.toml:3",
            "network.internal: should be a network in CIDR form",
        ),
        ("[network]\ninternal = ['10.0.0.0/88']\n", "vedette.toml:2", "such as 10.0.0.0/8, not '10.0.0.0/88'"),
        ("[network]\ninternal = '10.0.0.0/8'\n", "vedette.toml:2", "should be a list in brackets"),
        ("network = 5\n", "vedette.toml:1", "should be a table of settings"),
        ("[time]\nzone = 'Mars/Olympus'\n", "vedette.toml:2", "time.zone: no such zone: 'Mars/Olympus' ["),
        ("[limits]\nmemory_mb = 1\n", "vedette.toml:2", "greater than or equal to 64"),
        ("[limits]\n\n# note\nmemory_mb = 'much'\n", "vedette.toml:4", "limits.memory_mb"),
        ("[detectors]\ndisabled = ['Not A Name']\n", "vedette.toml:2", "Not A Name"),
        ("[time]\nzone = 'Europe'\n", "vedette.toml:2", "no such zone: 'Europe'"),
        ("[brands]\nprotected = {Acme = ['acme']}\n", "vedette.toml:2", "Acme: not a domain: 'acme'"),
        ("[brands]\nprotected = {AB = ['ab.example']}\n", "vedette.toml:2", "three letters in a row: 'AB'"),
        ("[brands]\nprotected = {Acme = []}\n", "vedette.toml:2", "no domain of its own"),
        ("x = \n", "vedette.toml", "not TOML"),
        (f"x = {'[' * 5_000}", "vedette.toml", "not TOML"),
    ],
)
def test_a_bad_setting_is_named_with_its_line(text: str, where: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert caught.value.where == where
    assert what in str(caught.value)


def test_an_unknown_key_says_which_are_known() -> None:
    with pytest.raises(ConfigError, match=r"known here: internal, scanners, protected"):
        parse("[network]\ninternl = []\n")


def test_an_unreadable_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the settings: No such file"):
        load(tmp_path / "absent.toml")
    (tmp_path / "odd.toml").write_bytes(b"# \xff")
    with pytest.raises(ConfigError, match="byte 2 is not UTF-8"):
        load(tmp_path / "odd.toml")


def test_peer_groups_are_of_networks_and_of_people() -> None:
    config = parse('[network.groups]\nlab = ["10.9.0.0/16"]\n[people.groups]\nlab = ["ann"]\nsales = ["bob"]')
    assert {name: [str(m) for m in group] for name, group in config.peers().items()} == {
        "lab": ["10.9.0.0/16", "ann"],
        "sales": ["bob"],
    }
    assert Config().peers() == {}
