from __future__ import annotations

import pytest
from tests.app.api.served import Served

from vedette.app.api.roles import Role

PATH = "/api/v1/incidents"


def test_pages_hold_everything_once_newest_first(api: Served) -> None:
    client, found, after = api.client(Role.VIEWER), list[str](), ""
    for _ in range(10):
        page = client.get(PATH, params={"limit": 5, "after": after}).json()
        found += [i["uid"] for i in page["items"]]
        after = page["next"]
        if not after:
            break
    assert found == [f"incident-{n:04}" for n in reversed(range(12))]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 12),
        ({"severity": "critical"}, 2),
        ({"severity": "medium"}, 6),
        ({"entity": "198.51.100.3"}, 1),
        ({"entity": "198.51.100.3", "kind": "address"}, 1),
        ({"entity": "198.51.100.3", "kind": "host"}, 0),
        ({"technique": "T1110"}, 12),
        ({"technique": "T1110.001"}, 12),
        ({"technique": "T1566"}, 0),
        ({"status": "new"}, 12),
        ({"status": "closed"}, 0),
        ({"verdict": "none"}, 12),
        ({"verdict": "benign"}, 0),
        ({"text": "guessing by 198.51.100.7"}, 1),
        ({"since": "2027-01-01T00:00:00Z"}, 0),
        ({"until": "1999-01-01T00:00:00+02:00"}, 0),
    ],
)
def test_filters(api: Served, asked: dict[str, str], count: int) -> None:
    answer = api.client(Role.VIEWER).get(PATH, params=asked)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["items"]) == count


def test_an_incident_tells_its_story(api: Served) -> None:
    told = api.client(Role.VIEWER).get(f"{PATH}/incident-0003").json()
    assert told["title"] == "Password guessing by 198.51.100.4"
    assert told["severity"] == "high"
    assert told["severity_id"] == 4
    assert told["actors"] == [{"kind": "address", "value": "198.51.100.4"}]
    assert told["techniques"] == [{"uid": "T1110.001", "name": "Password Guessing"}]
    assert told["story"]
    assert told["next_steps"] == ["Look for a success after the failures."]
    assert [f["uid"] for f in told["findings"]] == ["finding-0003"]
    assert [(p["action"], p["target"]["value"], p["steps"]) for p in told["plans"]] == [
        ("block", "198.51.100.4", ["block address"])
    ]
    findings = api.client(Role.VIEWER).get(f"{PATH}/incident-0003/findings").json()
    assert [f["uid"] for f in findings["items"]] == ["finding-0003"]
    assert findings["items"][0]["incident"] == "incident-0003"


def test_a_verdict_is_kept_with_who_gave_it(api: Served) -> None:
    client = api.client(Role.ANALYST)
    told = client.post(f"{PATH}/incident-0001/verdicts", json={"verdict": "false_positive", "note": "a scanner"}).json()
    assert told["verdict"] == "false_positive"
    (said,) = client.get(f"{PATH}/incident-0001/verdicts").json()
    assert (said["verdict"], said["who"], said["note"]) == ("false_positive", "analyst-token", "a scanner")
    assert [i["uid"] for i in client.get(PATH, params={"verdict": "false_positive"}).json()["items"]] == [
        "incident-0001"
    ]
    (note,) = api.state.audit().items
    assert (note.who, note.what, note.about, note.detail) == (
        "analyst-token",
        "verdict",
        "incident-0001",
        "false_positive",
    )


def test_a_status_is_kept_and_audited(api: Served) -> None:
    client = api.client(Role.ANALYST)
    assert client.put(f"{PATH}/incident-0001/status", json={"status": "closed"}).json()["status"] == "closed"
    assert [i["uid"] for i in client.get(PATH, params={"status": "closed"}).json()["items"]] == ["incident-0001"]
    assert [(n.who, n.what, n.about) for n in api.state.audit().items] == [("analyst-token", "status", "incident-0001")]


@pytest.mark.parametrize("path", ["", "/findings", "/verdicts"])
def test_what_is_not_here_is_said(api: Served, path: str) -> None:
    answer = api.client(Role.VIEWER).get(f"{PATH}/nobody{path}")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"
