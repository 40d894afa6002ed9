from __future__ import annotations

from tests.app.api.served import Served

from vedette.app.api.roles import Role

PATH = "/api/v1/entities"


def test_pages_hold_everything_once(api: Served) -> None:
    client, found, after = api.client(Role.VIEWER), list[str](), ""
    while page := client.get(PATH, params={"limit": 10, "after": after}).json():
        found += [e["value"] for e in page["items"]]
        if not (after := page["next"]):
            break
    assert len(found) == 24
    assert len(set(found)) == 24


def test_an_entity_has_its_risk(api: Served) -> None:
    (told,) = api.client(Role.VIEWER).get(PATH, params={"text": "198.51.100.12"}).json()["items"]
    assert (told["kind"], told["value"], told["risk"], told["incidents"], told["findings"]) == (
        "address",
        "198.51.100.12",
        0.8,
        1,
        1,
    )


def test_without_baselines_nobody_is_known(api: Served) -> None:
    answer = api.client(Role.VIEWER).get(f"{PATH}/baselines", params={"name": "10.0.0.5"})
    assert answer.status_code == 404
    assert answer.json()["error"]["where"] == "query.name"
