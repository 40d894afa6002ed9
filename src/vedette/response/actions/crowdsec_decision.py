"""Has CrowdSec's bouncers block an address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

import orjson
from pydantic import Field, SecretStr

from vedette.abc import Action
from vedette.abc.response import Rows
from vedette.errors import ActionError, ConfigError, Refused
from vedette.incidents.words import visible
from vedette.model import Entity, EntityKind, Incident, Plan, Receipt
from vedette.response.because import because
from vedette.response.hook import call, lacking, parsed, place_of
from vedette.response.http import Answer, Endpoint
from vedette.response.names import blockable
from vedette.response.secret import secret

SCENARIO = "vedette/incident"
ORIGIN = "vedette"


class CrowdsecSettings(Endpoint):
    """CrowdSec's local API, and the machine that we are to it: ``cscli machines add vedette``."""

    machine: str = Field(default="", max_length=200)
    """Name of the machine."""

    password: SecretStr = SecretStr("")
    """Its password."""

    password_env: str = ""
    """Environment variable that holds the password."""

    password_file: str = ""
    """File that holds the password."""

    kind: str = Field(default="ban", pattern=r"^[a-z][a-z0-9_-]{0,30}$")
    """What bouncers do: ``ban``, ``captcha`` or what they know besides."""

    minutes: int = Field(default=60, ge=1, le=525_600)
    """How long a decision lasts."""


class CrowdsecDecision(Action):
    """Adds a decision about an address to CrowdSec's local API; all its bouncers (firewalls, proxies, CDNs) follow it.

    The decision runs out by itself. Undoing deletes the decisions about this address that are ours (scenario ``vedette/incident``), and no
    others.

    Refused: what is not an address, and addresses that are nobody's to block: loopback, multicast, unspecified, link-local, reserved.
    """

    name = "crowdsec_decision"
    targets = (EntityKind.ADDRESS,)
    reversible = True
    disruptive = True
    causes = ("T1008", "T1046", "T1018")
    options = CrowdsecSettings
    settings: CrowdsecSettings
    example: ClassVar[dict[str, Any]] = {
        "url": "https://crowdsec.example:8080",
        "machine": "vedette",
        "password_env": "CROWDSEC_PASSWORD",
    }

    def ready(self) -> str:
        missing = "" if self.settings.machine else f"actions.{self.name}.machine is not set"
        return lacking(self.settings, f"actions.{self.name}") or missing

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        address, seconds = str(blockable(target, self.name)), self.settings.minutes * 60
        where = place_of(self.settings, self.name)
        return Plan(
            action=self.name,
            target=target,
            steps=(f"POST {where}/v1/alerts: {self.settings.kind} {address} for {seconds}s",),
            undo=(f"DELETE {where}/v1/decisions?{self._query(address)}",),
            disruptive=self.disruptive,
            ttl_seconds=seconds,
            why=because(incident),
            causes=self.causes,
        )

    def apply(self, plan: Plan) -> Receipt:
        address = str(blockable(plan.target, self.name))
        now = datetime.now(UTC)
        source = {"scope": "Ip", "value": address, "ip": address}
        decision = {
            "origin": ORIGIN,
            "type": self.settings.kind,
            "scope": "Ip",
            "value": address,
            "duration": f"{plan.ttl_seconds}s",
            "scenario": SCENARIO,
        }
        alert = {
            "scenario": SCENARIO,
            "scenario_hash": "",
            "scenario_version": "",
            "message": visible(plan.why, 500),
            "events_count": 1,
            "start_at": now.isoformat(),
            "stop_at": (now + timedelta(seconds=1)).isoformat(),
            "capacity": 0,
            "leakspeed": "0",
            "simulated": False,
            "events": [],
            "source": source,
            "decisions": [decision],
        }
        answer = self._call("POST", "v1/alerts", orjson.dumps([alert]))
        if not answer.is_fine:
            raise ActionError(f"CrowdSec did not take the decision: {_told(answer)}", where=self.name)
        return Receipt(plan, "done")

    def undo(self, receipt: Receipt) -> Receipt:
        query = self._query(str(blockable(receipt.plan.target, self.name)))
        answer = self._call("DELETE", f"v1/decisions?{query}", b"")
        if not answer.is_fine:
            raise ActionError(f"CrowdSec did not delete the decision: {_told(answer)}", where=self.name)
        return Receipt(receipt.plan, "undone", {"deleted": str(parsed(answer).get("nbDeleted", ""))})

    def in_force(self, plan: Plan) -> bool | None:
        address = str(blockable(plan.target, self.name))
        query = urlencode({"scope": "Ip", "value": address, "scenario": SCENARIO, "has_active_decision": "true"})
        try:
            answer = self._call("GET", f"v1/alerts?{query}", b"")
            found = orjson.loads(answer.body) if answer.is_fine else 0
        except (ActionError, Refused, orjson.JSONDecodeError):
            return None
        return bool(found) if found is None or isinstance(found, list) else None

    def _query(self, address: str) -> str:
        return urlencode({"scope": "Ip", "value": address, "scenario": SCENARIO})

    def _call(self, method: str, path: str, body: bytes) -> Answer:
        return call(self.settings, self.name, method, body, path, {"Authorization": f"Bearer {self._token()}"})

    def _token(self) -> str:
        """Log in; a token is kept for no longer than one call needs it."""
        try:
            password = secret(self.settings, "password", self.name)
        except ConfigError as error:
            raise Refused(error.message, where=self.name) from error
        body = orjson.dumps({"machine_id": self.settings.machine, "password": password, "scenarios": [SCENARIO]})
        answer = call(self.settings, self.name, "POST", body, "v1/watchers/login")
        token = parsed(answer).get("token") if answer.is_fine else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise Refused(f"CrowdSec does not let us in: {_told(answer)}", where=self.name)
        return token


def _told(answer: Answer) -> str:
    return f"HTTP {answer.status} {visible(answer.body[:800].decode('utf-8', 'replace'), 200)}".strip()
