from __future__ import annotations

import orjson
import pytest

from vedette.errors import Refused
from vedette.model import Entity, EntityKind
from vedette.response.actions.isolate_host import IsolateHost
from vedette.response.hook import HookSettings
from vedette.testing.incidents import some_incident
from vedette.testing.receivers import Request, http_receiver
from vedette.testing.responses import there_and_back


@pytest.mark.parametrize(
    "target", [Entity(EntityKind.HOST, "WEB1.corp.example"), Entity(EntityKind.ADDRESS, "10.0.0.5")]
)
def test_cut_off_and_let_back(target: Entity) -> None:
    isolated: set[str] = set()

    def agent(request: Request) -> tuple[int, bytes]:
        said = orjson.loads(request.body)
        name = said["target"]["value"]
        if said["do"] == "undo" and name not in isolated:
            return 404, b""
        if said["do"] == "apply":
            isolated.add(name)
        elif said["do"] == "undo":
            isolated.remove(name)
        return 200, orjson.dumps({"in_force": name in isolated})

    with http_receiver() as receiver:
        receiver.answer = agent
        url = f"http://127.0.0.1:{receiver.port}/"
        action = IsolateHost(HookSettings.model_validate({"url": url, "answers": True}))
        there_and_back(action, action.plan(some_incident(), target))


def test_what_is_no_host_is_refused() -> None:
    action = IsolateHost(HookSettings.model_validate({"url": "https://edr.example/"}))
    with pytest.raises(Refused, match="not the name of a host"):
        action.plan(some_incident(), Entity(EntityKind.HOST, "web1 --all"))
