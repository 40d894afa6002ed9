from __future__ import annotations

import pytest
from tests.app.api.served import Served
from tests.store.profiles.made import Sent, office

from vedette.abc import FeatureSet, Plugin
from vedette.app import baselines
from vedette.app.api import portraits as portraits_module
from vedette.app.api.portraits import Portraits
from vedette.app.api.refusals import Denied
from vedette.app.api.roles import Role
from vedette.config import Config
from vedette.errors import BaselineError
from vedette.store.profiles import Shelf
from vedette.store.profiles.shelf import LIST

PATH = "/api/v1/entities/baselines"


@pytest.fixture(autouse=True)
def _sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(kind: type[Plugin]) -> dict[str, type[Plugin]]:
        assert kind is FeatureSet
        return {"sent": Sent}

    monkeypatch.setattr(baselines, "discover", found)


def learn(api: Served, days: int) -> None:
    shelf = Shelf(api.service.baselines, 5_000)
    shelf.profile(Sent()).judge(office(days, 12, seed=days))
    shelf.save()
    shelf.close()


def test_what_is_normal_is_told_by_the_api(api: Served) -> None:
    learn(api, 5)
    answer = api.client(Role.VIEWER).get(PATH, params={"name": "10.0.0.3"})
    assert answer.status_code == 200, answer.text
    (told,) = answer.json()
    assert (told["baseline"], told["entries"]) == ("sent", 1)
    (shown,) = told["shown"]
    assert shown["keys"] == {"src_endpoint.ip": "10.0.0.3"}
    assert shown["numbers"][0]["name"] == "bytes"
    assert shown["numbers"][0]["low"] < shown["numbers"][0]["high"]
    assert shown["values"][0]["count"] > 0


def test_strangers_are_not_known(api: Served) -> None:
    learn(api, 2)
    client = api.client(Role.VIEWER)
    assert client.get(PATH, params={"name": "192.0.2.1"}).status_code == 404
    assert client.get(PATH, params=[("name", "10.0.0.3"), ("name", "192.0.2.1")]).status_code == 404
    assert client.get(PATH).status_code == 422
    assert client.get(PATH, params=[("name", "a"), ("name", "b"), ("name", "c")]).status_code == 422


def test_an_answer_is_kept_until_the_baselines_are_written_anew(api: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    learn(api, 2)
    reads, read = list[int](), baselines.stored

    def counted(shelf: Shelf) -> list[object]:
        reads.append(1)
        return list(read(shelf))

    monkeypatch.setattr(portraits_module, "stored", counted)
    told = Portraits(api.service, Config())
    assert told.of(("10.0.0.3",)) == told.of(("10.0.0.3",))
    assert len(reads) == 1
    for number in range(100):
        told.of((f"192.0.2.{number}",))
    assert len(told._kept) == 32
    Shelf(api.service.baselines, 5_000).forget("sent")
    assert told.of(("10.0.0.3",)) == []


def test_what_is_damaged_is_said_without_the_place(api: Served) -> None:
    learn(api, 2)
    (api.service.baselines / LIST).write_text("{")
    answer = api.client(Role.VIEWER).get(PATH, params={"name": "10.0.0.3"})
    assert answer.status_code == 503
    assert str(api.service.baselines) not in answer.text


def test_a_baseline_that_is_written_while_it_is_read_is_read_once_more(
    api: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn(api, 2)
    told, read, tries = Portraits(api.service, Config()), baselines.stored, list[int]()

    def gone_once(shelf: Shelf) -> list[object]:
        tries.append(1)
        if len(tries) == 1:
            raise BaselineError("a baseline's file is gone")
        return list(read(shelf))

    monkeypatch.setattr(portraits_module, "stored", gone_once)
    assert len(told.of(("10.0.0.3",))) == 1
    assert len(tries) == 2


def test_one_reader_at_a_time(api: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portraits_module, "PATIENCE_SECONDS", 0.05)
    told = Portraits(api.service, Config())
    with told._reading, pytest.raises(Denied, match="others are reading"):
        told.of(("10.0.0.3",))
    assert told.of(("10.0.0.3",)) == []
