from __future__ import annotations

from tests.app.api.served import Served

from vedette import __version__
from vedette.app.api.roles import Role
from vedette.app.api.service import Condition


def test_me(api: Served) -> None:
    told = api.client(Role.RESPONDER).get("/api/v1/me").json()
    assert told == {
        "name": "responder-token",
        "role": "responder",
        "token": api.token(Role.RESPONDER).split("_")[1],
        "version": __version__,
    }


def test_health_tells_what_is_wrong(api: Served) -> None:
    client = api.client(Role.VIEWER)
    assert client.get("/api/v1/health").json()["problems"] == []
    api.service.condition = Condition.DEGRADED
    told = client.get("/api/v1/health").json()
    assert told["status"] == "degraded"
    assert told["problems"] == ["the input tail: no such file"]
    assert told["inputs"][0]["transport"] == "tail"


def test_whoever_restarts_it_needs_one_word(api: Served) -> None:
    nobody = api.client()
    assert (nobody.get("/healthz").status_code, nobody.get("/healthz").json()) == (200, {"status": "ok"})
    api.service.condition = Condition.DEGRADED
    assert nobody.get("/healthz").status_code == 200
    api.service.condition = Condition.BROKEN
    assert (nobody.get("/healthz").status_code, nobody.get("/healthz").json()) == (503, {"status": "broken"})


def test_metrics(api: Served) -> None:
    api.meters.finding("beacon")
    answer = api.client(Role.VIEWER).get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'vedette_findings_total{detector="beacon"} 1.0' in answer.text
    api.client().get("/api/v1/me")
    again = api.client(Role.VIEWER).get("/metrics").text
    assert 'vedette_answers_total{status="2xx"} 1.0' in again
    assert 'vedette_answers_total{status="4xx"} 1.0' in again
