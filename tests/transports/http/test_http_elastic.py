"""The bulk interface answers as Elasticsearch's does, item by item."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.abc.transport import MOST_BYTES
from vedette.transports.http.http_elastic import Elastic
from vedette.transports.http.http_request import Request, Taken, Trouble
from vedette.transports.sorting import Sorter

BEAT = {
    "@timestamp": "2026-03-05T08:01:12.000Z",
    "message": "Mar  5 08:01:12 mail sshd[801]: Failed password for ada from 192.0.2.7 port 50122 ssh2",
    "log": {"file": {"path": "/var/log/auth.log"}},
    "host": {"name": "web-1"},
    "agent": {"type": "filebeat"},
}
WINLOG = {
    "@timestamp": "2026-03-02T08:00:01.250Z",
    "message": "The audit log was cleared.",
    "winlog": {
        "provider_name": "Microsoft-Windows-Eventlog",
        "event_id": "1102",
        "channel": "Security",
        "event_data": {},
    },
    "agent": {"type": "winlogbeat"},
}


def take(body: bytes | str, path: str = "/_bulk", method: str = "POST") -> Taken:
    data = body.encode() if isinstance(body, str) else body
    request = Request(method, path, {}, {}, "c", datetime(2026, 3, 5, tzinfo=UTC), data)
    return Elastic(Sorter("http"), "9.9.0").take(request)


def told(taken: Taken) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(taken.answer.body)
    return found


def bulk(*pairs: Any) -> str:  # noqa: ANN401 - any JSON
    return "".join(json.dumps(part) + "\n" for part in pairs)


def test_each_action_has_its_item() -> None:
    taken = take(
        bulk({"create": {"_index": "logs"}}, BEAT, {"index": {"_id": "7"}}, WINLOG, {"create": {}}, BEAT),
        "/filebeat/_bulk",
    )
    answer = told(taken)
    assert taken.answer.status == 200
    assert taken.answer.headers["x-elastic-product"] == "Elasticsearch"
    assert answer["errors"] is False
    items = [(word, item["_index"], item["status"]) for i in answer["items"] for word, item in i.items()]
    assert items == [("create", "logs", 201), ("index", "filebeat", 201), ("create", "filebeat", 201)]
    assert answer["items"][1]["index"]["_id"] == "7"
    assert answer["items"][0]["create"]["_id"] != answer["items"][2]["create"]["_id"]
    assert {c.input: (c.source, c.data) for c in taken.chunks} == {
        "http c web-1 /var/log/auth.log": ("", (BEAT["message"] + "\n").encode() * 2),  # type: ignore[operator]
        "http c winlog": ("winlog", json.dumps(WINLOG).encode() + b"\n"),
    }


def test_items_that_cannot_be_taken_do_not_hold_the_others_back() -> None:
    body = (
        bulk({"index": {}})
        + "{broken\n"
        + bulk({"delete": {"_id": "1"}}, {"update": {}}, {"doc": {}}, {"index": {}}, BEAT)
    )
    taken = take(body)
    answer = told(taken)
    assert answer["errors"] is True
    found = [
        (word, item["status"], item.get("error", {}).get("type")) for i in answer["items"] for word, item in i.items()
    ]
    assert found == [
        ("index", 400, "document_parsing_exception"),
        ("delete", 400, "illegal_argument_exception"),
        ("update", 400, "illegal_argument_exception"),
        ("index", 201, None),
    ]
    assert len(taken.chunks) == 1


@pytest.mark.parametrize(
    "body", ["", "\n", "x\n{}\n", bulk({"a": {}}, {}), bulk({"index": {}, "create": {}}, {}), "[]\n{}\n"]
)
def test_a_bulk_that_is_none(body: str) -> None:
    taken = take(body)
    assert taken.answer.status == 400
    assert not taken.chunks
    assert told(taken)["status"] == 400


def test_a_bulk_that_cannot_be_kept_is_refused_as_a_whole_and_item_by_item() -> None:
    taken = take(bulk({"create": {"_id": "1"}}, BEAT, {"index": {}}, WINLOG, {"delete": {"_id": "2"}}))
    assert taken.refusal is not None
    answer = taken.refusal(Trouble.FULL)
    words = orjson.loads(answer.body)
    assert (answer.status, words["status"], words["errors"]) == (429, 429, True)
    assert words["error"]["type"] == "es_rejected_execution_exception"
    assert [(w, i["status"]) for item in words["items"] for w, i in item.items()] == [
        ("create", 429),
        ("index", 429),
        ("delete", 400),
    ]
    assert words["items"][0]["create"]["_id"] == "1"
    assert answer.headers["retry-after"] == "5"
    assert taken.refusal(Trouble.BROKEN).status == 503


def test_a_document_too_large_and_one_that_is_missing() -> None:
    taken = take(bulk({"index": {}}, {"log": "x" * MOST_BYTES}, {"index": {}}))
    assert [item["index"]["status"] for item in told(taken)["items"]] == [400, 400]
    assert not taken.chunks


def test_one_document() -> None:
    for path in ("/logs/_doc", "/logs/_doc/7", "/logs/_create/7"):
        taken = take(json.dumps(BEAT, indent=1), path)
        assert taken.answer.status == 201
        assert taken.chunks[0].data == (BEAT["message"] + "\n").encode()  # type: ignore[operator]
    assert take("7", "/logs/_doc").answer.status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("HEAD", "/"),
        ("GET", "/_license"),
        ("GET", "/_xpack"),
        ("GET", "/_cluster/health"),
        ("GET", "/_nodes/http"),
        ("GET", "/_ilm/policy/filebeat"),
        ("HEAD", "/_index_template/filebeat-9.1.0"),
        ("GET", "/_cat/templates/filebeat-9.1.0"),
        ("PUT", "/_index_template/filebeat-9.1.0"),
        ("PUT", "/_data_stream/filebeat-9.1.0"),
        ("GET", "/_ingest/pipeline/x"),
        ("PUT", "/_template/logstash"),
        ("HEAD", "/filebeat-alias"),
    ],
)
def test_what_clients_ask_before_they_send(method: str, path: str) -> None:
    taken = take("", path, method)
    assert taken.answer.status == 200
    assert taken.answer.headers["x-elastic-product"] == "Elasticsearch"
    assert not taken.chunks


def test_what_they_need_to_read() -> None:
    assert told(take("", "/", "GET"))["version"]["number"] == "9.9.0"
    assert told(take("", "/_license", "GET"))["license"]["status"] == "active"
    assert told(take("", "/_cluster/health", "GET"))["status"] == "green"
    assert told(take("{}", "/_ilm/policy/x", "PUT")) == {"acknowledged": True}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/_bulk", 405), ("GET", "/logs/_search", 404), ("POST", "/a/b/c/_bulk", 404), ("DELETE", "/logs", 404)],
)
def test_nothing_else_is_here(method: str, path: str, status: int) -> None:
    assert take("", path, method).answer.status == status


@pytest.mark.parametrize("trouble", list(Trouble))
def test_troubles_in_elastics_words(trouble: Trouble) -> None:
    answer = Elastic(Sorter("http"), "9.9.0").refuse(trouble)
    words = orjson.loads(answer.body)
    assert words["status"] == answer.status
    assert words["error"]["reason"] == str(trouble)


@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from([bulk({"index": {}}), bulk(BEAT), "{}\n", "x\n", bulk({"delete": {}})])).map("".join)
)
def test_any_bytes(body: bytes | str) -> None:
    taken = take(body)
    words = told(taken)
    if taken.answer.status == 200:
        good = sum(item["status"] == 201 for i in words["items"] for item in i.values())
        assert good == sum(c.data.count(b"\n") for c in taken.chunks)
    else:
        assert taken.answer.status == 400
