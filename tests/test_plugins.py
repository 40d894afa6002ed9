from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from vedette import plugins
from vedette.abc import Action, Detector, FeatureSet, Plugin, Settings, Sink, Source, Transport
from vedette.config import parse
from vedette.config.service import Part
from vedette.errors import ConfigError, PluginError
from vedette.plugins import FOLDERS, checked, configured, discover, readers

P = TypeVar("P", bound=Plugin)

_GOOD = '''"""A plug-in."""
from __future__ import annotations
from vedette.abc import Action
from vedette.model import Plan, Receipt

class {cls}(Action):
    """Does nothing."""
    name = "{name}"
    targets = ()
    reversible = True
    disruptive = False
    def plan(self, incident, target): return Plan(self.name, target, ())
    def apply(self, plan): return Receipt(plan, "done")
    def undo(self, receipt): return Receipt(receipt.plan, "undone")
'''


def _package(folder: Path, name: str, modules: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    home = folder / name
    home.mkdir()
    (home / "__init__.py").write_text('"""Plug-ins."""\n')
    for module, text in modules.items():
        (home / f"{module}.py").write_text(text)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, name, raising=False)
    return name


@pytest.mark.parametrize("kind", [Source, FeatureSet, Detector, Action, Sink])
def test_plugins_are_found_by_being_in_their_folder(kind: type[Plugin]) -> None:
    found = discover(kind)
    assert list(found) == sorted(found)
    assert all(cls.name == name and cls.__module__.startswith(FOLDERS[kind]) for name, cls in found.items())


def test_a_new_file_is_a_new_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = {"one": _GOOD.format(cls="One", name="one"), "two": _GOOD.format(cls="Two", name="two")}
    assert list(discover(Action, _package(tmp_path, "fresh_plugins", modules, monkeypatch))) == ["one", "two"]


@pytest.mark.parametrize("name", ["one", ""])
def test_a_name_taken_or_empty_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    modules = {"one": _GOOD.format(cls="One", name="one"), "two": _GOOD.format(cls="Two", name=name)}
    package = _package(tmp_path, f"twin_plugins_{len(name)}", modules, monkeypatch)
    with pytest.raises(PluginError, match="empty or taken"):
        discover(Action, package)


@pytest.mark.parametrize("value", ["no_such_module:Thing", "json:no_such_name", "json:dumps"])
def test_a_broken_entry_point_is_an_error_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    name = _package(tmp_path, f"plugs_{value.replace(':', '_')}", {}, monkeypatch)
    facts = tmp_path / f"{name}-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(f"[{name}]\nmine = {value}\n")
    with pytest.raises(PluginError, match="mine = "):
        discover(Action, name)


@pytest.mark.parametrize("source", discover(Source).values(), ids=lambda source: source.name)
def test_an_example_has_the_reader_it_is_of(source: type[Source]) -> None:
    example = source.example()
    assert readers(example.data[:4096], example.filename) == [source]


def test_a_fallback_reads_what_no_other_does() -> None:
    (found,) = readers(b"2026-01-02 03:04:05 INFO something went on\n2026-01-02 03:04:06 INFO again\n")
    assert found.fallback
    assert readers(b"\x00\x01\x02 no known format") == []


class _Options(Settings):
    port: int
    words: tuple[str, ...] = ()


class _Ear(Transport):
    """Hears nothing."""

    name = "ear"
    options = _Options
    lossless = False

    async def run(self, inlet: object) -> None:
        return


@pytest.fixture
def _ears(monkeypatch: pytest.MonkeyPatch) -> None:
    found: Callable[[type[P]], dict[str, Any]] = lambda _: {"ear": _Ear}  # noqa: E731
    monkeypatch.setattr(plugins, "discover", found)


@pytest.mark.usefixtures("_ears")
def test_a_table_becomes_a_plugin_and_its_settings() -> None:
    (part,) = parse('[[inputs]]\ntransport = "ear"\nport = 7\nfilter = "no setting of it"\n').inputs
    assert configured(Transport, part, "transport", "inputs[0]", besides=("filter",)) == (_Ear, _Options(port=7))
    assert checked(_Ear, {"port": "8", "words": ["a"]}, "here") == _Options(port=8, words=("a",))


@pytest.mark.usefixtures("_ears")
@pytest.mark.parametrize(
    ("table", "where", "said"),
    [
        ({}, "inputs[2].transport", "says no transport"),
        ({"transport": "nose"}, "inputs[2].transport", "no such transport: 'nose'"),
        ({"transport": ["ear"]}, "inputs[2].transport", "no such transport"),
        ({"transport": "ear"}, "inputs[2].port", "must be said"),
        ({"transport": "ear", "port": "x"}, "inputs[2].port", "valid integer"),
        ({"transport": "ear", "port": 1, "words": ["a", 2]}, "inputs[2].words.1", "valid string"),
        ({"transport": "ear", "port": 1, "prot": 2}, "inputs[2].prot", "unknown setting"),
    ],
)
def test_a_bad_table_is_an_error_that_says_where(table: dict[str, Any], where: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as error:
        configured(Transport, Part(**table), "transport", "inputs[2]")
    assert error.value.where == where
    assert "ear" in error.value.hint
