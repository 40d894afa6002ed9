"""The documentation tells the truth: its code runs, its commands and settings exist, and everything that exists has its place in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from html import unescape
from pathlib import Path

import pytest
from pydantic import BaseModel
from tools import reference
from typer.main import get_command

from vedette.abc import Action, Delivery, Detector, FeatureSet, Plugin, Sink, Source, Transport
from vedette.app.api.application import schema
from vedette.app.cli import app
from vedette.config import Config, parse
from vedette.events.schema import SCHEMAS
from vedette.plugins import discover
from vedette.response.conditions import When
from vedette.response.playbook import Match, Playbook, Step

ROOT = Path(__file__).parents[1]
WRITTEN = sorted(p for p in ROOT.glob("docs/**/*.md") if "generated" not in p.parts)
FRONT = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")]
RUNS = re.compile(r"<!-- run(?:: (\d))? -->\n```(\w+)\n(.*?)```", re.DOTALL)
BLOCKS = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
PAGE_OF: dict[type[Plugin], str] = {
    Source: "sources",
    FeatureSet: "features",
    Detector: "detectors",
    Action: "actions",
    Sink: "sinks",
    Delivery: "deliveries",
    Transport: "transports",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def commands() -> dict[str, set[str]]:
    """Return every command with its flags, and those of its parts (`models list`)."""
    found = getattr(get_command(app), "commands", {})
    parts = {name: [c, *getattr(c, "commands", {}).values()] for name, c in found.items()}
    return {
        name: {word for c in family for p in c.params for word in p.opts if word.startswith("-")}
        for name, family in parts.items()
    }


def settings() -> dict[str, set[str]]:
    """Return every section with its settings."""
    sections = {}
    for name, field in Config.model_fields.items():
        if name in ("actions", "inputs", "sinks"):  # plug-ins make theirs: their pages tell them
            continue
        assert isinstance(field.annotation, type)
        assert issubclass(field.annotation, BaseModel)
        sections[name] = set(field.annotation.model_fields)
    return sections


# ----------------------------------------------------------------------------------------- everything has its place


@pytest.mark.parametrize("kind", PAGE_OF, ids=lambda kind: kind.__name__)
def test_every_plugin_has_its_section(kind: type[Plugin]) -> None:
    page = reference.PAGES[PAGE_OF[kind]]()
    for name, cls in discover(kind).items():
        first_line = (cls.__doc__ or "").strip().split("\n")[0].replace("``", "`")
        assert f"## `{name}` {{ #{name} }}\n\n{first_line}" in page


def test_every_detector_page_says_where_it_errs() -> None:
    for part in reference.detectors().split("\n## ")[1:]:
        assert re.search(r"\*\*Known false positives\*\*\n\n+[-*] ", part)
        assert re.search(r"\*\*Blind spots\*\*\n\n+[-*] ", part)
        assert "``" not in part.replace("```", "")


def test_every_command_and_flag_is_told() -> None:
    parts = dict(re.findall(r"## `vedette (\w+)`[^\n]*\n(.*?)(?=\n## |\Z)", reference.commands(), re.DOTALL))
    for name, flags in commands().items():
        told = set(re.findall(r"`(--?[a-z][a-z-]*)`", parts[name]))
        assert flags - {"--help"} <= told, name


def test_every_setting_is_told_with_its_meaning() -> None:
    page = reference.configuration()
    for section, names in settings().items():
        text = page.split(f"## `[{section}]`")[1].split("\n## ")[0]
        rows = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", text, re.MULTILINE))
        assert set(rows) == names
        assert all(meaning.strip().endswith(".") for meaning in rows.values()), section


@pytest.mark.parametrize("kind", [Action, Delivery, Transport], ids=lambda kind: kind.__name__)
def test_every_setting_of_a_plugin_is_told_with_its_meaning(kind: type[Plugin]) -> None:
    page = reference.PAGES[PAGE_OF[kind]]()
    for name, cls in discover(kind).items():
        text = page.split(f"## `{name}` {{ #{name} }}")[1].split("\n## ")[0]
        rows = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", text, re.MULTILINE))
        assert set(rows) == set(getattr(cls, "options").model_fields)  # noqa: B009 - of these three kinds alone
        assert all(meaning.strip().endswith(".") for meaning in rows.values()), name


def test_every_column_is_told() -> None:
    page = reference.columns()
    missing = {name for schema in SCHEMAS.values() for name in schema if f"| `{name}` |" not in page}
    assert not missing


def test_every_error_and_exit_code_is_told() -> None:
    page = reference.errors()
    source = (ROOT / "src/vedette/errors.py").read_text()
    assert set(re.findall(r"^class (\w+)", source, re.MULTILINE)) == set(re.findall(r"^\| `(\w+)`", page, re.MULTILINE))
    codes = (ROOT / "docs/reference/exit-codes.md").read_text()
    assert re.findall(r"^\| (\d) \|", codes, re.MULTILINE) == ["0", "1", "2", "3"]


def test_every_endpoint_is_told_with_its_role() -> None:
    page = reference.api()
    for path, methods in schema()["paths"].items():
        for method in methods:
            part = page.split(f"### `{method.upper()} {path}`\n")[1].split("\n#")[0]
            assert re.search(r"^Role: (none|viewer|analyst|responder|admin)\.", part, re.MULTILINE), path
            assert ("Role: none." in part) == (path == "/healthz"), path


def test_every_drill_step_is_told() -> None:
    page = reference.drills()
    assert len(reference.step_kinds()) == page.count("\n## `")
    for step in reference.step_kinds():
        for field in step.model_fields:
            assert field in ("title", "do") or f"| `{field}` |" in page


def test_every_part_of_the_report_is_told() -> None:
    template = (ROOT / "src/vedette/app/report/report.html.j2").read_text("utf-8")
    page = (ROOT / "docs/how-to/read-the-report.md").read_text("utf-8")
    parts = [unescape(part).strip() for part in re.findall(r"<h[23]>([^<{]+)", template)]
    assert len(parts) > 6
    assert [part for part in parts if part not in page] == []


def test_every_key_of_a_playbook_is_told() -> None:
    page = (ROOT / "docs/reference/playbooks.md").read_text("utf-8")
    keys = {name for part in (Playbook, Match, Step, When) for name in part.__struct_fields__}
    told = set(
        re.findall(r"[`.](\w+)`", "\n".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `")))
    )
    assert keys <= told


# ------------------------------------------------------------------------------------- nothing is told that is not


@pytest.mark.parametrize("path", [*WRITTEN, *FRONT], ids=name_of)
def test_commands_in_shell_blocks_exist(path: Path) -> None:
    known = commands()
    for language, code in BLOCKS.findall(path.read_text("utf-8")):
        for command, rest in re.findall(r"\bvedette (\w+)([^\n|#)]*)", code) if language == "sh" else ():
            assert command in known, f"no command {command!r}"
            unknown = set(re.findall(r"(?<=\s)--?[a-z][a-z-]*", rest)) - known[command]
            assert not unknown, f"vedette {command} has no {unknown}"


@pytest.mark.parametrize("path", [*WRITTEN, *FRONT], ids=name_of)
def test_settings_in_toml_blocks_are_valid(path: Path) -> None:
    for language, code in BLOCKS.findall(path.read_text("utf-8")):
        if language == "toml" and "entry-points" not in code:
            assert parse(code) != Config(), "the example changes nothing"
            assert tomllib.loads(code)


@pytest.mark.parametrize("path", [*WRITTEN, *FRONT], ids=name_of)
def test_flags_in_prose_exist(path: Path) -> None:
    known = set().union(*commands().values()) | {"--help", "--version"}
    assert set(re.findall(r"`(--[a-z][a-z-]*)", path.read_text("utf-8"))) <= known


@pytest.mark.parametrize("path", [*WRITTEN, *FRONT], ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", path.read_text("utf-8")):
        generated = re.search(r"generated/(\w+)\.md$", target)
        assert generated[1] in reference.PAGES if generated else (path.parent / target).exists(), target


def test_make_targets_in_the_front_pages_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for path in FRONT:
        assert set(re.findall(r"^make ([a-z]+)", path.read_text("utf-8"), re.MULTILINE)) <= targets


# ------------------------------------------------------------------------------------------------------ its code runs


@pytest.mark.parametrize(
    "path", [p for p in WRITTEN if p.parent.name == "how-to" and RUNS.search(p.read_text("utf-8"))], ids=name_of
)
def test_python_of_the_how_tos_runs(path: Path) -> None:
    names: dict[str, object] = {"__name__": "how_to"}
    blocks = [code for _, language, code in RUNS.findall(path.read_text("utf-8")) if language == "python"]
    assert blocks
    for code in blocks:
        exec(compile(code, name_of(path), "exec"), names)  # noqa: S102 - our own documentation


def shell(script: str) -> list[str]:
    found = shutil.which("bash")
    assert found
    return [found, "-euc", script]


def test_shell_of_the_tutorial_runs(tmp_path: Path) -> None:
    """Every marked block runs in turn, in an empty folder, without a network, and ends with the exit code that it says."""
    env = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path / "home"),
        "LC_ALL": "C.UTF-8",
        "http_proxy": "http://127.0.0.1:9",  # nothing listens there: a download would fail
        "https_proxy": "http://127.0.0.1:9",
    }
    folder = tmp_path / "work"
    folder.mkdir()
    blocks = RUNS.findall((ROOT / "docs/tutorial/first-incident.md").read_text("utf-8"))
    assert len(blocks) > 4
    for code, _, script in blocks:
        done = subprocess.run(  # noqa: S603 - our own documentation
            shell(script), cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == int(code or 0), f"{script}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        assert done.stdout.strip()
    assert (folder / "report.html").stat().st_size > 10_000
