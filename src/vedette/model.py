"""The nouns: small frozen values, no behaviour, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum


class EntityKind(StrEnum):
    """What a finding is about."""

    ADDRESS = "address"
    HOST = "host"
    USER = "user"
    DOMAIN = "domain"
    FILE = "file"
    SERVICE = "service"
    EMAIL = "email address"
    URL = "url"
    ACCOUNT = "account"
    """Who pays: a card, a customer, a bank account."""
    COUNTERPARTY = "counterparty"
    MESSAGE = "message"
    """A mail, by its Message-ID; plans act on one, findings name its sender."""
    """Who is paid, or where: a terminal, a merchant, another account."""


class Analytic(IntEnum):
    """OCSF ``analytic.type_id``: how a detector knows. Two findings corroborate each other only if these differ."""

    RULE = 1
    BEHAVIORAL = 2
    STATISTICAL = 3
    LEARNING = 4
    FINGERPRINTING = 5


class Severity(IntEnum):
    """OCSF ``severity_id``: what it would mean if it is true, apart from how sure we are."""

    INFORMATIONAL = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    CRITICAL = 5


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """One thing that acts or is acted on; equal when kind and value are equal."""

    kind: EntityKind
    value: str

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of a score, in words, with its share: the weights of a row add up to its score.

    Attributes:
        text: what was seen, in plain words with the numbers in it.
        weight: how much it raised (or, below zero, lowered) the score.
        attribute: the feature column behind it.
    """

    text: str
    weight: float
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pointer to one event: the input it came from and its record number there."""

    log_name: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What one detector saw of one actor, over one unbroken stretch of windows.

    Attributes:
        uid: stable id, made from detector, keys and first window: the same input gives the same uid.
        detector: the detector's name.
        title: the kind of thing, for a heading ("Vertical port scan").
        summary: one plain sentence with the numbers of this case.
        first_seen: start of the first window or event; ``last_seen``: end of the last.
        score: in [0, 1]: how sure the detector is; of a learned detector its calibrated confidence.
        p_value: of a learned detector: how often a benign item looks so bad; None where a detector has no calibration.
        alert: whether it may raise an incident by itself; a building block only corroborates.
        actors: who does it (several when it is distributed); ``targets``: whom it is done to (a bounded sample).
        techniques: ATT&CK ids.
        targets_are_ends: the targets are but the first and the last of many, in order of text.
        evidence: a bounded sample of the events behind it, oldest first; ``event_count`` is how many there are.
    """

    uid: str
    detector: str
    title: str
    summary: str
    analytic: Analytic
    severity: Severity
    first_seen: datetime
    last_seen: datetime
    score: float
    actors: tuple[Entity, ...]
    targets: tuple[Entity, ...]
    techniques: tuple[str, ...]
    reasons: tuple[Reason, ...]
    evidence: tuple[Evidence, ...] = ()
    event_count: int = 0
    targets_are_ends: bool = False
    false_positives: tuple[str, ...] = ()
    p_value: float | None = None
    alert: bool = True


@dataclass(frozen=True, slots=True)
class Incident:
    """Findings that belong to one story.

    Attributes:
        uid: stable id made from its first finding: it stays while later ones join.
        title: a heading of at most ten words.
        story: plain sentences, oldest first: what, who, when, against what is normal.
        next_steps: what to check or do next.
        risk: in [0, 1]: how sure times how bad, over all findings.
        severity: the risk in the field's five words.
        confidence: in [0, 1]: that at least one finding is true.
    """

    uid: str
    title: str
    story: tuple[str, ...]
    next_steps: tuple[str, ...]
    severity: Severity
    risk: float
    confidence: float
    first_seen: datetime
    last_seen: datetime
    actors: tuple[Entity, ...]
    targets: tuple[Entity, ...]
    techniques: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an action would do, as data; making one touches nothing.

    Attributes:
        action: the action's name.
        target: what it acts on.
        steps: the exact commands or calls, in order; ``undo`` takes them back.
        disruptive: True when it can interrupt somebody's work.
        ttl_seconds: after this it is undone by itself.
        why: the sentence that justifies it.
        objections: what stands against applying it (a protected asset, one analytic only ...).
        causes: ATT&CK ids that its effect may look like: others calling in vain, for a block.
        tier: the most that its playbook allows: ``suggest``, ``approve`` or ``autonomous``; empty: what the settings say.
        parameters: what the action must know besides the target, such as the mailbox of a message; data, never a command. Two plans that
            differ here are two.
        notes: what the action tells others: the text of a case. It may change as the incident grows, and the plan is still the same.
    """

    action: str
    target: Entity
    steps: tuple[str, ...]
    undo: tuple[str, ...] = ()
    disruptive: bool = False
    ttl_seconds: int = 3600
    why: str = ""
    objections: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    tier: str = ""
    parameters: dict[str, str] = field(default_factory=dict, hash=False)
    notes: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was done for a plan: ``done``, ``undone`` or ``failed``, with the commands' output."""

    plan: Plan
    status: str
    details: dict[str, str] = field(default_factory=dict)
