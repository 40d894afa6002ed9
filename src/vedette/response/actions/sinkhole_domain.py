"""Has our own resolver deny that a domain exists."""

from __future__ import annotations

import os
import re
import shlex
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator
from tldextract import TLDExtract

from vedette.abc import Action
from vedette.abc.response import Rows
from vedette.abc.settings import Settings
from vedette.errors import ActionError, Refused
from vedette.incidents.words import visible
from vedette.intel.content import content
from vedette.model import Entity, EntityKind, Incident, Plan, Receipt
from vedette.response import names
from vedette.response.because import because
from vedette.response.command import run
from vedette.scoring.ngrams import corpus, span_hashes
from vedette.store.settle import settle

MARK = "written by Vedette (sinkhole_domain): changes by hand are lost"
MOST = 10_000
"""Domains in one file."""
MOST_BYTES = 8 << 20
LONGEST = 200
"""Characters of a domain: what follows it in a zone of ours must fit too."""
_COMMENT = {"rpz": ";", "unbound": "#", "dnsmasq": "#"}
_LINE = {
    "rpz": re.compile(r"([a-z0-9_.-]+)\. *CNAME \.|([a-z0-9_][a-z0-9_.-]*) CNAME \."),
    "unbound": re.compile(r'    local-zone: "([a-z0-9_.-]+)\." always_nxdomain'),
    "dnsmasq": re.compile(r"local=/([a-z0-9_.-]+)/"),
}
_SERIAL = re.compile(r"@ SOA \S+ \S+ \( (\d{1,10}) ")
_SERIALS = 1 << 32


class SinkholeSettings(Settings):
    """Which file, of which resolver, and how it reads it again."""

    file: str = ""
    """File that holds the denied domains, and nothing else: Vedette writes it whole."""

    resolver: Literal["rpz", "unbound", "dnsmasq"] = "rpz"
    """``rpz``: a response policy zone (BIND, PowerDNS, Knot, unbound); ``unbound``: a file to ``include``; ``dnsmasq``: a ``conf-file``."""

    check: tuple[str, ...] = ()
    """Command that checks a new file before it is used, without a shell: ``["named-checkzone", "rpz.vedette", "{file}"]``."""

    reload: tuple[str, ...] = ()
    """Command after which the resolver reads the file again: ``["rndc", "reload", "rpz.vedette"]``."""

    minutes: int = Field(default=720, ge=1, le=525_600)
    """How long a domain is denied."""

    @field_validator("file")
    @classmethod
    def _absolute(cls, value: str) -> str:
        if value and not Path(value).is_absolute():
            raise ValueError(f"should be an absolute path, not {value!r}")
        return value


class SinkholeDomain(Action):
    """Has your resolver say of a domain, and of all below it, that it does not exist (NXDOMAIN).

    It writes one file, whole and atomically: a response policy zone with a serial that grows, or lines for unbound or dnsmasq. The new
    file is checked by ``check`` before it takes the old one's place; where the resolver does not take it (``reload``), the old one comes
    back.

    Refused: what is no domain, public suffixes (``co.uk``, ``github.io``), and much-visited sites with all below them: denying these hurts
    more people than it helps. A file that Vedette has not written is never touched.
    """

    name = "sinkhole_domain"
    targets = (EntityKind.DOMAIN,)
    reversible = True
    disruptive = True
    causes = ("T1008", "T1568")
    options = SinkholeSettings
    settings: SinkholeSettings
    example: ClassVar[dict[str, Any]] = {
        "file": "/var/lib/bind/rpz.vedette",
        "reload": ["rndc", "reload", "rpz.vedette"],
    }

    def ready(self) -> str:
        missing = next((n for n in ("file", "reload") if not getattr(self.settings, n)), "")
        return f"actions.{self.name}.{missing} is not set" if missing else ""

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        domain, seconds = self._deniable(target), self.settings.minutes * 60
        read_again = shlex.join(self.settings.reload)
        return Plan(
            action=self.name,
            target=target,
            steps=(f"{self.settings.file}: add {' '.join(_lines(self.settings.resolver, domain)).strip()}", read_again),
            undo=(f"{self.settings.file}: remove {domain}", read_again),
            disruptive=self.disruptive,
            ttl_seconds=seconds,
            why=because(incident),
            causes=self.causes,
        )

    def apply(self, plan: Plan) -> Receipt:
        domain = self._deniable(plan.target)
        domains = self._read()
        if domain not in domains and len(domains) >= MOST:
            raise Refused(f"{MOST:,} domains are denied already", where=self.name)
        self._write({*domains, domain})
        return Receipt(plan, "done", {"domain": domain})

    def undo(self, receipt: Receipt) -> Receipt:
        domain = names.domain(receipt.plan.target, self.name)
        try:
            domains = self._read()
            if domain in domains:
                self._write(domains - {domain})
        except Refused as error:
            raise ActionError(error.message, where=self.name) from error
        return Receipt(receipt.plan, "undone")

    def in_force(self, plan: Plan) -> bool | None:
        try:
            return names.domain(plan.target, self.name) in self._read()
        except Refused:
            return None

    def _deniable(self, target: Entity) -> str:
        domain = names.domain(target, self.name)
        if len(domain) > LONGEST:
            raise Refused(f"{domain[:80]!r}... is too long to be denied", where=self.name)
        registered = _registered(domain)
        if not registered:
            raise Refused(f"{domain} is a public suffix: it belongs to many", where=self.name)
        if _much_visited(registered):
            raise Refused(f"{registered} is a much-visited site: denying it hurts more than it helps", where=self.name)
        return domain

    def _read(self) -> frozenset[str]:
        """Return the domains that the file denies; none where there is no file.

        Raises:
            Refused: it cannot be read, or is not ours.
        """
        lines = self._text().splitlines()
        if lines and MARK not in lines[0]:
            raise Refused(f"{self.settings.file} was not written by Vedette", where=self.name)
        found = (_LINE[self.settings.resolver].fullmatch(line) for line in lines)
        return frozenset(next(filter(None, m.groups())) for m in found if m)

    def _text(self) -> str:
        try:
            with Path(self.settings.file).open("rb") as file:
                return file.read(MOST_BYTES).decode("ascii", "replace")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise Refused(f"cannot read {self.settings.file}: {error.strerror}", where=self.name) from error

    def _write(self, domains: set[str] | frozenset[str]) -> None:
        """Put a new file in the place of the old one, and have it read.

        Raises:
            Refused: nothing changed.
            ActionError: the resolver did not read it; the old file is back.
        """
        path, before = Path(self.settings.file), self._text()
        fresh = path.with_name(f".{path.name}.vedette")
        text = _file(self.settings.resolver, sorted(domains), _serial(before))
        try:
            _put(fresh, text)
            if why := self._told([word.replace("{file}", str(fresh)) for word in self.settings.check]):
                raise Refused(f"the new file does not pass: {why}", where=self.name)
            fresh.replace(path)
            settle(path.parent)
        except OSError as error:
            raise Refused(f"cannot write {path}: {error.strerror}", where=self.name) from error
        finally:
            with suppress(OSError):
                fresh.unlink()
        if why := self._told(self.settings.reload):
            self._put_back(path, before)
            raise ActionError(f"the resolver did not read it: {why}", where=self.name)

    def _put_back(self, path: Path, before: str) -> None:
        with suppress(OSError):
            if before:
                _put(path.with_name(f".{path.name}.vedette"), before)
                path.with_name(f".{path.name}.vedette").replace(path)
            else:
                path.unlink()

    @staticmethod
    def _told(argv: tuple[str, ...] | list[str]) -> str:
        return visible(run(argv).why, 200) if argv else ""


def _lines(resolver: str, domain: str) -> tuple[str, ...]:
    if resolver == "rpz":
        return f"{domain} CNAME .", f"*.{domain} CNAME ."
    return (f'    local-zone: "{domain}." always_nxdomain',) if resolver == "unbound" else (f"local=/{domain}/",)


def _file(resolver: str, domains: list[str], serial: int) -> str:
    head = [f"{_COMMENT[resolver]} {MARK}"]
    if resolver == "rpz":
        head += ["$TTL 60", f"@ SOA localhost. root.localhost. ( {serial} 60 60 86400 60 )", "@ NS localhost."]
    elif resolver == "unbound":
        head += ["server:"]
    return "\n".join([*head, *(line for domain in domains for line in _lines(resolver, domain))]) + "\n"


def _serial(before: str) -> int:
    """Return a serial after that of the file before; of a first file, the time."""
    found = _SERIAL.search(before)
    return (int(found[1]) + 1) % _SERIALS if found else int(time.time()) % _SERIALS


def _put(path: Path, text: str) -> None:
    with suppress(FileNotFoundError):
        path.unlink()
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with os.fdopen(file, "w", encoding="ascii") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _registered(domain: str) -> str:
    """Return the part of a domain that somebody registered; empty where it is but a public suffix."""
    found = _extract()(domain)
    return str(found.top_domain_under_public_suffix) if found.suffix else ".".join(domain.split(".")[-2:])


@cache
def _extract() -> TLDExtract:
    return TLDExtract(cache_dir=None, suffix_list_urls=(), fallback_to_snapshot=True, include_psl_private_domains=True)


def _much_visited(registered: str) -> bool:
    """Say whether a domain is among those that people visit most; the table holds hashes."""
    import polars as pl  # noqa: PLC0415

    text = corpus(pl.Series([registered]))
    one = span_hashes(text, text.starts[:1] + 1, text.starts[1:] - 1)
    return bool(np.isin(one, np.load(content("sites.npy"), allow_pickle=False)).any())
