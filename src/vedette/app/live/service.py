"""The live service, put together: transports, log, loop, store, API, sinks and responses in one process.

Threads: this one runs the transports (asyncio); one writes the log; one judges; the API, each sink and the responses have their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vedette.abc import Transport
from vedette.app.api.application import create, runner_of
from vedette.app.api.listener import Listener, check
from vedette.app.api.service import Condition, Health, InputHealth
from vedette.app.baselines import shelf_of
from vedette.app.live.deliver import Deliverer
from vedette.app.live.desk import Desk
from vedette.app.live.engine import LiveEngine
from vedette.app.live.erasing import unlearn
from vedette.app.live.inlet import LogInlet, LogWriter
from vedette.app.live.loop import Events, Loop, Parts
from vedette.app.live.outlets import outlets
from vedette.app.live.reader import LiveReader
from vedette.app.live.recent import Recent
from vedette.app.live.respond import Responder
from vedette.app.live.upkeep import Upkeep
from vedette.app.local import limits_of
from vedette.app.meters import Meters
from vedette.app.store_command import store_url
from vedette.config import Config
from vedette.config.service import Part
from vedette.errors import InletError, StoreError, TransportError, VedetteError
from vedette.intel import payment_columns
from vedette.plugins import configured
from vedette.response.equipped import equipped
from vedette.response.own import own_addresses
from vedette.response.propose import Proposer
from vedette.store.intake_log import IntakeLog
from vedette.store.lake import Lake
from vedette.store.lock import alone
from vedette.store.state.erasure import new_token, rewriter
from vedette.store.state.state import State
from vedette.store.state.work import Work

LOG = logging.getLogger("vedette.live")

AGAIN_SECONDS = 5.0
"""After this a transport that broke is begun anew."""

ERASE_SECONDS = 600.0
"""How long an erasure waits for the loop: it catches up first, after a start."""
ERASE_PAUSE_SECONDS = 0.05

LOOP_SECONDS = 60.0
"""How long the loop may take to end: a checkpoint is written."""


USUAL = tuple(
    Part.model_validate(table)
    for table in (
        {"transport": "http"},
        {"transport": "syslog", "listen": "udp://127.0.0.1:5514"},
        {"transport": "syslog", "listen": "tcp://127.0.0.1:5514"},
    )
)
"""What is listened to where the settings name no inputs: log shippers and syslog of this machine."""


@dataclass(frozen=True, slots=True)
class Named:
    """One table ``[[inputs]]``: what it is called, and the transport with its settings."""

    name: str
    transport: Transport


def inputs_of(config: Config) -> list[Named]:
    """Return the transports that the settings name.

    Raises:
        ConfigError: one does not exist, or a setting is missing, unknown or bad.
    """
    found = []
    for number, part in enumerate(config.inputs or USUAL):
        cls, settings = configured(Transport, part, "transport", f"inputs[{number}]")
        found.append(Named(f"{cls.name} {number + 1}", cls(settings)))
    return found


def _shut(folder: Path) -> None:
    """Take the folder from all but its owner: everybody's events lie in it.

    Raises:
        StoreError: it is another user's.
    """
    mode = folder.stat().st_mode
    if mode & 0o077:
        try:
            folder.chmod(0o700)
        except OSError as error:
            hint = "give it to the user that runs the service, or name another folder"
            raise StoreError("others may read the live folder", where=str(folder), hint=hint) from error
        LOG.warning("others could read the live folder: its rights are 0700 now", extra={"folder": str(folder)})


class LiveService:
    """The running service; ``run`` returns when it was stopped.

    Args:
        config: the settings.
        folder: where everything is kept.
        again: reads the settings again, when SIGHUP asks for it.

    Attributes:
        fresh: after ``run``: the settings that it ended for; None where it was told to end.

    Raises:
        ConfigError: a setting is wrong; nothing was begun.
        VedetteError: the store, the log or a checkpoint cannot be used.
    """

    def __init__(self, config: Config, folder: Path, again: Callable[[], Config] | None = None) -> None:
        check(config.api)
        self.config, self.folder, self._again = config, folder, again
        self.fresh: Config | None = None
        self._refused = ""
        """Why new settings were not taken; empty: they were, or there were none."""
        self.started = datetime.now(UTC)
        self.meters = Meters()
        self.meters.budget(config.budget.alerts_per_day)
        self._inputs = inputs_of(config)
        self._broken: dict[str, str] = {}
        """Input -> why its transport does not run."""
        actions = equipped(config)
        payment_columns.tell({str(k): v for k, v in config.payments.columns.items()}, config.payments.label_delay)
        self._stopping: asyncio.Event | None = None
        self._asyncio: asyncio.AbstractEventLoop | None = None
        self._changed = threading.Condition()
        self._failure: BaseException | None = None
        with contextlib.ExitStack() as opened:
            opened.enter_context(alone(folder, StoreError, "the live service's folder", 0o700))
            _shut(folder)
            self.state = State.open(store_url(config, folder))
            opened.callback(self.state.close)
            self.log = IntakeLog(folder / "log")
            opened.callback(self.log.close)
            self.lake: Events = Lake(folder / "lake", config.retention) if config.store.lake else Recent()
            opened.callback(self.lake.close)
            self.shelf = shelf_of(config)
            opened.callback(self.shelf.close)
            self._change = self.state.last_change()
            own = own_addresses()
            parts = Parts(
                config=config,
                log=self.log,
                state=self.state,
                lake=self.lake,
                engine=LiveEngine(config, self.lake, self.shelf),
                desk=Desk(config, Proposer(config, actions, own=own)),
                reader=LiveReader(config, limits_of(config)),
                meters=self.meters,
                checkpoints=folder / "checkpoints",
                shelf=self.shelf,
            )
            self.loop = Loop(parts, self._committed)
            self.loop.restore()
            self.writer = LogWriter(self.log, self.meters, self._full)
            opened.callback(self.writer.close)
            runner = runner_of(config)
            self.responder = Responder(runner, actions, config, self.meters)
            self.deliverer = Deliverer(config.sinks, self.state, self.meters, folder / "undelivered")
            kept = self.lake if isinstance(self.lake, Lake) else None
            self.upkeep = Upkeep(self.state, kept, lambda: self.log.begin, config.retention)
            self.listener = Listener(create(self.state, self, config, self.meters, runner), config.api)
            self._opened = opened.pop_all()

    # ------------------------------------------------------------------------------------------------------------ running

    def run(self) -> None:
        """Serve until a signal or ``stop``.

        Raises:
            TransportError: a port is taken.
            VedetteError: the loop cannot go on.
        """
        thread = threading.Thread(target=self._judge, name="vedette-judge", daemon=True)
        try:
            self.listener.start()
            LOG.info("serving", extra={"api": self.listener.url, "folder": str(self.folder)})
            self.responder.start()
            self.deliverer.start()
            self.upkeep.start()
            thread.start()
            threading.Thread(target=self._erase_left, name="vedette-erase", daemon=True).start()
            asyncio.run(self._transports())
        finally:
            self.loop.stop()
            if thread.is_alive():
                thread.join(LOOP_SECONDS)
            self.responder.stop()
            self.deliverer.stop()
            self.upkeep.stop()
            self.listener.stop()
            self._opened.close()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Let ``run`` return; safe in any thread."""
        if self._asyncio is not None and self._stopping is not None:
            self._asyncio.call_soon_threadsafe(self._stopping.set)

    def reload(self) -> None:
        """Read the settings again and end for them; what is wrong with them is told, and those before hold."""
        if self._again is None:
            return
        try:
            fresh = self._again()
            check(fresh.api)
            inputs_of(fresh)
            equipped(fresh)
            outlets(fresh.sinks)
        except VedetteError as error:
            self._refused = "; ".join(filter(None, (error.message, error.where)))
            LOG.warning("the new settings are not taken: %s", self._refused)
            return
        self.fresh, self._refused = fresh, ""
        LOG.info("new settings")
        self.stop()

    def _judge(self) -> None:
        """Run the loop; where it breaks the service ends, and its log waits for the next start."""
        try:
            self.loop.run()
        except BaseException as error:
            LOG.exception("the loop broke")
            self._failure = error
            self.stop()

    async def _transports(self) -> None:
        self._asyncio, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(ValueError, RuntimeError):  # not the main thread: whoever began us stops us
                self._asyncio.add_signal_handler(number, self._stopping.set)
        with contextlib.suppress(ValueError, RuntimeError):
            self._asyncio.add_signal_handler(signal.SIGHUP, self.reload)
        if self._failure is not None:
            return
        tasks = [asyncio.create_task(self._receive(named), name=named.name) for named in self._inputs]
        await self._stopping.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _receive(self, named: Named) -> None:
        """Run one transport; one that breaks is begun anew after a while, and told."""
        inlet: LogInlet = self.writer.inlet(named.transport.name)
        while True:
            try:
                self._broken.pop(named.name, None)
                await named.transport.run(inlet)
            except TransportError as error:
                self._broken[named.name] = error.message
                LOG.warning("%s: %s", named.name, error.message)
            except InletError as error:
                self._broken[named.name] = error.message
            except Exception as error:  # the edge of transports: one that breaks is told, and begun anew
                self._broken[named.name] = f"it broke: {type(error).__name__}: {str(error)[:200]}"
                LOG.exception("%s broke", named.name)
            else:
                return  # its input is at its end
            await asyncio.sleep(AGAIN_SECONDS)

    def _full(self) -> bool:
        return self.log.bytes >= self.config.serve.backlog_mb << 20

    # ------------------------------------------------------------------------------------------------- what others are told

    def _committed(self, work: Work, change: int) -> None:
        with self._changed:
            self._change = max(self._change, change)
            self._changed.notify_all()
        for finding in work.findings:
            self.meters.finding(finding.detector)
        for incident in work.incidents:
            self.meters.incident(incident.severity)
        self.deliverer.wake()
        self.responder.take(work)

    @property
    def baselines(self) -> Path:
        """The folder of what was learned to be normal, as it was last written."""
        return self.shelf.folder

    def wait(self, change: int, timeout: float) -> int:
        """Wait until the last change of the store is above ``change``, or for ``timeout`` seconds, and return the last change."""
        with self._changed:
            self._changed.wait_for(lambda: self._change > change, timeout)
            return self._change

    def erase(self, value: str) -> int:
        """Let go of somebody whose erasure was begun: in memory, checkpoints, baselines and the lake; slow. Return how many events.

        Raises:
            StoreError: the loop did not come to it in time; it is done later, or at the next start.
        """
        self.loop.erase()
        until = time.monotonic() + ERASE_SECONDS
        while any(e.token not in self.loop.clean for e in self.state.erasures()):
            if time.monotonic() > until or self._failure is not None:
                raise StoreError("the service has not come to the erasure yet", hint="ask again later: it is noted")
            time.sleep(ERASE_PAUSE_SECONDS)
        unlearn(self.shelf, rewriter(value, new_token()))
        return self.lake.erase(value, anywhere=True) if isinstance(self.lake, Lake) else 0

    def _erase_left(self) -> None:
        """Finish the erasures that an interruption left."""
        try:
            for left in self.state.erasures():
                self.erase(left.value)
                self.state.erase(left.kind, left.value)
        except VedetteError as error:
            LOG.warning("an erasure waits: %s", error.message)

    def health(self) -> Health:
        """Say how the service is; at once."""
        standing, now = self.loop.standing, datetime.now(UTC)
        waits = self.log.end - standing.position
        lag = (now - standing.arrival).total_seconds() if waits and standing.arrival else 0.0
        problems = [*self._problems()]
        broken = self._failure is not None or bool(self.writer.trouble)
        return Health(
            status=Condition.BROKEN if broken else Condition.DEGRADED if problems else Condition.OK,
            position=standing.position,
            lag_seconds=lag,
            backlog_bytes=self.log.bytes if waits else 0,
            started=self.started,
            inputs=tuple(self._input(n) for n in self._inputs),
            sinks=tuple(self.deliverer.health()),
            checkpoint_age_seconds=(now - standing.checkpoint).total_seconds() if standing.checkpoint else None,
            problems=tuple(problems),
        )

    @property
    def receives(self) -> list[str]:
        """The inputs in words: transport, and what its settings say of where."""
        places = [
            getattr(n.transport.settings, "listen", getattr(n.transport.settings, "path", "")) for n in self._inputs
        ]
        return [" ".join((n.transport.name, str(place))).strip() for n, place in zip(self._inputs, places, strict=True)]

    def _input(self, named: Named) -> InputHealth:
        name = named.transport.name
        return InputHealth(
            name=named.name,
            transport=name,
            last_seen=self.writer.heard.get(name),
            error=self._broken.get(named.name, ""),
            dropped=self.writer.lost[name],
        )

    def _problems(self) -> Iterator[str]:
        """Yield what is wrong, in words."""
        loop, reader = self.loop, self.loop.parts.reader
        yield from (f"{name}: {why}" for name, why in list(loop.standing.problems.items()))
        yield from (f"{name}: {why}" for name, why in list(self._broken.items()))
        yield from (f"{name}: {why}" for name, why in list(reader.troubles.items())[:20])
        yield from (f"{i.detector}: {i.reason}" for i in loop.parts.engine.broken())
        level, failure = loop.standing.shedding, self._failure
        words = (
            (self._refused, "the new settings are not taken: {}"),
            (self.writer.trouble, "{}"),
            (loop.parts.engine.trouble, "{}"),
            (self.responder.trouble, "responses: {}"),
            (self.upkeep.trouble, "upkeep: {}"),
            (level, "overload: level {}; `vedette_shed_total` counts what is left out"),
            (self._full(), "the log is full: senders wait, and what cannot wait is dropped"),
            (failure and f"{type(failure).__name__}: {str(failure)[:200]}", "judging ended: {}"),
        )
        yield from (text.format(what) for what, text in words if what)
