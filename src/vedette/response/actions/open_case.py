"""Opens a case where people work on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Literal

import orjson
from pydantic import Field

from vedette.abc.response import Rows
from vedette.errors import ActionError, Refused
from vedette.incidents.words import visible
from vedette.intel.attack import technique
from vedette.model import Entity, EntityKind, Incident, Plan, Receipt
from vedette.response.hook import HookAction, HookSettings, call, call_headers, parsed
from vedette.response.http import Answer

MOST_TEXT = 8_000
"""Characters of the description of a case."""
_TAG = "vedette:"
_STATUS = Literal["Indeterminate", "FalsePositive", "Other", "Duplicated"]


class CaseSettings(HookSettings):
    """Where cases are kept."""

    system: Literal["thehive", "webhook"] = "webhook"
    """``thehive``: TheHive 5 at ``url``, with its key as ``token``; ``webhook``: a signed call."""

    organisation: str = Field(default="", max_length=200)
    """TheHive's organisation, where the key is good for several."""

    closed_as: _STATUS = "Other"
    """TheHive's status of a case that is taken back."""


class OpenCase(HookAction):
    """Opens a case for an incident, in TheHive 5 or by a signed webhook: title, story, severity, ATT&CK techniques, who takes part.

    One incident has one case, however often it is asked for: TheHive is asked for the tag ``vedette:INCIDENT`` first, a webhook gets the
    same id again. Undoing closes the case; it stays when its time is up. It touches nothing but the case, so it needs no corroboration.

    What is said in the case comes from events, so it is escaped for Markdown.
    """

    name = "open_case"
    targets = tuple(EntityKind)
    reversible = True
    disruptive = False
    stays = True
    touches = False
    options = CaseSettings
    settings: CaseSettings
    example: ClassVar[dict[str, Any]] = {
        "system": "thehive",
        "url": "https://thehive.example",
        "token_env": "THEHIVE_KEY",
    }

    def named(self, target: Entity) -> str:
        if not target.value:
            raise Refused("a case about nobody", where=self.name)
        return visible(target.value, 200)

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        notes = {
            "title": visible(incident.title, 200),
            "description": _description(incident),
            "severity": str(int(incident.severity)),
            "techniques": " ".join(incident.techniques[:50]),
        }
        return replace(super().plan(incident, target, rows), notes=notes)

    def apply(self, plan: Plan) -> Receipt:
        if self.settings.system == "webhook":
            return super().apply(plan)
        if found := self._found(plan, open_only=False):
            return Receipt(plan, "done", {"case": found})
        body = {
            "title": plan.notes["title"],
            "description": plan.notes["description"],
            "severity": max(1, min(4, int(plan.notes["severity"]) - 1)),  # OCSF counts informational as 1, TheHive low
            "tags": [_tag(plan), "vedette", *plan.notes["techniques"].split()],
        }
        answer = self._hive("POST", "api/v1/case", body)
        case = parsed(answer).get("_id")
        if not isinstance(case, str):
            raise ActionError("TheHive did not say which case it opened", where=self.name)
        return Receipt(plan, "done", {"case": case})

    def undo(self, receipt: Receipt) -> Receipt:
        if self.settings.system == "webhook":
            return super().undo(receipt)
        case = self._found(receipt.plan, open_only=True)
        if case:
            summary = "Taken back by Vedette: it is no longer proposed to look at this."
            self._hive("PATCH", f"api/v1/case/{_id(case)}", {"status": self.settings.closed_as, "summary": summary})
        return Receipt(receipt.plan, "undone", {"case": case})

    def in_force(self, plan: Plan) -> bool | None:
        if self.settings.system == "webhook":
            return super().in_force(plan)
        try:
            return bool(self._found(plan, open_only=True))
        except (ActionError, Refused):
            return None

    def _found(self, plan: Plan, *, open_only: bool) -> str:
        """Return the id of the incident's case; empty where there is none."""
        wanted: list[dict[str, Any]] = [
            {"_name": "listCase"},
            {"_name": "filter", "_field": "tags", "_value": _tag(plan)},
            {"_name": "page", "from": 0, "to": 10},
        ]
        answer = self._hive("POST", "api/v1/query?name=vedette", {"query": wanted})
        try:
            cases = orjson.loads(answer.body)
        except orjson.JSONDecodeError as error:
            raise ActionError("TheHive's answer is no JSON", where=self.name) from error
        for case in cases if isinstance(cases, list) else []:
            stage = case.get("stage") if isinstance(case, dict) else "Closed"
            if isinstance(case, dict) and (stage != "Closed" or not open_only):
                return str(case.get("_id", ""))
        return ""

    def _hive(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        data = orjson.dumps(body)
        headers = self._headers(data)
        answer = call(self.settings, self.name, method, data, path, headers)
        if not answer.is_fine:
            told = visible(answer.body[:800].decode("utf-8", "replace"), 200)
            raise ActionError(f"TheHive says HTTP {answer.status} {told}", where=self.name)
        return answer

    def _headers(self, body: bytes) -> dict[str, str]:
        headers = call_headers(self.settings, body, self.name)
        return {**headers, **({"X-Organisation": self.settings.organisation} if self.settings.organisation else {})}

    def _shown(self, do: str, value: str) -> str:
        if self.settings.system == "webhook":
            return f'POST {self._where()} {{"do": "{do}", "action": "{self.name}"}}'
        return f"POST {self._where()}/api/v1/case" if do == "apply" else f"PATCH {self._where()}/api/v1/case/ID: closed"


def _tag(plan: Plan) -> str:
    return f"{_TAG}{plan.parameters['incident']}"


def _id(case: str) -> str:
    if not case.isascii() or not case.replace("~", "").replace("-", "").isalnum():
        raise ActionError(f"TheHive names a case oddly: {visible(case, 80)!r}", where=OpenCase.name)
    return case


def _description(incident: Incident) -> str:
    story = "\n".join(f"* {_plain(line)}" for line in incident.story)
    steps = "\n".join(f"* {_plain(line)}" for line in incident.next_steps)
    attack = ", ".join(f"{t} {known.name}" if (known := technique(t)) else t for t in incident.techniques[:20])
    told = f"{incident.confidence:.0%} sure, risk {incident.risk:.2f}. ATT&CK: {attack or '-'}."
    return f"{story}\n\nTo check:\n\n{steps}\n\n{told}"[:MOST_TEXT]


def _plain(text: str) -> str:
    """Return text that Markdown shows as it stands, and makes no link or image of."""
    kept = visible(text, 600).replace("&", "&amp;").replace("<", "&lt;").replace("://", "&#58;//")
    return "".join(f"\\{c}" if c in r"\`*_[]()#!|~" else c for c in kept)
