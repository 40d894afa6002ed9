"""A drill as it is written: YAML, checked whole before anything plays; every error says its file and line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from vedette.app.drill.routine import Browse
from vedette.app.drill.step import DomainName, Port
from vedette.app.drill.steps import AnyStep
from vedette.errors import ContentError

if TYPE_CHECKING:
    from yaml import Node

_DEPTH = 20
_GROUP_LIMIT = 65_536


def _listed(value: object) -> object:
    """Expand what is written as addresses, ranges (10.0.0.5-9) and networks (10.0.0.0/24, without its first and last)."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list):
        return value
    return tuple(str(address) for item in items for address in _addresses(str(item)))


def _addresses(text: str) -> Iterable[IPv4Address]:
    if "/" in text:
        network = IPv4Network(text)
        if network.num_addresses > _GROUP_LIMIT:
            raise ValueError(f"{text} has more than {_GROUP_LIMIT:,} addresses")
        return network.hosts()
    first, _, last = text.partition("-")
    if not last:
        return (IPv4Address(first),)
    if not last.isdecimal():
        raise ValueError(f"{text!r} is not a range such as 10.0.0.5-9")
    start = IPv4Address(first)
    end = IPv4Address(f"{first.rpartition('.')[0]}.{last}")
    return (IPv4Address(n) for n in range(int(start), int(end) + 1))


Addresses = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
Address = Annotated[str, AfterValidator(lambda text: str(IPv4Address(text)))]
FileName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*\.[a-z]+$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Files(_Part):
    """What the sensors write: a capture, Zeek's conn.log of the branch, the servers' auth log."""

    capture: FileName
    connections: FileName
    auth: FileName


class Deed(_Part):
    """Somebody does something to somebody.

    Attributes:
        attacker: the address or account that does it; empty when it is forged or does not matter.
        victim: an address, host or account; empty when there are many.
    """

    title: str
    attacker: str = ""
    victim: str = ""


class Expectation(Deed):
    """What a good detector finds.

    Attributes:
        techniques: ATT&CK ids, any one of which tells it rightly.
    """

    techniques: tuple[Annotated[str, Field(pattern=r"^T\d{4}(\.\d{3})?$")], ...] = Field(min_length=1)


class Script(_Part):
    """A whole drill.

    Attributes:
        internal: the company's own networks.
        branch: addresses at the branch, which its own sensor sees.
        open: name in the cast -> ports that answer; a name that is not here has none.
        absent: names in the cast that are empty addresses: nothing answers there.
        sites: outside name -> address.
        harmless: what looks odd and is not bad: it may be told, as an incident that is low at the most.
        resolver: name in the cast that answers DNS.
    """

    title: str
    date: date
    internal: tuple[str, ...]
    files: Files
    cast: dict[str, Addresses]
    branch: Addresses
    resolver: str
    open: dict[str, tuple[Port, ...]] = {}
    absent: tuple[str, ...] = ()
    sites: dict[DomainName, Address]
    steps: tuple[AnyStep, ...]
    expect: tuple[Expectation, ...]
    harmless: tuple[Deed, ...] = ()

    @model_validator(mode="after")
    def _names_are_cast(self) -> Script:
        unknown = {self.resolver, *self.open, *self.absent} - set(self.cast)
        if unknown:
            raise ValueError(f"nobody in the cast is called {', '.join(sorted(unknown))}")
        if not self.sites and any(isinstance(step, Browse) for step in self.steps):
            raise ValueError("somebody browses, but there are no sites")
        titles = [step.title for step in self.steps]
        if twice := {title for title in titles if titles.count(title) > 1}:
            raise ValueError(f"two steps are called {min(twice)!r}; the title seeds a step's chance")
        return self


def read_script(path: Path) -> Script:
    """Read and check a drill.

    Raises:
        ContentError: the file is missing, is not YAML, or says something that a drill cannot.
    """
    root = _compose(path)
    plain = _plain(root, path)
    cast = plain.get("cast") if isinstance(plain, dict) else None
    try:
        return Script.model_validate(plain, context={"cast": cast if isinstance(cast, dict) else {}})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ContentError(
            f"{place or 'drill'}: {first['msg']}",
            where=f"{path.name}:{_line(root, first['loc'])}",
            hint="the documentation describes every step: Reference, Drills",
        ) from error


def _compose(path: Path) -> Node:
    import yaml

    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"drill cannot be read: {error}", where=str(path.name)) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError(f"not YAML: {error.problem}", where=f"{path.name}:{line}") from error
    except yaml.YAMLError as error:
        raise ContentError(f"not YAML: {error}", where=path.name) from error
    if root is None:
        raise ContentError("the drill is empty", where=f"{path.name}:1")
    return root


def _plain(node: Node, path: Path, depth: int = 0) -> Any:  # noqa: ANN401 - any YAML
    """Return the nodes as dicts, lists and strings: numbers and times are read by the model, never by YAML."""
    from yaml import ScalarNode, SequenceNode

    where = f"{path.name}:{node.start_mark.line + 1}"
    if depth > _DEPTH:
        raise ContentError(f"nested deeper than {_DEPTH} levels", where=where)
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, SequenceNode):
        return [_plain(item, path, depth + 1) for item in node.value]
    found = {key.value: _plain(value, path, depth + 1) for key, value in node.value if isinstance(key, ScalarNode)}
    if len(found) != len(node.value):
        raise ContentError("a key stands twice, or is not a word", where=where)
    return found


def _line(node: Node, place: tuple[int | str, ...]) -> int:
    """Return the line of the innermost node on the way to ``place``; words that pydantic adds (a step's kind) are passed over."""
    line = node.start_mark.line + 1
    for part in place:
        step = _child(node, part)
        if step is not None:
            node, line = step
    return line


def _child(node: Node, part: int | str) -> tuple[Node, int] | None:
    from yaml import MappingNode, SequenceNode

    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item, item.start_mark.line + 1
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == part:
                return value, key.start_mark.line + 1
    return None
