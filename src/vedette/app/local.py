"""One machine, one run: read everything, find, correlate, propose. What ``vedette scan`` and ``vedette demo`` do."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from vedette.app.baselines import opened
from vedette.app.collector import rare_collections
from vedette.app.engine import Engine, Outcome
from vedette.app.findings import Watch
from vedette.app.intake import Input, Progress, open_inputs
from vedette.app.limits import Limits
from vedette.app.stage import Idle
from vedette.config import Config
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.incidents.correlate import correlate
from vedette.intel import payment_columns
from vedette.model import Finding, Incident, Plan
from vedette.response.equipped import equipped
from vedette.response.propose import Proposer
from vedette.store.profiles import Shelf
from vedette.store.profiles.told import Told
from vedette.store.spool import Spool

Stage = Callable[[str], None]
"""Called with a word when the next stage of a run begins."""


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """What a run saw and found.

    Attributes:
        plans: per incident uid what is proposed; nothing is applied.
        evidence: per finding uid the sample of its events: attribute path -> value.
        idle: detectors that could not look at the input, and why.
        inputs: every input, read or skipped, with its account.
        notices: what is to be known about the models and baselines that were used.
        baselines: what was judged against, and what became of it.
        watched: per learned detector what it judged, for the alert budget.
        spool: the events; gone when the run's block is left.
    """

    incidents: tuple[Incident, ...]
    findings: tuple[Finding, ...]
    plans: dict[str, tuple[Plan, ...]]
    evidence: dict[str, list[dict[str, Any]]]
    idle: tuple[Idle, ...]
    notices: tuple[str, ...]
    inputs: tuple[Input, ...]
    watched: tuple[Watch, ...]
    spool: Spool
    started: datetime
    elapsed_seconds: float
    baselines: Told | None = None

    @property
    def rows(self) -> Counter[EventClass]:
        """Events read, by class."""
        return sum((i.account.rows for i in self.inputs), Counter())

    @property
    def unreadable(self) -> bool:
        """Whether nothing at all could be read."""
        return not any(i.source is not None and not (i.account.error and not i.account.records) for i in self.inputs)


def read(
    paths: Sequence[str], config: Config, progress: Progress | None = None
) -> Iterator[tuple[Input, EventBatch | None]]:
    """Yield every batch of every input, in order; an input without batches comes once, with None.

    A source that breaks its contract ends its own input only: the error stands in the input's account.
    """
    payment_columns.tell({str(k): v for k, v in config.payments.columns.items()}, config.payments.label_delay)
    for item in open_inputs(paths, limits_of(config), progress):
        yield item, None
        if item.source is None:
            continue
        try:
            with rare_collections():
                for batch in item.batches(config.time.tzinfo):
                    yield item, batch
        except Exception as error:  # noqa: BLE001 - the edge of plug-ins: the input is kept, counted and named
            item.account.error = f"the source {item.source.name!r} broke: {type(error).__name__}: {error}"


def limits_of(config: Config) -> Limits:
    """Return the intake's limits as the settings say."""
    wanted = config.limits
    return Limits(
        max_ratio=wanted.archive_ratio,
        max_total_bytes=wanted.archive_bytes,
        max_members=wanted.archive_members,
        max_nesting=wanted.archive_depth,
    )


@contextmanager
def scan(
    paths: Sequence[str],
    config: Config,
    progress: Progress | None = None,
    stage: Stage | None = None,
    shelf: Shelf | None = None,
    *,
    learn: bool = False,
) -> Iterator[Scan]:
    """Read ``paths`` to the end and give what was found; temporary files are removed when the block is left.

    Args:
        paths: files, folders, globs, archives, or "-" for standard input.
        config: the settings.
        progress: called with the bytes read so far and in all.
        stage: called with a word when the next stage begins.
        shelf: stored baselines to judge against.
        learn: let what is read teach them.

    Raises:
        ConfigError: a setting names what does not exist.
        ContentError: a playbook is not valid.
        BaselineError: with ``learn``, a stored baseline is damaged or of a newer format, or was changed meanwhile.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    proposer = Proposer(config, equipped(config))
    if shelf is not None and learn:
        opened(shelf, config)
    engine = Engine(config, shelf=shelf)
    say = stage or _silent
    try:
        say("reading")
        inputs: list[Input] = []
        for item, batch in read(paths, config, progress):
            if batch is None:
                inputs.append(item)
            else:
                engine.feed(batch, item.name)
        say("judging")
        outcome = engine.close()
        if shelf is not None and learn:
            shelf.save()
        say("correlating")
        yield _scan(outcome, inputs, engine.spool, proposer, (started, clock))
    finally:
        engine.spool.close()
        if shelf is not None:
            shelf.close()


def _scan(
    outcome: Outcome, inputs: list[Input], spool: Spool, proposer: Proposer, began: tuple[datetime, float]
) -> Scan:
    incidents = correlate(outcome.findings, proposer.config.incidents.gap)
    plans = proposer.all(incidents, outcome.evidence)
    return Scan(
        incidents=tuple(incidents),
        findings=outcome.findings,
        plans={uid: tuple(p) for uid, p in plans.items()},
        evidence=outcome.evidence,
        idle=outcome.idle,
        notices=outcome.notices,
        inputs=tuple(inputs),
        watched=outcome.watched,
        spool=spool,
        started=began[0],
        elapsed_seconds=time.monotonic() - began[1],
        baselines=outcome.baselines,
    )


def _silent(word: str) -> None:
    """Say nothing."""
