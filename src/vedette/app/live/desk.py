"""The desk: what was found becomes incidents, and only what changed goes on to the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import msgspec

from vedette.app.live.engine import Look
from vedette.config import Config
from vedette.incidents.correlate import correlate
from vedette.model import Finding, Incident
from vedette.response.propose import Proposer
from vedette.store.state.erasure import KEPT, Rewrite, walk
from vedette.store.state.work import Work

MOST_HELD = 4_000
"""Findings that are held ready; of more, those of the incidents that are quiet for longest are let go."""


class Desk:
    """Holds the findings of the last days, so that later ones can join them.

    Args:
        config: the settings.
        proposer: makes the plans for incidents.

    Attributes:
        held: findings that are final, by uid: recent, or of an incident that is still going on.
    """

    def __init__(self, config: Config, proposer: Proposer) -> None:
        self._config, self._proposer = config, proposer
        self.held: dict[str, Finding] = {}
        self._findings: dict[str, bytes] = {}
        """Uid -> what was told of a finding, for those that are not final."""
        self._incidents: dict[str, tuple[bytes, frozenset[str]]] = {}
        """Uid -> what was told of an incident, and the uids of its findings."""
        self._waiting: dict[str, Finding] = {}
        self._evidence: dict[str, list[dict[str, Any]]] = {}
        """Final findings that were not told yet, and their events."""

    def note(self, look: Look) -> None:
        """Keep what is final, and tell nothing: while a restart reads the log again, the store knows more than this run does."""
        final = [f for f in look.findings if f.uid in look.final]
        self.held |= {f.uid: f for f in final}
        self._waiting |= {f.uid: f for f in final}
        self._evidence |= {f.uid: look.evidence[f.uid] for f in final if f.uid in look.evidence}

    def recall(self, incidents: Mapping[str, frozenset[str]]) -> None:
        """Take note of incidents that the store holds and this run does not know of: told after the checkpoint that it went on from.

        Args:
            incidents: uid -> uids of its findings.
        """
        self._incidents = {uid: (b"", held) for uid, held in incidents.items()} | self._incidents

    def take(self, look: Look, position: int, *, known: Iterable[str] = ()) -> Work:
        """Return what changed since the last look.

        Args:
            look: what was found so far.
            position: of the log, judged up to here.
            known: uids of findings that the store holds as provisional from before a restart.
        """
        told = {f.uid: _digest(f) for f in look.findings}
        before = {**dict.fromkeys(known, b""), **self._findings}
        changed = [f for f in look.findings if f.uid in look.final or before.get(f.uid) != told[f.uid]]
        final = {*look.final, *self._waiting}
        changed = [*self._waiting.values(), *changed]
        evidence = {**self._evidence, **{uid: rows for uid, rows in look.evidence.items() if uid in told}}
        self._waiting, self._evidence = {}, {}
        withdrawn = [uid for uid in before if uid not in told and uid not in self.held]
        self._findings = {uid: d for uid, d in told.items() if uid not in look.final}
        self.held |= {f.uid: f for f in look.findings if f.uid in look.final}
        open_ones = [f for f in look.findings if f.uid not in look.final]
        incidents = correlate([*self.held.values(), *open_ones], self._config.incidents.gap)
        fresh, replaced = self._compared(incidents)
        self._let_go(incidents)
        return Work(
            position=position,
            findings=changed,
            evidence=evidence,
            final=sorted(final),
            withdrawn=withdrawn,
            incidents=fresh,
            replaced=replaced,
            plans={i.uid: tuple(self._proposer(i, look.evidence)) for i in fresh},
        )

    def _compared(self, incidents: Sequence[Incident]) -> tuple[list[Incident], dict[str, str]]:
        """Return the incidents that are new or changed, and where the findings of those went that are no more."""
        now = {i.uid: (_digest(i), frozenset(f.uid for f in i.findings)) for i in incidents}
        fresh = [i for i in incidents if self._incidents.get(i.uid, (b"",))[0] != now[i.uid][0]]
        holder = {uid: i for i, (_, held) in now.items() for uid in held}
        replaced = {}
        for gone in self._incidents.keys() - now.keys():
            votes = Counter(holder[uid] for uid in self._incidents[gone][1] if uid in holder)
            replaced[gone] = min(votes, key=lambda uid: (-votes[uid], uid)) if votes else ""
        self._incidents = now
        return fresh, replaced

    def _let_go(self, incidents: Sequence[Incident]) -> None:
        """Forget the findings of incidents that ended before the horizon, and findings of none; bounded."""
        if not self.held:
            return
        newest = max(f.last_seen for f in self.held.values())
        before = newest - self._config.serve.horizon
        quiet = {f.uid: f.last_seen for f in self.held.values()}
        for incident in incidents:
            quiet |= {f.uid: max(incident.last_seen, quiet[f.uid]) for f in incident.findings if f.uid in quiet}
        by_age = sorted(quiet, key=lambda uid: (quiet[uid], uid))
        over = max(0, len(by_age) - MOST_HELD)
        gone = {uid for n, uid in enumerate(by_age) if n < over or quiet[uid] < before}
        if gone:
            self.held = {uid: f for uid, f in self.held.items() if uid not in gone}
            self._incidents = {uid: i for uid, i in self._incidents.items() if not i[1] <= gone}

    def erase(self, rewrite: Rewrite) -> None:
        """Put a token in the place of a name in all that is held; what goes on is told anew, with the token."""
        self.load(msgspec.msgpack.encode(walk(msgspec.msgpack.decode(self.dump()), rewrite, KEPT)))
        waiting = msgspec.msgpack.decode(msgspec.msgpack.encode(list(self._waiting.values())))
        waiting = msgspec.msgpack.encode(walk(waiting, rewrite, KEPT))
        self._waiting = {f.uid: f for f in msgspec.msgpack.decode(waiting, type=list[Finding])}
        self._evidence = walk(self._evidence, rewrite)

    # ------------------------------------------------------------------------------------------------------ to checkpoints

    def dump(self) -> bytes:
        """Return what a restart needs."""
        incidents = {uid: (digest, sorted(held)) for uid, (digest, held) in self._incidents.items()}
        return msgspec.msgpack.encode(_Kept(list(self.held.values()), self._findings, incidents))

    def load(self, data: bytes) -> None:
        """Take what ``dump`` returned."""
        kept = msgspec.msgpack.decode(data, type=_Kept)
        self.held = {f.uid: f for f in kept.held}
        self._findings = kept.findings
        self._incidents = {uid: (digest, frozenset(held)) for uid, (digest, held) in kept.incidents.items()}


class _Kept(msgspec.Struct):
    held: list[Finding]
    findings: dict[str, bytes]
    incidents: dict[str, tuple[bytes, list[str]]]


def _digest(of: Finding | Incident) -> bytes:
    """Return a short sum of all that is told of a finding or an incident; of an incident's findings only which they are."""
    if isinstance(of, Incident):
        uids = [f.uid for f in of.findings]
        return blake2b(msgspec.msgpack.encode((replace(of, findings=()), uids)), digest_size=16).digest()
    return blake2b(msgspec.msgpack.encode(of), digest_size=16).digest()
