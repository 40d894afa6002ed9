"""The generated half of the documentation: what the code says of itself, as pages; and the navigation.

A hook of mkdocs (``mkdocs.yml``): before each build it writes ``docs/reference/generated/``, which is not committed. Every page is a
function from nothing to Markdown, so that a test can read it without mkdocs.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from typer.main import get_command

from vedette.abc import (
    Action,
    Dataset,
    Delivery,
    Detector,
    Evasion,
    FeatureSet,
    Learned,
    Plugin,
    Settings,
    Sink,
    Source,
    Transport,
    Wanted,
    WindowFeatures,
)
from vedette.app.api import application
from vedette.app.cli import app
from vedette.app.drill.steps import AnyStep, Step
from vedette.config import Config
from vedette.errors import VedetteError
from vedette.events.schema import SCHEMAS
from vedette.intel.content import content
from vedette.learning import card_page
from vedette.plugins import discover
from vedette.scoring.artefact import MANIFEST, read
from vedette.testing.laws import laws_of

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SECTIONS = {
    "Tutorial": "tutorial",
    "How-to": "how-to",
    "Reference": "reference",
    "Explanation": "explanation",
    "Decisions": "decisions",
}
"""Tabs of the site and their folders; the pages of a folder are found, not listed."""

_ATTACK = "https://attack.mitre.org/techniques/"


# ------------------------------------------------------------------------------------------------------------- docstrings


def markdown(doc: str) -> str:
    """Return a docstring as Markdown: sections of the house ("Blind spots:") become bold lines with their list."""
    lines = []
    for line in inspect.cleandoc(doc).splitlines():
        section = re.fullmatch(r"([A-Z][a-z][a-z ]+):", line)
        lines.append(f"**{section[1]}**\n" if section else line)
    text = re.sub(r"^    (?=\S)", "", "\n".join(lines), flags=re.MULTILINE)
    return re.sub(r"``([^`]+)``", r"`\1`", text)


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    cells = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(c.replace('|', chr(92) + '|') for c in row)} |" for row in cells)


def _code(items: tuple[str, ...]) -> str:
    return ", ".join(f"`{item}`" for item in items) or "none"


def _plugins(title: str, intro: str, kind: type[Plugin], facts: Callable[[Any], Iterator[tuple[str, str]]]) -> str:
    parts = [f"# {title}\n\n{intro}"]
    for name, cls in discover(kind).items():
        told = "\n".join(f"- **{fact}:** {value}" for fact, value in facts(cls))
        options = getattr(cls, "options", Settings)
        table = f"\n\n**Settings**\n\n{_settings(options)}" if options.model_fields else ""
        parts.append(f"## `{name}` {{ #{name} }}\n\n{markdown(cls.__doc__ or '')}\n\n**In short**\n\n{told}{table}")
    if len(parts) == 1:
        parts.append("None in this release.")
    return "\n\n".join(parts) + "\n"


def _settings(model: type[BaseModel]) -> str:
    """Return a table of settings: name, type, default, meaning."""
    rows = (
        (
            f"`{name}`",
            _limits(model, name),
            "none: it must be said" if f.is_required() else _default(f.get_default(call_default_factory=True)),
            _plain(f.description or ""),
        )
        for name, f in model.model_fields.items()
    )
    return _table(("setting", "type", "default", "meaning"), rows)


# ------------------------------------------------------------------------------------------------------------------ pages


def detectors() -> str:
    """Return the page of detectors."""

    def facts(cls: type[Detector]) -> Iterator[tuple[str, str]]:
        ids = (f"[{t}]({_ATTACK}{t.replace('.', '/')}/)" for t in cls.techniques)
        yield "Finding", cls.title
        yield "ATT&CK", ", ".join(ids) or "as the event says"
        yield "Severity", cls.severity.name.lower()
        yield "Kind of analytic", cls.analytic.name.lower()
        yield "Reports from", f"a score of {cls.threshold:g}"
        yield "Reads", f"[`{cls.needs.name}`](features.md#{cls.needs.name})"

    intro = "What Vedette looks for. Each page says what is normal, which statistic decides, and where it errs."
    return _plugins("Detectors", intro, Detector, facts)


def sources() -> str:
    """Return the page of sources."""

    def facts(cls: type[Source]) -> Iterator[tuple[str, str]]:
        yield "Emits", ", ".join(kind.caption for kind in cls.emits)
        yield "Example", f"`{cls.example().filename}`"

    intro = "What Vedette reads. The format is told from the content, never from the file's name."
    return _plugins("Sources", intro, Source, facts)


def features() -> str:
    """Return the page of feature sets."""

    def facts(cls: type[FeatureSet]) -> Iterator[tuple[str, str]]:
        yield "Events", cls.needs.caption
        yield "Cannot run without", _code(cls.requires)
        yield "Uses where there", _code(cls.uses)
        if issubclass(cls, WindowFeatures):
            yield "A row per", _code(cls.keys)
            yield "Windows", ", ".join(map(str, cls.windows))
        yield "Columns", _code(tuple(cls().schema().names()))

    intro = "Events become rows of numbers here; detectors score the rows."
    return _plugins("Feature sets", intro, FeatureSet, facts)


def actions() -> str:
    """Return the page of actions."""

    def facts(cls: type[Action]) -> Iterator[tuple[str, str]]:
        yield "Acts on", ", ".join(kind.value for kind in cls.targets)
        yield "Can be undone", "yes" if cls.reversible else "no"
        yield "Can interrupt somebody's work", "yes" if cls.disruptive else "no"

    intro = "What Vedette can propose, and do where the guard and your settings allow it."
    return _plugins("Actions", intro, Action, facts)


def sinks() -> str:
    """Return the page of sinks."""

    def facts(cls: type[Sink]) -> Iterator[tuple[str, str]]:
        yield "Media type", f"`{cls.media_type}`"

    return _plugins("Sinks", "How events, findings and incidents are written for other programs.", Sink, facts)


def deliveries() -> str:
    """Return the page of deliveries."""

    def facts(cls: type[Delivery]) -> Iterator[tuple[str, str]]:
        yield "Carries", _code(cls.formats) if cls.formats else "any format"

    intro = "How what was found reaches other systems: tables `[[sinks]]`. Each takes these settings, and those of its delivery below."
    return _plugins("Deliveries", f"{intro}\n\n{_settings(Wanted)}", Delivery, facts)


def transports() -> str:
    """Return the page of transports."""

    def facts(cls: type[Transport]) -> Iterator[tuple[str, str]]:
        yield "Nothing is lost while the sender stays", "yes" if cls.lossless else "no"

    return _plugins("Transports", "How `vedette serve` receives: tables `[[inputs]]`.", Transport, facts)


_OF_PLUGINS = {
    "actions": ("[actions.NAME]", "Each action names its own on [its page](actions.md)."),
    "inputs": ("[[inputs]]", "Each transport names its own on [its page](transports.md)."),
    "sinks": ("[[sinks]]", "Each delivery names its own on [its page](deliveries.md)."),
}
"""Sections whose settings plug-ins make: heading, and where they are told."""


def configuration() -> str:
    """Return the page of settings."""
    parts = [
        "# Settings",
        (
            "`vedette.toml`, in the folder where you start `vedette` or given with `--config`. Every setting has a default; the file is "
            "optional. An unknown key or a bad value stops the start and is told by name and line."
        ),
    ]
    for section, field in Config.model_fields.items():
        if section in _OF_PLUGINS:
            parts.append(
                f"## `{_OF_PLUGINS[section][0]}` {{ #{section} }}\n\n{_plain(field.description or '')} {_OF_PLUGINS[section][1]}"
            )
            continue
        model = field.annotation
        if not inspect.isclass(model) or not issubclass(model, BaseModel):
            raise TypeError(f"{section} is not a section of settings")
        about = markdown(model.__doc__ or "")
        parts.append(f"## `[{section}]` {{ #{section} }}\n\n{about}\n\n{_settings(model)}")
    return "\n\n".join(parts) + "\n"


def _plain(text: str) -> str:
    return re.sub(r"``([^`]+)``", r"`\1`", " ".join(text.split()))


_BOUNDS = {"minimum": "at least", "maximum": "at most", "exclusiveMinimum": "above", "exclusiveMaximum": "below"}


def _limits(model: type[BaseModel], name: str) -> str:
    field = model.model_json_schema()["properties"][name]
    bounds = [f"{word} {field[key]:,}" for key, word in _BOUNDS.items() if key in field]
    kind = (
        "list of text"
        if field.get("type") == "array"
        else {"string": "text"}.get(field.get("type", ""), field.get("type", "text"))
    )
    return ", ".join([kind, *bounds])


def _default(value: object) -> str:
    """Return a value as it is written in TOML or YAML."""
    plain = (
        [item if isinstance(item, int | float) else str(item) for item in value] if isinstance(value, tuple) else value
    )
    return f"`{json.dumps(plain, default=str)}`"  # str: a secret, which shows nothing of itself


def columns() -> str:
    """Return the page of event classes and their columns."""
    parts = [
        "# Event columns",
        (
            "Every event is a row of an [OCSF 1.8](https://schema.ocsf.io/1.8.0/) class. A column is named by its attribute path; a path "
            "through an array is a list. What OCSF lacks stands under `vedette.`. A column that an input does not have is absent."
        ),
    ]
    base = SCHEMAS[min(SCHEMAS)]
    parts.append("## Every class\n\n" + _columns(dict(base)))
    for kind, schema in SCHEMAS.items():
        own = {name: dtype for name, dtype in schema.items() if name not in base}
        if own:
            title = kind.caption
            parts.append(f"## {title} ({kind.class_uid}) {{ #{kind.name.lower()} }}\n\n{_columns(own)}")
    return "\n\n".join(parts) + "\n"


def _columns(schema: dict[str, Any]) -> str:
    return _table(("column", "type"), ((f"`{name}`", f"`{dtype}`") for name, dtype in schema.items()))


def errors() -> str:
    """Return the page of errors."""
    tree: list[type[VedetteError]] = [VedetteError]
    for cls in tree:
        tree.extend(cls.__subclasses__())
    rows = (
        (f"`{cls.__name__}`", f"`{cls.__mro__[1].__name__}`", _plain((cls.__doc__ or "").split("\n")[0]))
        for cls in tree
    )
    return (
        "# Errors\n\nEvery error that Vedette raises on purpose. Its message says what failed, where, and what to do next.\n\n"
        + _table(("error", "kind of", "meaning"), rows)
        + "\n"
    )


def laws() -> str:
    """Return the page of laws, by kind of plug-in."""
    parts = [
        "# Laws",
        "What every plug-in keeps, whoever wrote it: `vedette.testing.laws.laws_of(plugin)` gives them, ready to run.",
    ]
    for kind in (Source, FeatureSet, Detector, Learned, Dataset, Evasion, Action, Sink, Delivery, Transport):
        rows = ((f"`{law.name}`", _plain(law.rule.__doc__ or "")) for law in laws_of(kind))
        parts.append(f"## {kind.__name__}\n\n{_table(('law', 'what it says'), rows)}")
    return "\n\n".join(parts) + "\n"


def drills() -> str:
    """Return the page of drill steps."""
    parts = [
        "# Drills",
        (
            "A drill is a YAML file under `content/drills/`: a cast of addresses, steps, what a good detector finds (`expect`), and what "
            "it may mention as low at the most (`harmless`). `office-day.yaml` shows every part. Each step has a `title` and says in `do` "
            "what happens. Times of day are written `08:30` or `16:45:10`, spans `500ms`, `20s`, `15m`, `2h`; `when` is "
            "`{start, until, count}` or `{start, until, every}`."
        ),
    ]
    for step in step_kinds():
        word = step.model_fields["do"].annotation.__args__[0]  # type: ignore[union-attr]
        rows = (
            (f"`{name}`", "required" if f.is_required() else _default(f.get_default()))
            for name, f in step.model_fields.items()
            if name not in ("title", "do")
        )
        parts.append(
            f"## `{word}` {{ #{word} }}\n\n{markdown(step.__doc__ or '')}\n\n{_table(('field', 'default'), rows)}"
        )
    return "\n\n".join(parts) + "\n"


def step_kinds() -> tuple[type[Step], ...]:
    """Return every kind of step."""
    return tuple(AnyStep.__origin__.__args__)  # type: ignore[attr-defined]


def commands() -> str:
    """Return the page of commands and their flags."""
    root = get_command(app)
    parts = [f"# Commands\n\n{root.help}"]
    for name, command in sorted(getattr(root, "commands", {}).items()):
        parts.append(f"## `vedette {name}` {{ #{name} }}\n\n{command.help}\n\n{_flags(command)}".rstrip())
        for part, inner in getattr(command, "commands", {}).items():
            parts.append(f"### `vedette {name} {part}`\n\n{inner.help}\n\n{_flags(inner)}".rstrip())
    parts.append("Every command has `--help`. `vedette --version` shows the version. [Exit codes](../exit-codes.md).")
    return "\n\n".join(parts) + "\n"


def _flags(command: Any) -> str:  # noqa: ANN401 - typer's and click's commands share no typed base
    rows = [_parameter(p) for p in command.params if p.name != "help"]
    return _table(("argument or flag", "meaning"), iter(rows)) if rows else ""


def _parameter(parameter: Any) -> tuple[str, str]:  # noqa: ANN401 - typer's and click's parameters share no typed base
    words = parameter.opts if parameter.param_type_name == "option" else [parameter.metavar or parameter.name]
    default = "" if parameter.default in (None, False) else f" Default: `{parameter.default}`."
    return ", ".join(f"`{word}`" for word in words), f"{parameter.help}{default}"


def models() -> str:
    """Return the page of model cards: one of each model that ships."""
    parts = [
        "# Models",
        (
            "The models that come with Vedette. Each is a folder of open formats with the hash of every file; "
            "[a recipe](../recipes.md) says how it was made, and `vedette train NAME --check` makes it again and compares."
        ),
    ]
    for folder in sorted(content("models").iterdir()):
        if (folder / MANIFEST).is_file():
            model = read(folder)
            parts.append(card_page.page(model.name, model.version, model.card).rstrip())
    return "\n\n".join(parts) + "\n"


def api() -> str:
    """Return the page of the API's endpoints."""
    told = application.schema()
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append((f"{method.upper()} {path}", operation))
    parts = [
        "# API",
        (
            "What `vedette serve` answers; [how to ask it](../../how-to/api.md). Each endpoint names the role that its token must have; "
            "the schema, for programs that write clients, is at `/api/v1/openapi.json`."
        ),
    ]
    for tag, operations in found.items():
        parts.append(f"## {tag.capitalize()} {{ #{tag} }}")
        parts += [_endpoint(name, operation, told["components"]["schemas"]) for name, operation in operations]
    return "\n\n".join(parts) + "\n"


def _endpoint(name: str, operation: dict[str, Any], shapes: dict[str, Any]) -> str:
    role = next((r for s in operation.get("security", ()) for roles in s.values() for r in roles), "none")
    rows = [(p["name"], p["in"], p.get("description", "")) for p in operation.get("parameters", ())]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    taken = shapes[body["$ref"].rpartition("/")[2]]["properties"] if body else {}
    rows += [(field, "body", about.get("description") or _choices(about, shapes)) for field, about in taken.items()]
    cells = ((f"`{word}`", place, markdown(text).replace("\n", " ")) for word, place, text in rows)
    table = [_table(("parameter", "in", "meaning"), cells)] if rows else []
    return "\n\n".join([f"### `{name}`", markdown(operation["description"]), f"Role: {role}.", *table])


def _choices(field: dict[str, Any], shapes: dict[str, Any]) -> str:
    """Return the values that a field may have; nothing where it may have any."""
    field = shapes[field["$ref"].rpartition("/")[2]] if "$ref" in field else field
    return f"One of {', '.join(f'`{value}`' for value in field['enum'])}." if "enum" in field else ""


PAGES: dict[str, Callable[[], str]] = {
    "actions": actions,
    "api": api,
    "columns": columns,
    "commands": commands,
    "configuration": configuration,
    "deliveries": deliveries,
    "detectors": detectors,
    "drills": drills,
    "errors": errors,
    "features": features,
    "laws": laws,
    "models": models,
    "sinks": sinks,
    "sources": sources,
    "transports": transports,
}


# ------------------------------------------------------------------------------------------------------------------- hook


def write(folder: Path = DOCS / "reference" / "generated") -> None:
    """Write every page whose text has changed (so that ``mkdocs serve`` comes to rest)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        path, text = folder / f"{name}.md", page()
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8")


def navigation() -> list[dict[str, Any]]:
    """Return the tabs with the pages that lie in their folders; an ``index.md`` comes first."""
    nav: list[dict[str, Any]] = [{"Vedette": "index.md"}]
    for title, folder in SECTIONS.items():
        pages = sorted((DOCS / folder).rglob("*.md"), key=lambda p: (p.name != "index.md", p.stem))
        if pages:
            nav.append({title: [p.relative_to(DOCS).as_posix() for p in pages]})
    return nav


def on_config(config: dict[str, Any]) -> dict[str, Any]:
    """Write the generated pages and set the navigation: mkdocs calls it before each build."""
    write()
    config["nav"] = navigation()
    return config
