"""``vedette.toml``: every setting, checked before anything starts.

An unknown key or a bad value is a ``ConfigError`` that names file, line, setting and what would be right.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta, tzinfo
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, Field, ValidationError, field_validator

from vedette.abc.settings import Settings
from vedette.config.service import Api, Part, Retention, Serve, Store
from vedette.errors import ConfigError
from vedette.model import EntityKind

FILE_NAME = "vedette.toml"

PRIVATE = (
    "10.0.0.0/8",  # RFC 1918
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",  # RFC 6598, carrier-grade NAT
    "169.254.0.0/16",  # RFC 3927
    "127.0.0.0/8",
    "fc00::/7",  # RFC 4193
    "fe80::/10",
    "::1/128",
)
"""Networks that are ours unless told otherwise."""


class Network(Settings):
    """Which addresses are ours."""

    internal: tuple[IPv4Network | IPv6Network, ...] = Field(
        default_factory=lambda: tuple(IPv4Network(n) if "." in n else IPv6Network(n) for n in PRIVATE)
    )
    """Networks in CIDR form that belong to us. A scan from inside weighs more than one from outside."""

    scanners: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks of our own scanners, inventories and monitors: that they scan is informational. Whatever else they do counts as ever."""

    protected: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks that no plan may ever touch: domain controllers, gateways, monitoring."""

    groups: dict[str, tuple[IPv4Network | IPv6Network, ...]] = {}
    """Peer groups by name, each with its networks: who is in one is judged beside its own kind from its first day. What is in none is put
    among its like by how it behaves: ``{servers = ["10.0.1.0/24"]}``."""


class People(Settings):
    """Who works alike."""

    groups: dict[str, tuple[str, ...]] = {}
    """Peer groups of people by name, each with its accounts as logs write them: who is in one is judged beside these from the first day; of
    two, the first counts. Who is in none is put among the like by what they do: ``{finance = ["anna.berg", "CORP\\bob"]}``."""


class Time(Settings):
    """How times are read and windows are closed."""

    zone: str = "UTC"
    """Zone of log lines that carry none, as in the IANA database: ``Europe/Berlin``."""

    lateness_seconds: float = Field(default=300, ge=0, le=86_400)
    """How long a window waits for events that come late."""

    @field_validator("zone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: a folder of zones, Europe
            raise ValueError(f"no such zone: {value!r}") from error
        return value

    @property
    def tzinfo(self) -> tzinfo:
        """The zone of log lines that carry none."""
        return ZoneInfo(self.zone)

    @property
    def lateness(self) -> timedelta:
        """How long a window waits for events that come late."""
        return timedelta(seconds=self.lateness_seconds)


class Limits(Settings):
    """What hostile or huge input may cost."""

    memory_mb: int = Field(default=384, ge=64, le=1_000_000)
    """Megabytes of events and window partials held in memory; beyond it they go to temporary files."""

    archive_ratio: int = Field(default=500, gt=1)
    """How many times its size a compressed input may grow."""

    archive_bytes: int = Field(default=1 << 37, gt=0)
    """Bytes that one archive may hold in all, decompressed."""

    archive_members: int = Field(default=100_000, gt=0)
    """Members that one archive may hold."""

    archive_depth: int = Field(default=2, ge=1, le=4)
    """How deep archives may lie inside archives."""


class Detectors(Settings):
    """Which detectors run."""

    disabled: tuple[str, ...] = ()
    """Names of detectors that do not run."""

    @field_validator("disabled")
    @classmethod
    def _lower(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        bad = [v for v in value if not re.fullmatch(r"[a-z][a-z0-9_]*", v)]
        if bad:
            raise ValueError(f"not a detector's name: {bad[0]!r}")
        return value


class Incidents(Settings):
    """How findings become incidents."""

    gap_minutes: float = Field(default=60, gt=0, le=10_080)
    """Findings about the same entity join while less than this lies between them."""

    @property
    def gap(self) -> timedelta:
        """Findings about the same entity join while less than this lies between them."""
        return timedelta(minutes=self.gap_minutes)


class Budget(Settings):
    """How many false alerts there may be."""

    alerts_per_day: float = Field(default=20, ge=0, le=100_000)
    """False alerts a day that somebody can look at, of all learned detectors together. What misses it is kept and raises no incident."""


class Baselines(Settings):
    """What is learned to be normal."""

    entities: int = Field(default=200_000, ge=2_000, le=100_000_000)
    """Entities (hosts, pairs, names) held in memory, of all feature sets together. Others, seen longest ago, lie in files until seen
    again."""


class Brands(Settings):
    """Names that fraud hides behind."""

    protected: dict[str, tuple[str, ...]] = {}
    """Names to protect besides the shipped ones, each with the domains that are its own: ``{"Acme Tools" = ["acme.com"]}``."""

    @field_validator("protected")
    @classmethod
    def _domains(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for name, domains in value.items():
            if not re.search(r"[^\W_]{3}", name):
                raise ValueError(f"a name needs three letters in a row: {name!r}")
            bad = [d for d in domains if not re.fullmatch(r"(?i)[a-z0-9-]+(?:\.[a-z0-9-]+)+", d)]
            if bad or not domains:
                raise ValueError(f"{name}: not a domain: {bad[0]!r}" if bad else f"{name}: no domain of its own")
        return value


class Mode(StrEnum):
    """What may be done with a plan, the strictest first."""

    OBSERVE = "observe"
    """No plans are made."""
    SUGGEST = "suggest"
    """Plans are shown, with their exact steps; Vedette carries none out."""
    APPROVE = "approve"
    """A plan is carried out once a person has approved it."""
    AUTONOMOUS = "autonomous"
    """A plan is carried out where the guard agrees; where it does not, a person is asked."""


class Response(Settings):
    """What may be done about incidents."""

    mode: Mode = Mode.SUGGEST
    """What may be done with plans: observe, suggest, approve or autonomous."""

    actions: dict[str, Mode] = {}
    """The mode of single actions: ``{block_address = "approve"}``."""

    targets: dict[str, Mode] = {}
    """The mode for kinds of target (address, host, user, domain, file, service, email, url, message), where it is stricter than that of
    the action: ``{user = "suggest"}``."""

    playbooks: tuple[str, ...] = ()
    """Folders of playbooks of yours; one with the name of a shipped one takes its place."""

    without_playbooks: tuple[str, ...] = ()
    """Names of playbooks that are not used."""

    protected: tuple[str, ...] = ()
    """Hosts, accounts and domains that no plan may ever touch; a domain stands for all below it. Networks: ``network.protected``."""

    allowed: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks of partners that are never blocked, whatever is found."""

    per_hour: int = Field(default=20, ge=0, le=10_000)
    """Actions begun in an hour, at the most."""

    in_all: int = Field(default=100, ge=0, le=100_000)
    """Actions in force at once, at the most."""

    longest_hours: float = Field(default=24, gt=0, le=8_760)
    """The longest time that an action may be in force; then it is taken back."""

    again_per_day: int = Field(default=3, ge=1, le=1_000)
    """How often one thing may be done to one target in a day; more often, a person must look at the cause."""

    @field_validator("targets")
    @classmethod
    def _kinds(cls, value: dict[str, Mode]) -> dict[str, Mode]:
        kinds = [kind.name.lower() for kind in EntityKind]
        bad = [v for v in value if v not in kinds]
        if bad:
            raise ValueError(f"no such kind of target: {bad[0]!r}; there are {', '.join(kinds)}")
        return value


class Payments(Settings):
    """How tables of payments are read."""

    columns: dict[
        Literal["time", "account", "counterparty", "amount", "currency", "channel", "label", "label_time", "uid"], str
    ] = {}
    """What a column of the site's tables holds, where its name is not a common one: ``{account = "KontoNr", amount = "Betrag"}``."""

    label_delay_days: float = Field(default=7, ge=0, le=3_650)
    """How long after a payment it is known whether it was fraud, where the table does not say when (``label_time``)."""

    @property
    def label_delay(self) -> timedelta:
        """How long after a payment it is known whether it was fraud."""
        return timedelta(days=self.label_delay_days)


class Sigma(Settings):
    """Sigma rules of yours."""

    paths: tuple[str, ...] = ()
    """Files and folders of rules (``.yml``, ``.yaml``). There are none in the package."""

    placeholders: dict[str, tuple[str, ...]] = {}
    """What ``%name%`` stands for in rules that are written to be filled in: ``{Admins_Workstations = ["ADM-01", "ADM-02"]}``."""


class Intel(Settings):
    """What is known of the world outside."""

    geoip: tuple[str, ...] = ()
    """Databases of places of addresses in MaxMind's format (``.mmdb``), such as one of cities and one of networks. There are none in the
    package; without one, countries are known where a log names them."""


class Privacy(Settings):
    """Who may be named."""

    pseudonyms: bool = False
    """Put tokens in the place of people before anything is stored or judged; ``vedette privacy`` tells who stands behind one."""

    domains: tuple[str, ...] = ()
    """Mail domains whose addresses name people of yours: ``["corp.example"]``. Empty: every address counts, also those of outside senders,
    and detectors of mail lose what the names of senders tell."""


class Config(Settings):
    """Everything that can be set; the defaults need no file."""

    network: Network = Network()
    people: People = People()
    time: Time = Time()
    limits: Limits = Limits()
    detectors: Detectors = Detectors()
    incidents: Incidents = Incidents()
    budget: Budget = Budget()
    baselines: Baselines = Baselines()
    brands: Brands = Brands()
    sigma: Sigma = Sigma()
    payments: Payments = Payments()
    intel: Intel = Intel()
    privacy: Privacy = Privacy()
    response: Response = Response()
    actions: dict[str, Part] = {}
    """Settings of single actions, a table each: ``[actions.block_address]``."""
    serve: Serve = Serve()
    inputs: tuple[Part, ...] = ()
    """What ``vedette serve`` listens to and reads: a table ``[[inputs]]`` each, with ``transport = "..."``."""
    sinks: tuple[Part, ...] = ()
    """Where findings and incidents go: a table ``[[sinks]]`` each, with ``format = "..."`` and ``delivery = "..."``."""
    store: Store = Store()
    retention: Retention = Retention()
    api: Api = Api()

    def peers(self) -> dict[str, tuple[IPv4Network | IPv6Network | str, ...]]:
        """Return the peer groups that the operator named: networks, and people; a name may stand for both."""
        places, people = self.network.groups, self.people.groups
        return {name: (*places.get(name, ()), *people.get(name, ())) for name in (*places, *people)}


def load(path: Path | None = None) -> Config:
    """Read ``path``, or ``vedette.toml`` in this folder where it exists, or take the defaults.

    Raises:
        ConfigError: the file cannot be read, is not TOML, has an unknown key or a bad value.
    """
    if path is None:
        path = Path(FILE_NAME)
        if not path.is_file():
            return Config()
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"cannot read the settings: byte {error.start} is not UTF-8", where=str(path)) from error
    except OSError as error:
        raise ConfigError(f"cannot read the settings: {error.strerror}", where=str(path)) from error
    return parse(text, str(path))


def parse(text: str, name: str = FILE_NAME) -> Config:
    """Check the text of a settings file.

    Raises:
        ConfigError: as for ``load``.
    """
    try:
        return Config.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"not TOML: {error}", where=name) from error
    except ValidationError as error:
        first = error.errors()[0]
        keys = [str(k) for k in first["loc"] if isinstance(k, str) and "[" not in k and k in _key_words(text)]
        setting = ".".join(keys) or "settings"
        known = _siblings(keys[:-1])
        hint = f"known here: {', '.join(known)}" if first["type"] == "extra_forbidden" and known else ""
        raise ConfigError(f"{setting}: {fault(first)}", where=f"{name}:{_line(text, keys)}", hint=hint) from error


_WRONG_KIND = {
    "ip_v4_network": "a network in CIDR form without host bits, such as 10.0.0.0/8",
    "ip_v6_network": "a network in CIDR form without host bits, such as 2001:db8::/32",
    "tuple_type": "a list in brackets",
    "model_type": "a table of settings",
}
"""What pydantic misses, by its type of error, in an operator's words."""


def fault(error: Mapping[str, Any]) -> str:
    """Return what pydantic found wrong, in words; a fault that we found ourselves names the value already."""
    if error["type"] == "extra_forbidden":
        return "unknown setting"
    if error["type"] == "missing":
        return "must be said"
    if error["type"] in _WRONG_KIND:
        return f"should be {_WRONG_KIND[error['type']]}, not {error['input']!r}"
    own = error.get("ctx", {}).get("error")
    return str(own) if isinstance(own, ValueError) else f"{error['msg']}, not {error['input']!r}"


def _key_words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z0-9_-]+", text))


def _siblings(path: list[str]) -> list[str]:
    section: type[BaseModel] = Config
    for key in path:
        field = section.model_fields.get(key)
        if field is None or not isinstance(field.annotation, type) or not issubclass(field.annotation, BaseModel):
            return []
        section = field.annotation
    return list(section.model_fields)


def _line(text: str, keys: list[str]) -> int:
    """Return the line where the last key is set, under its section's heading if that is there."""
    lines, at = text.splitlines(), 0
    for key in keys:
        pattern = re.compile(rf"^\s*(\[\s*(?:.*\.)?{re.escape(key)}\s*\]|(?:.*\.)?{re.escape(key)}\s*[=.])")
        at = next((n for n in range(at, len(lines)) if pattern.match(lines[n])), at)
    return at + 1
