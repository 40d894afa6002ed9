"""What actions have in common that ask another system by HTTP: signed, bounded, and never sure of more than the answer says."""

from __future__ import annotations

import hashlib
import os
from abc import abstractmethod
from typing import Any, ClassVar

import orjson
from pydantic import Field

from vedette.abc import Action
from vedette.abc.response import Rows
from vedette.errors import ActionError, ConfigError, DeliveryError, Refused
from vedette.incidents.words import visible
from vedette.model import Entity, Incident, Plan, Receipt
from vedette.response.because import because
from vedette.response.http import Answer, Caller, Endpoint
from vedette.response.signed import SignedEndpoint, signed

TOLD = 200
"""Characters of an answer that stand in an error."""
_NOT_DONE = range(400, 500)
_DOUBTFUL = frozenset({408, 409, 425, 429})
_GONE = frozenset({404, 410})
"""What an undo may hear: there is nothing to take back."""


class HookSettings(SignedEndpoint):
    """Which system is asked, and how it knows that it is us."""

    answers: bool = False
    """The receiver answers a call with ``"do": "ask"`` by ``{"in_force": true}`` or ``false``: after an interruption it is asked."""

    minutes: int = Field(default=240, ge=1, le=525_600)
    """How long it is in force; then it is taken back."""


class HookAction(Action):
    """Asks another system to do something to a target, and to take it back.

    A call is a POST of JSON: ``do`` (apply, undo or ask), ``action``, ``target`` (kind and value), ``ttl_seconds``, ``why``,
    ``parameters`` and ``notes``. The ``webhook-id`` of apply and undo is the same whenever the same is asked, so a receiver can leave
    out what it has done.
    """

    options: ClassVar[type[HookSettings]] = HookSettings
    settings: HookSettings
    example: ClassVar[dict[str, Any]] = {"url": "https://edr.example/vedette", "secret_env": "EDR_SECRET"}

    def ready(self) -> str:
        return lacking(self.settings, f"actions.{self.name}")

    @abstractmethod
    def named(self, target: Entity) -> str:
        """Return the target's name as the other system takes it.

        Raises:
            Refused: this target cannot be acted on.
        """

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        if target.kind not in self.targets:
            raise Refused(f"it does not act on a {target.kind.value}", where=self.name)
        value, seconds = self.named(target), self.settings.minutes * 60
        return Plan(
            action=self.name,
            target=target,
            steps=(self._shown("apply", value),),
            undo=(self._shown("undo", value),) if self.reversible else (),
            disruptive=self.disruptive,
            ttl_seconds=seconds,
            why=because(incident),
            causes=self.causes,
            parameters={"incident": incident.uid},
        )

    def apply(self, plan: Plan) -> Receipt:
        answer = self._call("apply", plan)
        if answer.status in _NOT_DONE and answer.status not in _DOUBTFUL:
            raise Refused(f"{self._where()} will not: {_told(answer)}", where=self.name)
        if not answer.is_fine:
            raise ActionError(f"{self._where()} says {_told(answer)}", where=self.name)
        return Receipt(plan, "done", {"answer": str(answer.status)})

    def undo(self, receipt: Receipt) -> Receipt:
        answer = self._call("undo", receipt.plan)
        if not answer.is_fine and answer.status not in _GONE:
            raise ActionError(f"{self._where()} did not take it back: {_told(answer)}", where=self.name)
        return Receipt(receipt.plan, "undone")

    def in_force(self, plan: Plan) -> bool | None:
        if not self.settings.answers:
            return None
        try:
            answer = self._call("ask", plan)
        except ActionError:
            return None
        said = parsed(answer).get("in_force") if answer.is_fine else None
        return said if isinstance(said, bool) else None

    def _call(self, do: str, plan: Plan) -> Answer:
        """Send one call.

        Raises:
            ActionError: no answer came.
        """
        body = orjson.dumps(
            {
                "do": do,
                "action": self.name,
                "target": {"kind": plan.target.kind.value, "value": self.named(plan.target)},
                "ttl_seconds": plan.ttl_seconds,
                "why": plan.why,
                "parameters": plan.parameters,
                "notes": plan.notes,
            },
            option=orjson.OPT_SORT_KEYS,
        )
        return call(
            self.settings,
            self.name,
            "POST",
            body,
            headers=call_headers(self.settings, body, self.name, once=do != "ask"),
        )

    def _shown(self, do: str, value: str) -> str:
        return f'POST {self._where()} {{"do": "{do}", "action": "{self.name}", "target": "{value}"}}'

    def _where(self) -> str:
        return place_of(self.settings, self.name)


def lacking(settings: Endpoint, where: str) -> str:
    """Say what is missing to call an endpoint; empty where nothing is."""
    if not (settings.url.get_secret_value() or settings.url_env or settings.url_file):
        return f"{where}.url is not set"
    return ""


def place_of(settings: Endpoint, where: str) -> str:
    """Return where an endpoint is, without its path, which may be a secret.

    Raises:
        Refused: it cannot be called.
    """
    try:
        return str(Caller(settings, where).place())
    except ConfigError as error:
        raise Refused(error.message, where=where) from error


def call_headers(settings: HookSettings, body: bytes, where: str, *, once: bool = True) -> dict[str, str]:
    """Return the headers that say who asks, and what; ``once``: the same id for the same body.

    Raises:
        Refused: a secret that the settings name is absent.
    """
    salt = b"" if once else os.urandom(16)
    key = hashlib.blake2b(body, digest_size=16, key=salt).hexdigest()
    try:
        return {**signed(settings, key, body, where), "Content-Type": "application/json"}
    except ConfigError as error:
        raise Refused(error.message, where=where) from error


def call(
    settings: Endpoint, where: str, method: str, body: bytes, path: str = "", headers: dict[str, str] | None = None
) -> Answer:
    """Call an endpoint once and return its answer.

    Raises:
        Refused: it cannot be called: nothing was sent.
        ActionError: no answer came; it may have been done.
    """
    try:
        caller = Caller(settings, where)
        try:
            return caller.call(method, body, {"Content-Type": "application/json", **(headers or {})}, path)
        finally:
            caller.close()
    except ConfigError as error:
        raise Refused(error.message, where=where) from error
    except DeliveryError as error:
        raise ActionError(error.message, where=f"{where} {error.where}") from error


def parsed(answer: Answer) -> dict[str, Any]:
    """Return the JSON object of an answer; empty where it is none."""
    try:
        found = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _told(answer: Answer) -> str:
    return f"HTTP {answer.status} {visible(answer.body[: 4 * TOLD].decode('utf-8', 'replace'), TOLD)}".strip()
