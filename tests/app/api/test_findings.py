from __future__ import annotations

import pytest
from tests.app.api.served import BEGAN, Served, incidents

from vedette.app.api.roles import Role

PATH = "/api/v1/findings"


def test_pages_hold_everything_once(api: Served) -> None:
    client, found, after = api.client(Role.VIEWER), list[str](), ""
    while page := client.get(PATH, params={"limit": 7, "after": after}).json():
        found += [f["uid"] for f in page["items"]]
        if not (after := page["next"]):
            break
    assert found == [f"finding-{n:04}" for n in reversed(range(12))]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"detector": "sees_t1110"}, 0),
        ({"alert": "true"}, 12),
        ({"alert": "false"}, 0),
        ({"state": "provisional"}, 12),
        ({"state": "final"}, 0),
        ({"incident": "incident-0002"}, 1),
        ({"entity": "10.0.0.4"}, 1),
        ({"severity": "critical"}, 0),
        ({"text": "Case of T1110"}, 12),
    ],
)
def test_filters(api: Served, asked: dict[str, str], count: int) -> None:
    assert len(api.client(Role.VIEWER).get(PATH, params=asked).json()["items"]) == count


def test_a_finding_tells_its_reasons_and_evidence(api: Served) -> None:
    client = api.client(Role.VIEWER)
    told = client.get(f"{PATH}/finding-0002").json()
    assert told["incident"] == "incident-0002"
    assert told["state"] == "provisional"
    assert told["analytic"] == "statistical"
    assert told["reasons"] == [{"text": "1,024 ports in 12 s, where 3 is usual", "weight": 0.9, "attribute": "ports"}]
    assert told["evidence"] == [{"time": BEGAN.isoformat(), "src_endpoint.ip": "198.51.100.7"}]
    assert client.get(f"{PATH}/finding-0002/evidence").json() == told["evidence"]


def test_what_is_withdrawn_is_shown_when_it_is_asked_for(api: Served) -> None:
    api.add(withdrawn=["finding-0004"], replaced={"incident-0004": ""})
    client = api.client(Role.VIEWER)
    assert len(client.get(PATH).json()["items"]) == 11
    assert [f["uid"] for f in client.get(PATH, params={"state": "withdrawn"}).json()["items"]] == ["finding-0004"]
    assert len(client.get("/api/v1/incidents").json()["items"]) == 11
    assert client.get("/api/v1/incidents/incident-0004").json()["gone"] is True


def test_who_asks_for_an_incident_that_was_taken_up_gets_its_successor(api: Served) -> None:
    (after,) = incidents(1)
    api.add(after, replaced={"incident-0004": "incident-0000"})
    assert api.client(Role.VIEWER).get("/api/v1/incidents/incident-0004").json()["uid"] == "incident-0000"


@pytest.mark.parametrize("path", ["/nobody", "/nobody/evidence"])
def test_what_is_not_here_is_said(api: Served, path: str) -> None:
    answer = api.client(Role.VIEWER).get(PATH + path)
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "there is no such finding"
