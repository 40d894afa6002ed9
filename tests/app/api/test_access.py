"""Who is let in: every endpoint, every role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import BaseRoute
from tests.app.api.served import APPROVE, BEGAN, URL, Served, add_token, served

from vedette.app.api.access import FAILURES_PER_MINUTE, Access, is_loopback
from vedette.app.api.rates import Buckets
from vedette.app.api.roles import Role
from vedette.app.api.secrets import fresh
from vedette.config import parse
from vedette.store.state.stored import StoredToken

OPEN = {("GET", "/"), ("GET", "/healthz"), ("GET", "/api/v1/openapi.json")}
"""What nobody needs a token for: there is nothing in it."""
LEAST = {
    ("POST", "/api/v1/incidents/{uid}/verdicts"): Role.ANALYST,
    ("PUT", "/api/v1/incidents/{uid}/status"): Role.ANALYST,
    ("POST", "/api/v1/actions"): Role.RESPONDER,
    ("POST", "/api/v1/actions/{uid}/approve"): Role.RESPONDER,
    ("POST", "/api/v1/actions/{uid}/reject"): Role.RESPONDER,
    ("POST", "/api/v1/actions/{uid}/undo"): Role.RESPONDER,
    ("POST", "/api/v1/actions/stop"): Role.RESPONDER,
    ("POST", "/api/v1/actions/resume"): Role.ADMIN,
    ("GET", "/api/v1/audit"): Role.ADMIN,
    ("GET", "/api/v1/tokens"): Role.ADMIN,
    ("POST", "/api/v1/names"): Role.ADMIN,
    ("POST", "/api/v1/erasures"): Role.ADMIN,
}
"""All others are for viewers, and change nothing."""


def endpoints(api: Served) -> list[tuple[str, str]]:
    schema: dict[str, dict[str, Any]] = api.app.openapi()["paths"]
    return sorted((method.upper(), path) for path, methods in schema.items() for method in methods)


def asked(api: Served, method: str, path: str, role: Role | None, **more: Any) -> int:  # noqa: ANN401
    if path == "/api/v1/events":  # it would not end
        path += "?after=-1"
    path = path.replace("{uid}", "nobody").replace("{name}", "nobody")
    return api.client(role, **more).request(method, path, json={} if method != "GET" else None).status_code


def patient(api: Served) -> None:
    """Let it bear more refusals than it would."""
    access: Access = api.app.state.parts.access
    access.failed = Buckets(10_000, 10_000)


def test_the_schema_tells_everything_that_there_is(api: Served) -> None:
    def told(routes: list[BaseRoute]) -> set[str]:
        return {r.path for r in routes if hasattr(r, "path")}

    assert told(api.app.routes) <= {path for _, path in endpoints(api)} | {"/", "/api/v1/openapi.json"}
    assert len(endpoints(api)) > 25
    assert set(LEAST) <= set(endpoints(api))


def test_only_what_names_a_role_above_viewer_changes_anything(api: Served) -> None:
    assert all((m, p) in LEAST for m, p in endpoints(api) if m != "GET")


def test_the_schema_names_the_role(api: Served) -> None:
    for method, path in endpoints(api):
        if (method, path) not in OPEN:
            security = api.app.openapi()["paths"][path][method.lower()]["security"]
            assert security == [{"token": [LEAST.get((method, path), Role.VIEWER).value]}], path


def test_every_role_may_what_it_may_and_no_more(api: Served) -> None:
    """A role that is allowed gets something else than 401 and 403: here, that what it names is not there or not valid."""
    patient(api)
    for method, path in endpoints(api):
        if (method, path) in OPEN:
            continue
        for role in Role:
            may = role.may(LEAST.get((method, path), Role.VIEWER))
            status = asked(api, method, path, role)
            assert (status != 403) == may, (method, path, role, status)
            assert status not in (401, 500), (method, path, role)
        assert asked(api, method, path, None) == 401, (method, path)


def test_from_this_machine_nobody_needs_a_token_to_look(api: Served) -> None:
    patient(api)
    for method, path in endpoints(api):
        if (method, path) not in OPEN:
            status = asked(api, method, path, None, host="127.0.0.1")
            assert (status == 401) == ((method, path) in LEAST), (method, path, status)


def test_a_refusal_changes_nothing(api: Served) -> None:
    before = api.state.last_change()
    answer = api.client(Role.VIEWER).post("/api/v1/incidents/incident-0001/verdicts", json={"verdict": "benign"})
    assert answer.status_code == 403
    assert answer.json()["error"] == {
        "code": "forbidden",
        "message": "this needs the role analyst, and your token has viewer",
        "where": "",
        "hint": "",
    }
    assert api.state.last_change() == before
    assert api.state.verdicts("incident-0001") == []


def test_every_refusal_is_in_the_audit_log(api: Served) -> None:
    api.client(Role.VIEWER).get("/api/v1/audit")
    api.client().get("/api/v1/incidents")
    text = api.client().get("/api/v1/incidents", headers={"Authorization": f"Bearer {fresh().text}"})
    assert text.status_code == 401
    assert text.headers["www-authenticate"] == "Bearer"
    assert [(n.who, n.what, n.about) for n in api.state.audit().items] == [
        ("nobody", "refused", "192.0.2.7"),
        ("nobody", "refused", "192.0.2.7"),
        ("viewer-token", "refused", "192.0.2.7"),
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
    ],
)
def test_what_comes_through_others_is_not_from_this_machine(api: Served, headers: dict[str, str]) -> None:
    assert api.client(host="127.0.0.1").get("/api/v1/me").json()["name"] == "loopback"
    assert api.client(host="127.0.0.1").get("/api/v1/me", headers=headers).status_code == 401


def test_a_page_of_this_service_is_at_home(api: Served) -> None:
    headers = {"Origin": URL, "Sec-Fetch-Site": "same-origin"}
    assert api.client(host="127.0.0.1").get("/api/v1/me", headers=headers).status_code == 200


@pytest.mark.parametrize("setting", ['tokens = "required"', "behind_proxy = true"])
def test_settings_that_want_a_token_from_everybody(tmp_path: Path, setting: str) -> None:
    api = served(tmp_path, parse(f"[api]\n{setting}\n"))
    assert api.client(host="127.0.0.1").get("/api/v1/me").status_code == 401
    assert api.client(Role.VIEWER, host="127.0.0.1").get("/api/v1/me").status_code == 200
    api.state.close()


def test_what_is_revoked_or_over_counts_no_more_at_once(api: Served) -> None:
    client = api.client(Role.VIEWER)
    assert client.get("/api/v1/me").status_code == 200
    assert api.state.revoke_token("viewer-token")
    answer = client.get("/api/v1/me")
    assert (answer.status_code, answer.json()["error"]["message"]) == (401, "this token was revoked")
    over = add_token(api.state, "old", Role.ADMIN, datetime.now(UTC) - timedelta(seconds=1))
    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {over}"})
    assert (answer.status_code, answer.json()["error"]["message"]) == (401, "this token is over")


def test_the_scheme_is_read_as_others_read_it(api: Served) -> None:
    client = api.client()
    assert client.get("/api/v1/me", headers={"Authorization": f"bearer {api.token(Role.VIEWER)}"}).status_code == 200
    twice = [("Authorization", f"Bearer {api.token(Role.VIEWER)}")] * 2
    assert client.get("/api/v1/me", headers=twice).status_code == 401


def test_who_fails_too_often_waits_whatever_they_bring(api: Served) -> None:
    client, statuses = api.client(), list[int]()
    for _ in range(int(FAILURES_PER_MINUTE) + 5):
        bad = {"Authorization": f"Bearer {fresh().text}"}
        statuses.append(client.get("/api/v1/me", headers=bad).status_code)
    assert statuses == [401] * 10 + [429] * 5
    unproved = {"Authorization": f"Bearer {api.token(Role.VIEWER)}"}
    answer = client.get("/api/v1/me", headers=unproved)
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many_requests")
    assert int(answer.headers["retry-after"]) >= 1
    assert api.client(Role.VIEWER, host="192.0.2.8").get("/api/v1/me").status_code == 200, "others do not wait"
    assert client.get("/api/v1/me", headers=unproved).status_code == 200, "what was proved is known"
    assert len(api.state.audit(limit=100).items) == 10


def test_a_page_of_another_site_does_not_make_those_with_tokens_wait(api: Served) -> None:
    page = api.client(host="127.0.0.1")
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    statuses = [page.get("/api/v1/me", headers=foreign).status_code for _ in range(int(FAILURES_PER_MINUTE) + 2)]
    assert statuses == [401] * 10 + [429] * 2
    assert api.client(Role.RESPONDER, host="127.0.0.1").get("/api/v1/me").status_code == 200
    assert page.get("/api/v1/me").status_code == 200, "nor those who need none"


def test_a_token_has_its_rate(tmp_path: Path) -> None:
    api = served(tmp_path, APPROVE.model_copy(update={"api": parse("[api]\nper_minute = 100\n").api}))
    viewer, analyst = api.client(Role.VIEWER), api.client(Role.ANALYST)
    statuses = [viewer.get("/api/v1/me").status_code for _ in range(14)]
    assert statuses[:10] == [200] * 10
    assert statuses[-1] == 429
    assert analyst.get("/api/v1/me").status_code == 200, "each token has its own"
    api.state.close()


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.1", False),
        ("::ffff:192.0.2.1", False),
        ("example.com", False),
        ("", False),
    ],
)
def test_loopback(address: str, *, is_one: bool) -> None:
    assert is_loopback(address) is is_one


def test_a_role_that_nobody_knows_is_nobody(api: Served) -> None:
    """As when a store of a newer version was put back."""
    made = fresh()
    api.state.add_token(StoredToken(made.uid, "x", "king", made.kept, BEGAN))
    answer = api.client().get("/api/v1/me", headers={"Authorization": f"Bearer {made.text}"})
    assert answer.status_code == 401
