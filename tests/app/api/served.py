"""A service with findings in it, for tests of the API."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from fastapi import FastAPI
from fastapi.testclient import TestClient

from vedette.app.api.application import create
from vedette.app.api.roles import Role
from vedette.app.api.secrets import fresh
from vedette.app.api.service import Condition, Health, InputHealth
from vedette.app.meters import Meters
from vedette.config import Config, parse
from vedette.model import Incident, Severity
from vedette.response.guard import Guard
from vedette.response.journal import Journal
from vedette.response.runner import Runner
from vedette.store.state.state import State
from vedette.store.state.stored import StoredToken
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident
from vedette.testing.responses import Block, MadeUpWorld

URL = "http://127.0.0.1:8750"
BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
APPROVE = parse('[response]\nactions = {block = "approve"}\n')


@dataclass(slots=True)
class FakeService:
    """A running service that does nothing but say that it runs."""

    state: State
    baselines: Path
    condition: Condition = Condition.OK
    moved: threading.Event = field(default_factory=threading.Event)
    erased: list[str] = field(default_factory=list)

    def health(self) -> Health:
        problems = () if self.condition is Condition.OK else ("the input tail: no such file",)
        inputs = (InputHealth("inputs[0]", "tail", BEGAN),)
        return Health(self.condition, 7, 0.1, 12, BEGAN, inputs, problems=problems)

    def erase(self, value: str) -> int:
        self.erased.append(value)
        return 3

    def wait(self, change: int, timeout: float) -> int:
        last = self.state.last_change()
        if last <= change and self.moved.wait(min(timeout, 0.2)):
            self.moved.clear()
        return self.state.last_change()


@dataclass(slots=True)
class Served:
    """The API over a store, and who asks it."""

    state: State
    service: FakeService
    config: Config
    meters: Meters
    runner: Runner
    world: MadeUpWorld
    app: FastAPI
    tokens: dict[Role, str] = field(default_factory=dict)

    def client(self, role: Role | None = None, host: str = "192.0.2.7") -> TestClient:
        """Return a client with a token of a role, from some other machine; without a role, one without a token."""
        headers = {"Authorization": f"Bearer {self.token(role)}"} if role else {}
        return TestClient(self.app, base_url=URL, headers=headers, client=(host, 40_000), raise_server_exceptions=False)

    def token(self, role: Role) -> str:
        if role not in self.tokens:
            self.tokens[role] = add_token(self.state, f"{role}-token", role)
        return self.tokens[role]

    def add(
        self, *incidents: Incident, withdrawn: Sequence[str] = (), replaced: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        findings = [f for i in incidents for f in i.findings]
        plans = {i.uid: [Block().plan(i, i.actors[0])] for i in incidents}
        evidence = {f.uid: [{"time": BEGAN.isoformat(), "src_endpoint.ip": "198.51.100.7"}] for f in findings}
        position = self.state.position() + 1
        work = Work(
            position,
            findings=findings,
            evidence=evidence,
            withdrawn=withdrawn,
            incidents=incidents,
            replaced=replaced,
            plans=plans,
        )
        self.state.commit(work)
        self.service.moved.set()


def served(folder: Path, config: Config = APPROVE) -> Served:
    """Return the API over an empty store in a folder."""
    state = State.open(f"sqlite:///{folder / 'state.sqlite'}")
    service, meters, world = FakeService(state, folder / "profiles"), Meters(), MadeUpWorld()
    runner = Runner(Journal(folder / "response"), lambda: Guard(config), {"block": Block(world)})
    app = create(state, service, config, meters, runner)
    return Served(state, service, config, meters, runner, world, app)


def add_token(state: State, name: str, role: Role, expires: datetime | None = None) -> str:
    made = fresh()
    state.add_token(StoredToken(made.uid, name, role.value, made.kept, BEGAN, expires))
    return made.text


def incidents(count: int) -> list[Incident]:
    """Return incidents an hour after each other, of rising severity and other people."""
    found = []
    for number in range(count):
        made = some_incident(f"incident-{number:04}", f"198.51.100.{number % 250 + 1}", f"10.0.0.{number % 250 + 1}")
        first, last = (at + timedelta(hours=number) for at in (made.first_seen, made.last_seen))
        one = replace(made.findings[0], uid=f"finding-{number:04}", first_seen=first, last_seen=last)
        severity = Severity(number % 5 + 1)
        found.append(replace(made, first_seen=first, last_seen=last, severity=severity, findings=(one,)))
    return found
