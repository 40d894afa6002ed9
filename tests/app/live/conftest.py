"""A small live run: a loop over a log in a folder, without transports and API; stopped as a power cut would, and begun anew."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vedette.abc import Chunk, Detector
from vedette.app.limits import Limits
from vedette.app.live.desk import Desk
from vedette.app.live.engine import LiveEngine
from vedette.app.live.loop import Loop, Parts
from vedette.app.live.reader import LiveReader
from vedette.app.live.recent import Recent
from vedette.app.meters import Meters
from vedette.config import Config, parse
from vedette.plugins import discover
from vedette.response.propose import Proposer
from vedette.store.intake_log import IntakeLog
from vedette.store.state.state import State
from vedette.store.state.stored import FindingFilter, IncidentFilter

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
FEW = ("brute_force", "logon_after_failures", "password_spray", "infected_host", "account_tampering")


def config_of(folder: Path) -> Config:
    off = sorted(set(discover(Detector)) - set(FEW))
    return parse(
        f"[detectors]\ndisabled = {off}\n[serve]\nfolder = '{folder}'\ncheckpoint_seconds = 3600\nlook_seconds = 0.05\n"
    )


class Run:
    """One life of the loop."""

    def __init__(self, folder: Path) -> None:
        config = config_of(folder)
        self.now = NOON
        self.log = IntakeLog(folder / "log", segment_bytes=4000)
        self.state = State.open(f"sqlite:///{folder / 'state.db'}")
        lake = Recent()
        self.engine = LiveEngine(config, lake)
        parts = Parts(
            config,
            self.log,
            self.state,
            lake,
            self.engine,
            Desk(config, Proposer(config, {}, books=[])),
            LiveReader(config, Limits()),
            Meters(),
            folder / "checkpoints",
        )
        self.loop = Loop(parts, clock=lambda: self.now)
        self.loop.restore()

    def turns(self) -> None:
        """Judge what there is, and look."""
        while self.loop.standing.position < self.log.end or not self.loop.standing.caught_up:
            self.loop.turn()
        self.loop._look()

    def die(self) -> None:
        """Let go of everything, and write nothing."""
        self.log.close()
        self.state.close()

    def told(self) -> dict[str, tuple[object, ...]]:
        """Return what the store holds that is not withdrawn, without what depends on when it was looked."""
        found = [f for f in self.state.findings(FindingFilter(), limit=500).items if f.state != "withdrawn"]
        told = {f.finding.uid: f.finding for f in found}
        states = {f.finding.uid: f.state for f in found}
        return {uid: (f.title, f.first_seen, f.last_seen, f.score, states[uid]) for uid, f in told.items()}

    def incidents(self) -> dict[str, tuple[str, int]]:
        """Return the incidents that are: uid -> title and how many findings."""
        found = self.state.incidents(IncidentFilter(), limit=500).items
        return {i.incident.uid: (i.incident.title, i.finding_count) for i in found if not i.gone}


def chunks() -> list[tuple[datetime, Chunk]]:
    """Return two hours of a host's log in which passwords are guessed three times and once got in, as it comes: chunk by chunk."""
    rng = random.Random(5)
    lines: list[tuple[datetime, str]] = []
    for minute in range(120):
        at = NOON + timedelta(minutes=minute, seconds=rng.randrange(60))
        lines.append(
            (
                at,
                f"sshd[{minute}]: Accepted password for alice from 10.0.0.{rng.randrange(9)} port {minute + 2000} ssh2",
            )
        )
    for begin, source in ((10, "203.0.113.66"), (50, "203.0.113.77"), (95, "203.0.113.66")):
        for n in range(40):
            at = NOON + timedelta(minutes=begin, seconds=3 * n)
            lines.append((at, f"sshd[{n}]: Failed password for root from {source} port {n + 40000} ssh2"))
    lines.append((NOON + timedelta(minutes=53), "sshd[9]: Accepted password for root from 203.0.113.77 port 5 ssh2"))
    lines.sort()
    out: list[tuple[datetime, Chunk]] = []
    while lines:
        part = [lines.pop(0) for _ in range(min(len(lines), rng.randrange(1, 9)))]
        text = "".join(f"{at:%b %e %H:%M:%S} bastion {line}\n" for at, line in part)
        out.append((part[-1][0] + timedelta(seconds=1), Chunk("auth.log", text.encode(), position=str(len(out)))))
    return out


@pytest.fixture
def lives(tmp_path: Path) -> Iterator[list[Run]]:
    """Runs that are closed after the test."""
    made: list[Run] = []
    yield made
    for run in made:
        run.die()
