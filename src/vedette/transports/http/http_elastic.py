"""Elasticsearch's bulk interface, as shippers of logs speak it, and the questions that they ask before.

Sources: Elasticsearch's reference of the bulk API, and what Filebeat, Winlogbeat, Logstash, Vector, Fluent Bit and rsyslog ask at
their start.
Nothing can be searched here: index names, identifiers, templates and policies are taken politely and forgotten.
"""

from __future__ import annotations

import secrets
from functools import partial
from itertools import count
from typing import Any

import orjson

from vedette.abc.transport import MOST_BYTES
from vedette.transports.http.http_request import STATUS, Answer, Request, Taken, Trouble, retry
from vedette.transports.sorting import Sorter
from vedette.transports.unwrap import Document, Event, parsed, unwrapped

_PRODUCT = {"x-elastic-product": "Elasticsearch"}
"""Clients from version 7.14 on refuse to talk without it."""
_ERRORS = {
    400: "illegal_argument_exception",
    401: "security_exception",
    403: "security_exception",
    404: "resource_not_found_exception",
    405: "method_not_allowed",
    429: "es_rejected_execution_exception",
    503: "unavailable_shards_exception",
}
_LICENSE = {
    "status": "active",
    "uid": "vedette",
    "type": "basic",
    "mode": "basic",
    "expiry_date_in_millis": 4_102_444_800_000,
}
_TOLD: dict[str, dict[str, Any]] = {
    "_license": {"license": _LICENSE},
    "_xpack": {"build": {}, "license": _LICENSE, "features": {}},
    "_cluster": {"cluster_name": "vedette", "status": "green", "timed_out": False, "number_of_nodes": 1},
    "_nodes": {"cluster_name": "vedette", "nodes": {}},
}
_ADMINISTRATION = frozenset(
    {
        "_alias",
        "_aliases",
        "_cat",
        "_component_template",
        "_data_stream",
        "_ilm",
        "_index_template",
        "_ingest",
        "_lifecycle",
        "_mapping",
        "_nodes",
        "_settings",
        "_ssl",
        "_template",
    }
)
"""What clients set up before they send: it is there already, and what they put is acknowledged."""
_MADE = 201
_LINES = frozenset({"index", "create"})
_OTHERS = frozenset({"update", "delete"})


class Elastic:
    """The bulk interface.

    Args:
        version: that clients are told.
    """

    def __init__(self, sorter: Sorter, version: str) -> None:
        self._sorter, self._version = sorter, version
        self._run, self._ids = secrets.token_urlsafe(9), count()

    def open(self, request: Request) -> bool:
        return False

    def refuse(self, trouble: Trouble) -> Answer:
        return _error(STATUS[trouble], str(trouble), retry(trouble))

    def take(self, request: Request) -> Taken:
        steps = [step for step in request.path.split("/") if step]
        if steps and steps[-1] == "_bulk" and len(steps) <= 3:  # noqa: PLR2004 - /index/type/_bulk of old clients
            return (
                self._bulk(request, steps[0])
                if request.method in {"POST", "PUT"}
                else Taken(self.refuse(Trouble.METHOD))
            )
        if len(steps) in (2, 3) and steps[1] in {"_doc", "_create"} and request.method in {"POST", "PUT"}:
            return self._one(request, steps[0])
        return Taken(self._asked(request.method, steps))

    def _asked(self, method: str, steps: list[str]) -> Answer:
        """Return the answer to a question of a client that begins."""
        if not steps:
            return _ok({"name": "vedette", "cluster_name": "vedette", "cluster_uuid": "vedette", **self._about()})
        if known := _TOLD.get(steps[0]):
            return _ok(known)
        if _ADMINISTRATION.isdisjoint(steps) and not (method in {"HEAD", "PUT"} and len(steps) == 1):
            return self.refuse(Trouble.NOWHERE)
        return _ok({} if method in {"GET", "HEAD"} else {"acknowledged": True})

    def _about(self) -> dict[str, Any]:
        version = {
            "number": self._version,
            "build_flavor": "default",
            "build_type": "tar",
            "build_hash": "0",
            "build_date": "2026-01-01T00:00:00.000Z",
            "build_snapshot": False,
            "lucene_version": "10.0.0",
            "minimum_wire_compatibility_version": "8.0.0",
            "minimum_index_compatibility_version": "8.0.0",
        }
        return {"version": version, "tagline": "You Know, for Search"}

    def _bulk(self, request: Request, index: str) -> Taken:
        """Read pairs of lines: what to do, and with what."""
        index = "" if index == "_bulk" else index
        lines = [line for line in request.body.split(b"\n") if line.strip()]
        events: list[Event] = []
        items: list[dict[str, Any]] = []
        at = 0
        while at < len(lines):  # what a line is depends on the one before
            action = _action(lines[at])
            if action is None:
                return Taken(_error(400, f"Malformed action/metadata line [{at + 1}], expected an action"))
            word, about = action
            line = b"" if word == "delete" else lines[at + 1] if at + 1 < len(lines) else b""
            at += 1 if word == "delete" else 2
            event = self._event(request, line) if word in _LINES else None
            if event:
                events.append(event)
            items.append({word: self._item(about, index, event is not None, line if word in _LINES else None)})
        if not items:
            return Taken(_error(400, "request body is required"))
        bad = len(events) < len(items)
        answer = _ok({"took": 0, "errors": bad, "items": items})
        return Taken(answer, self._sorter.chunks(request.client, events), partial(_refused, items))

    def _one(self, request: Request, index: str) -> Taken:
        line = b" ".join(request.body.split(b"\n"))
        event = self._event(request, line)
        if event is None:
            return Taken(_error(400, "failed to parse: no JSON object"))
        item = self._item({}, index, taken=True, line=line)
        return Taken(Answer.json(201, item, _PRODUCT), self._sorter.chunks(request.client, [event]))

    def _event(self, request: Request, line: bytes) -> Event | None:
        document = parsed(line) if len(line) < MOST_BYTES else None
        return unwrapped(document, line, request.came) if document else None

    def _item(self, about: Document, index: str, taken: bool, line: bytes | None) -> dict[str, Any]:
        name, number = about.get("_index"), about.get("_id")
        told: dict[str, Any] = {
            "_index": name if isinstance(name, str) else index or "vedette",
            "_id": number if isinstance(number, str) else f"{self._run}{next(self._ids):x}",
        }
        if taken:
            shards = {"total": 1, "successful": 1, "failed": 0}
            return told | {
                "_version": 1,
                "result": "created",
                "_shards": shards,
                "_seq_no": 0,
                "_primary_term": 1,
                "status": _MADE,
            }
        kind = "illegal_argument_exception" if line is None else "document_parsing_exception"
        why = "events are only added here" if line is None else "failed to parse: no JSON object of a record's size"
        return told | {"status": 400, "error": {"type": kind, "reason": why}}


def _refused(items: list[dict[str, Any]], trouble: Trouble) -> Answer:
    """Refuse a bulk in two ways at once: by its status, and item by item for rsyslog, which only looks at items."""
    status = STATUS[trouble]
    told = orjson.loads(_error(status, trouble).body)
    error = {"type": told["error"]["type"], "reason": str(trouble)}
    again = [
        {
            word: {"_index": i["_index"], "_id": i["_id"], "status": status, "error": error}
            if i["status"] == _MADE
            else i
        }
        for item in items
        for word, i in item.items()
    ]
    return Answer.json(status, {"took": 0, "errors": True, "items": again, **told}, _PRODUCT | retry(trouble))


def _action(line: bytes) -> tuple[str, Document] | None:
    found = parsed(line)
    if found is None or len(found) != 1:
        return None
    ((word, about),) = found.items()
    return (word, about if isinstance(about, dict) else {}) if word in _LINES | _OTHERS else None


def _ok(content: dict[str, Any]) -> Answer:
    return Answer.json(200, content, _PRODUCT)


def _error(status: int, text: str, headers: dict[str, str] | None = None) -> Answer:
    cause = {"type": _ERRORS.get(status, "illegal_argument_exception"), "reason": text}
    return Answer.json(
        status, {"error": {"root_cause": [cause], **cause}, "status": status}, _PRODUCT | (headers or {})
    )
