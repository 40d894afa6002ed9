from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vedette.abc import Action, Detector, FeatureSet, Plugin, Sink, Source
from vedette.errors import PluginError
from vedette.plugins import FOLDERS, discover

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
