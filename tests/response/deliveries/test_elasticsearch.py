from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from vedette.errors import ConfigError, DeliveryError
from vedette.plugins import checked
from vedette.response.deliveries.elasticsearch import Elasticsearch
from vedette.testing.messages import message
from vedette.testing.receivers import Request, http_receiver


class Cluster:
    """Answers bulk requests as Elasticsearch does, and keeps the documents."""

    def __init__(self, **statuses: int) -> None:
        self.documents: dict[str, Any] = {}
        self.statuses = statuses

    def __call__(self, request: Request) -> tuple[int, bytes]:
        lines = [json.loads(line) for line in request.body.splitlines()]
        items = []
        for head, document in zip(lines[::2], lines[1::2], strict=True):
            uid = head["create"]["_id"]
            status = self.statuses.get(uid) or (409 if uid in self.documents else 201)
            if status == 201:
                self.documents[uid] = document
            error = {} if status == 201 else {"error": {"type": "some_exception", "reason": "why\nnot"}}
            items.append({"create": {"_index": head["create"]["_index"], "_id": uid, "status": status, **error}})
        return 200, json.dumps({"took": 1, "errors": True, "items": items}).encode()


def elastic(port: int, **changes: Any) -> Elasticsearch:  # noqa: ANN401 - settings
    return Elasticsearch(checked(Elasticsearch, {"url": f"http://127.0.0.1:{port}", **changes}, "sinks[0]"))


def test_documents_are_created_once() -> None:
    with http_receiver() as server:
        server.answer = cluster = Cluster()
        mine = elastic(server.port, index="logs-vedette", api_key="a2V5")
        mine.send([message("a"), message("b")])
        mine.send([message("b"), message("c")])
        mine.close()
    assert list(cluster.documents) == ["a", "b", "c"]
    assert cluster.documents["c"] == {"uid": "c"}
    (first, _) = server.requests
    assert first.path == "/_bulk"
    assert first.headers["authorization"] == "ApiKey a2V5"
    assert first.headers["content-type"] == "application/x-ndjson"
    assert json.loads(first.body.splitlines()[0]) == {"create": {"_index": "logs-vedette", "_id": "a"}}


@pytest.mark.parametrize(("status", "again"), [(400, False), (429, True), (503, True), (404, True)])
def test_one_bad_document_is_told_with_its_place(status: int, again: bool) -> None:
    with http_receiver() as server:
        server.answer = Cluster(b=status)
        mine = elastic(server.port)
        with pytest.raises(DeliveryError, match=f"{status}: some_exception") as caught:
            mine.send([message("a"), message("b"), message("c")])
        mine.close()
    assert (caught.value.again, caught.value.arrived) == (again, 1)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    "answer",
    [b"<html>", b"{}", b'{"items": [{"index": {}}]}', b'{"items": [{"create": {"status": "x"}}]}', b'{"items":[]}'],
)
def test_what_is_no_answer_of_a_bulk_request(answer: bytes) -> None:
    with http_receiver() as server:
        server.answers = [(200, answer)]
        mine = elastic(server.port)
        with pytest.raises(DeliveryError) as caught:
            mine.send([message("a")])
        mine.close()
    assert caught.value.again
    assert caught.value.arrived == 0


def test_an_account_with_a_password() -> None:
    with http_receiver() as server:
        server.answer = Cluster()
        mine = elastic(server.port, user="vedette", password="pä:ss")  # noqa: S106 - made up
        mine.send([message("a")])
        mine.close()
    pair = base64.b64decode(server.requests[0].headers["authorization"].removeprefix("Basic ")).decode()
    assert pair == "vedette:pä:ss"


@pytest.mark.parametrize("bad", [{"index": "Bad Index"}, {"user": "a:b"}, {"api_key": "x", "user": "y"}])
def test_bad_settings_stop_the_start(bad: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        elastic(9, **bad)
