from __future__ import annotations

from tests.app.api.served import Served

from vedette.app.api.roles import Role
from vedette.learning.registry import home

PATH = "/api/v1/models"


def test_models_and_a_card(api: Served) -> None:
    client = api.client(Role.VIEWER)
    lines = {m["name"]: m for m in client.get(PATH).json()}
    assert "url" in lines
    assert [v["in_use"] for v in lines["url"]["versions"]] == [True]
    told = client.get(f"{PATH}/url").json()
    assert told["trained_on"]
    assert told["card"]


def test_what_is_damaged_is_told(api: Served) -> None:
    damaged = home() / "models" / "url" / "uses.json"
    damaged.parent.mkdir(parents=True)
    damaged.write_text("{")
    client = api.client(Role.VIEWER)
    problem = next(m["problem"] for m in client.get(PATH).json() if m["name"] == "url")
    assert problem.startswith("the list of models in use is damaged")
    answer = client.get(f"{PATH}/url")
    assert answer.status_code == 503
    assert str(home()) not in answer.text


def test_there_are_no_others(api: Served) -> None:
    assert api.client(Role.VIEWER).get(f"{PATH}/nobody").status_code == 404
    assert api.client(Role.VIEWER).get(f"{PATH}/..%2F..%2Fetc").status_code in (404, 422)
