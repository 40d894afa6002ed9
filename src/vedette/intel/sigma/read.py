"""Files of Sigma rules to rules; what is broken is told with file and line, and stops nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vedette.errors import ConfigError, ContentError
from vedette.intel.sigma.convert import Parsed, Placeholders, tree_of
from vedette.intel.sigma.correlations import correlation_of
from vedette.intel.sigma.rule import Correlation, Issue, Logsource, Rule
from vedette.intel.sigma.tree import Node, Pattern, atoms, either
from vedette.intel.sigma.values import knows

YamlNode = Any
"""A node of PyYAML."""

SUFFIXES = (".yml", ".yaml")
MOST_BYTES = 4 << 20
"""A longer file is no rule."""
DEEPEST_RUN = re.compile(r"(?:[\[{][ \t]*|[-?][ \t]+){64}")
"""Structures opened one after the other: libyaml descends into each on the C stack, which has an end."""
MOST_BRACKETS = 5_000
TECHNIQUE = re.compile(r"t\d{4}(?:\.\d{3})?")


@dataclass(frozen=True, slots=True)
class Read:
    """What a set of files holds.

    Attributes:
        files: how many were read.
    """

    rules: tuple[Rule, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    issues: tuple[Issue, ...] = ()
    files: int = 0


@dataclass(slots=True)
class _Found:
    """What pySigma made of one document."""

    made: Any
    path: str
    lines: dict[str, int]


@dataclass(slots=True)
class _Reader:
    placeholders: Placeholders
    issues: list[Issue] = field(default_factory=list)
    found: list[_Found] = field(default_factory=list)
    filters: list[_Found] = field(default_factory=list)

    def file(self, path: Path, name: str) -> None:
        """Parse the documents of a file."""
        from sigma.collection import SigmaCollection  # noqa: PLC0415 - a third of a second
        from sigma.exceptions import SigmaError  # noqa: PLC0415
        from sigma.filters import SigmaFilter  # noqa: PLC0415

        shared: Mapping[str, Any] = {}
        for document, lines in self._documents(path, name):
            if document.get("action") == "global":  # what the file's other documents begin with
                shared = {k: v for k, v in document.items() if k != "action"}
                continue
            try:
                merged = _merged(shared, document) if shared else document
                made = SigmaCollection.from_dicts(
                    [merged], collect_errors=True, collect_filters=True, resolve_references=False
                )
            except (SigmaError, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
                self._fault(name, lines, error, document.get("title"))
                continue
            for fault in made.errors:
                self._fault(name, lines, fault, document.get("title"))
            if made.errors:
                continue
            self.found += [_Found(rule, name, lines) for rule in made.rules]
            self.filters += [_Found(f, name, lines) for f in made.filters if isinstance(f, SigmaFilter)]

    def _documents(self, path: Path, name: str) -> Iterator[tuple[dict[str, Any], dict[str, int]]]:
        """Yield the mappings of a YAML file, each with the lines of its keys (``""``: where it begins)."""
        import yaml

        text = ""
        try:
            text = _text(path)
            yield from _parsed(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
            self.issues.append(
                Issue(name, min(mark.line, text.rstrip().count("\n")) + 1 if mark else 1, f"not YAML: {problem}")
            )
        except (ContentError, ValueError, RecursionError) as error:
            told = "too deep" if isinstance(error, RecursionError) else str(error)
            self.issues.append(Issue(name, 1, told))
        except OSError as error:
            self.issues.append(Issue(name, 1, f"cannot be read: {error.strerror}"))

    def _fault(self, path: str, lines: Mapping[str, int], error: Exception, title: object) -> None:
        text = str(error.args[0]) if error.args else type(error).__name__
        self.issues.append(Issue(path, _line(lines, type(error).__name__, text), text, str(title or "")))

    def rules(self) -> Iterator[Rule | Correlation]:
        """Yield what was found: filters applied, conditions compiled, references resolved."""
        from sigma.correlations import SigmaCorrelationRule  # noqa: PLC0415
        from sigma.exceptions import SigmaError  # noqa: PLC0415

        taken: dict[str, str] = {}
        names: dict[str, str] = {}
        later: list[tuple[_Found, str]] = []
        for number, found in enumerate(self.found):
            uid = _uid(found, number)
            if uid in taken:
                self._issue(found, f"its id is that of a rule in {taken[uid]}, too: this one is left out")
                continue
            taken[uid] = found.path
            names |= {key: uid for key in (str(found.made.id or ""), found.made.name or "") if key}
            if isinstance(found.made, SigmaCorrelationRule):
                later.append((found, uid))
                continue
            try:
                yield self._rule(found, uid)
            except (SigmaError, ContentError, RecursionError, ValueError) as error:
                self._fault(found.path, found.lines, error, found.made.title)
        above = {uid for _, uid in later}
        for found, uid in later:
            try:
                common = {**_common(found, uid), "techniques": _techniques(found.made)}
                yield correlation_of(found.made, {k: u for k, u in names.items() if u not in above}, common)
            except ContentError as error:
                self._fault(found.path, found.lines, error, found.made.title)

    def _rule(self, found: _Found, uid: str) -> Rule:
        made = found.made
        for item in self.filters:
            made = item.made.apply_on_rule(made)
        conditions: list[Node] = [tree_of(c.parsed, self.placeholders) for c in made.detection.parsed_condition]
        for atom in atoms(either(*conditions)):
            if isinstance(atom.test, Pattern):
                knows(atom.test)
        source = made.logsource
        told = (source.product, source.category, source.service)
        return Rule(
            condition=either(*conditions),
            logsource=Logsource(*((word or "").lower() for word in told)),
            techniques=_techniques(made),
            **_common(found, uid),
        )

    def _issue(self, found: _Found, message: str) -> None:
        self.issues.append(Issue(found.path, found.lines.get("", 1), message, found.made.title or ""))


def read_rules(paths: Iterable[str | Path], placeholders: Placeholders | None = None) -> Read:
    """Read rules from files and folders.

    Args:
        paths: files, and folders whose ``.yml`` and ``.yaml`` files are read, in all depths.
        placeholders: name -> the values that ``%name%`` stands for in a rule with ``expand``.

    Raises:
        ConfigError: a path does not exist.
    """
    reader = _Reader(placeholders or {})
    files = 0
    for path, name in _files(paths):
        reader.file(path, name)
        files += 1
    made = list(reader.rules())
    rules = _with_silent([r for r in made if isinstance(r, Rule)], reader.found)
    correlations = tuple(r for r in made if isinstance(r, Correlation))
    issues = tuple(sorted(reader.issues, key=lambda i: (i.path, i.line, i.message)))
    return Read(rules, _resolved(correlations), issues, files)


def _with_silent(rules: Sequence[Rule], found: Sequence[_Found]) -> tuple[Rule, ...]:
    """Mark the rules that correlations refer to and that are not to give hits of their own (``generate`` is not set)."""
    from dataclasses import replace  # noqa: PLC0415

    from sigma.correlations import SigmaCorrelationRule  # noqa: PLC0415

    quiet: set[str] = set()
    loud: set[str] = set()
    for item in found:
        if isinstance(item.made, SigmaCorrelationRule):
            (loud if item.made.generate else quiet).update(r.reference for r in item.made.rules or ())
    named = quiet - loud
    return tuple(replace(r, silent=True) if r.uid in named or (r.name and r.name in named) else r for r in rules)


def _resolved(correlations: tuple[Correlation, ...]) -> tuple[Correlation, ...]:
    return tuple(sorted(correlations, key=lambda c: c.uid))


def _files(paths: Iterable[str | Path]) -> Iterator[tuple[Path, str]]:
    for given in paths:
        path = Path(given)
        if path.is_dir():
            yield from ((p, str(p)) for p in sorted(path.rglob("*")) if p.suffix.lower() in SUFFIXES and p.is_file())
        elif path.is_file():
            yield path, str(path)
        else:
            raise ConfigError(
                "no such file or folder of Sigma rules", where=str(given), hint="see [sigma] paths in vedette.toml"
            )


def stamps(paths: Iterable[str | Path]) -> int:
    """Return a number that changes when a file of rules does: names, sizes and times of all.

    Raises:
        ConfigError: a path does not exist.
    """
    told = ((name, s.st_size, s.st_mtime_ns) for path, name in _files(paths) for s in (path.stat(),))
    return hash(tuple(told))


def _text(path: Path) -> str:
    if path.stat().st_size > MOST_BYTES:
        raise ContentError(f"larger than {MOST_BYTES:,} bytes: no rule")
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContentError(f"byte {error.start} is not UTF-8") from error
    if DEEPEST_RUN.search(text):
        raise ContentError("structures nested too deep")
    return text


def _parsed(text: str) -> Iterator[tuple[dict[str, Any], dict[str, int]]]:
    import yaml

    fast = text.count("[") + text.count("{") <= MOST_BRACKETS
    loader = yaml.CSafeLoader(text) if fast else yaml.SafeLoader(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            document = loader.construct_document(node)  # type: ignore[no-untyped-call, unused-ignore]
            if node is None or document is None:
                continue
            if not isinstance(document, dict):
                raise ContentError("no mapping: a rule is title, logsource, detection ...")
            yield document, _lines(node)
    finally:
        loader.dispose()


def _lines(node: YamlNode) -> dict[str, int]:
    """Return where a document and its keys (two deep) begin, from 1."""
    lines = {"": node.start_mark.line + 1}
    if node.id == "mapping":
        for key, value in node.value:
            lines.setdefault(str(key.value), key.start_mark.line + 1)
            if value.id == "mapping":
                for inner, _ in value.value:
                    lines.setdefault(f"{key.value}.{inner.value}", inner.start_mark.line + 1)
    return lines


_PLACES = (
    ("Condition", "detection.condition"),
    ("Detection", "detection"),
    ("Modifier", "detection"),
    ("Value", "detection"),
    ("Content", "detection"),
    ("Type", "detection"),
    ("Regular", "detection"),
    ("Logsource", "logsource"),
    ("Timespan", "correlation.timespan"),
    ("Correlation", "correlation"),
    ("Level", "level"),
    ("Status", "status"),
    ("Identifier", "id"),
    ("Date", "date"),
    ("Title", "title"),
)
"""Word in an error's name -> the key it speaks of."""


def _line(lines: Mapping[str, int], kind: str, text: str) -> int:
    """Return the line of what an error names: a detection, or the key that its kind is about."""
    named = [n for key, n in lines.items() if key.startswith("detection.") and f"'{key[10:]}'" in text]
    about = [lines[key] for word, key in _PLACES if word in kind and key in lines]
    if "condition" in text.lower() and "detection.condition" in lines:
        about = [lines["detection.condition"], *about]
    return (about or named or [lines.get("", 1)])[0]


def _merged(shared: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(shared)
    for key, value in own.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _common(found: _Found, uid: str) -> dict[str, Any]:
    made = found.made
    return {
        "uid": uid,
        "title": " ".join((made.title or "A rule without a title").split()),
        "name": made.name or "",
        "author": " ".join((made.author or "").split()),
        "level": made.level.name.lower() if made.level else "medium",
        "status": made.status.name.lower() if made.status else "test",
        "description": " ".join((made.description or "").split()),
        "false_positives": tuple(" ".join(str(f).split()) for f in made.falsepositives or ()),
        "path": found.path,
        "line": found.lines.get("", 1),
    }


def _techniques(made: Parsed) -> tuple[str, ...]:
    names = (t.name.lower() for t in made.tags if t.namespace.lower() == "attack")
    return tuple(dict.fromkeys(n.upper() for n in names if TECHNIQUE.fullmatch(n)))


def _uid(found: _Found, number: int) -> str:
    if found.made.id:
        return str(found.made.id)
    named = found.made.name or f"{Path(found.path).name}:{found.made.title}:{number}"
    return hashlib.blake2b(named.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()
