"""``vedette sinks test``: one message to each sink, at once, and what came back."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import typer

from vedette.abc import Message
from vedette.app.live.chosen import CREATED, Chosen
from vedette.app.live.outlets import Outlet, outlets
from vedette.app.live.written import written
from vedette.config import load
from vedette.errors import ConfigError, DeliveryError, VedetteError
from vedette.model import Analytic, Entity, EntityKind, Finding, Incident, Reason, Severity

FINE, FAILED = 0, 3
_WORDS = "This is a test of Vedette's sinks. Nothing happened."
_FROM, _TO = "192.0.2.1", "192.0.2.2"
"""Addresses for documentation (RFC 5737)."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of the message to one sink."""

    sink: str
    delivery: str
    format: str
    arrived: bool
    seconds: float
    error: str = ""
    hint: str = ""


def try_all(names: Sequence[str], config: Path | None, *, as_json: bool) -> int:
    """Send the test to each sink, or to those that are named; return the exit code.

    Raises:
        ConfigError: a setting is bad; there is no such sink, or none at all.
    """
    found = outlets(load(config).sinks)
    unknown = [n for n in names if n not in {o.name for o in found}]
    if unknown or not found:
        said = f"no sink is called {unknown[0]!r}" if unknown else "the settings name no sinks"
        hint = f"there are {', '.join(o.name for o in found)}" if found else "add a table [[sinks]]"
        raise ConfigError(said, where="sinks", hint=hint)
    tried = [_try(outlet) for outlet in found if not names or outlet.name in names]
    if as_json:
        typer.echo(orjson.dumps([asdict(t) for t in tried], option=orjson.OPT_INDENT_2).decode())
    else:
        for one in tried:
            _tell(one)
    return FINE if all(t.arrived for t in tried) else FAILED


def _try(outlet: Outlet) -> Tried:
    began, error, hint = time.monotonic(), "", ""
    try:
        outlet.delivery.send([message(outlet)])
    except VedetteError as failed:
        error, hint = f"{failed.message} [{failed.where}]" if failed.where else failed.message, failed.hint
    except Exception as failed:  # noqa: BLE001 - the edge of plug-ins: the other sinks are tried too
        error = f"the delivery broke: {type(failed).__name__}: {failed}"
    finally:
        outlet.delivery.close()
    seconds = round(time.monotonic() - began, 3)
    names = (outlet.name, outlet.delivery.name, outlet.sink.name)
    return Tried(*names, arrived=not error, seconds=seconds, error=error, hint=hint)


def _tell(one: Tried) -> None:
    way = f"{one.sink} ({one.format} by {one.delivery})"
    if one.arrived:
        typer.echo(f"ok      {way}, {one.seconds:.2f} s")
        return
    typer.echo(f"failed  {way}: {one.error}")
    if one.hint:
        typer.echo(f"        hint: {one.hint}")


def message(outlet: Outlet) -> Message:
    """Return the test as the sink writes it.

    Raises:
        DeliveryError: the sink cannot write it.
    """
    now = datetime.now(UTC)
    chosen = Chosen(0, incident(now), CREATED, 1, f"vedette-test-{now:%Y%m%dT%H%M%S%f}")
    broken: list[Chosen] = []
    (item,) = written(outlet.sink, [chosen], broken.append)
    if item.message is None:
        raise DeliveryError(f"the format {outlet.sink.name} broke", where=outlet.name, again=False)
    return item.message


def incident(now: datetime) -> Incident:
    """Return an incident that nobody takes for one."""
    actors, targets = (Entity(EntityKind.ADDRESS, _FROM),), (Entity(EntityKind.ADDRESS, _TO),)
    began = now - timedelta(minutes=1)
    finding = Finding(
        uid=f"vedette-test-{now:%Y%m%dT%H%M%S%f}-finding",
        detector="test",
        title="TEST: made up",
        summary=_WORDS,
        analytic=Analytic.RULE,
        severity=Severity.HIGH,
        first_seen=began,
        last_seen=now,
        score=1.0,
        actors=actors,
        targets=targets,
        techniques=(),
        reasons=(Reason(_WORDS, 1.0),),
    )
    return Incident(
        uid=f"vedette-test-{now:%Y%m%dT%H%M%S%f}",
        title="TEST: made up, nothing happened",
        story=(_WORDS,),
        next_steps=("Nothing: whoever ran `vedette sinks test` knows of it.",),
        severity=Severity.HIGH,
        risk=0.0,
        confidence=0.0,
        first_seen=began,
        last_seen=now,
        actors=actors,
        targets=targets,
        techniques=(),
        findings=(finding,),
    )
