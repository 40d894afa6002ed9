from __future__ import annotations

from tests.app.api.served import Served

from vedette.app.api.roles import Role
from vedette.app.door import vault
from vedette.trust.privacy.tokens import Tokens


def test_the_audit_log_is_a_list_newest_first(api: Served) -> None:
    for number in range(7):
        api.state.note("ada", "thing", f"a{number}", "said so")
    client, found, after = api.client(Role.ADMIN), list[str](), ""
    while page := client.get("/api/v1/audit", params={"limit": 3, "after": after}).json():
        found += [n["about"] for n in page["items"]]
        if not (after := page["next"]):
            break
    assert found == [f"a{n}" for n in reversed(range(7))]


def test_tokens_are_listed_without_their_secrets(api: Served) -> None:
    text = api.token(Role.VIEWER)
    answer = api.client(Role.ADMIN).get("/api/v1/tokens")
    assert {t["name"] for t in answer.json()} == {"viewer-token", "admin-token"}
    assert text.split("_")[2] not in answer.text
    assert "argon2" not in answer.text


def test_a_name_is_told_for_a_reason_that_is_written_down_first(api: Served) -> None:
    tokens = Tokens(vault().open())
    token = tokens.of_name("ada")
    vault().remember({token: "ada"})
    client = api.client(Role.ADMIN)
    asked = {"tokens": [token, "no token"], "reason": "case 2026-114"}
    assert client.post("/api/v1/names", json=asked).json() == [{"token": token, "name": "ada"}]
    assert [(n.who, n.what, n.detail) for n in api.state.audit().items] == [("admin-token", "names", "case 2026-114")]
    assert [(q.reason, q.tokens) for q in vault().questions()] == [("admin-token: case 2026-114", (token,))]


def test_no_reason_no_name(api: Served) -> None:
    client = api.client(Role.ADMIN)
    assert client.post("/api/v1/names", json={"tokens": ["user-x"], "reason": ""}).status_code == 422
    answer = client.post("/api/v1/names", json={"tokens": ["user-x"], "reason": "case 2026-114"})
    assert (answer.status_code, answer.json()["error"]["where"]) == (422, "body.tokens")
    assert api.state.audit().items == ()


def test_a_person_is_erased(api: Served) -> None:
    client = api.client(Role.ADMIN)
    asked = {"kind": "address", "value": "198.51.100.4", "reason": "asked for by that person"}
    answer = client.post("/api/v1/erasures", json=asked)
    assert answer.json()["changed"] > 0
    assert (answer.json()["events"], api.service.erased) == (3, ["198.51.100.4"])
    assert "198.51.100.4" not in client.get("/api/v1/incidents/incident-0003").text
    assert "198.51.100.5" in client.get("/api/v1/incidents/incident-0004").text
    (note,) = api.state.audit().items
    assert (note.who, note.what, note.detail) == ("admin-token", "erase", "asked for by that person")
    assert "198.51.100.4" not in note.about
