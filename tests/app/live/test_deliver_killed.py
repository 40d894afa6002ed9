"""The process that delivers is killed at random: every message arrives all the same."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vedette.app.live.deliver import Deliverer
from vedette.app.meters import Meters
from vedette.store.state.state import State
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident
from vedette.testing.receivers import Request, http_receiver

pytestmark = pytest.mark.slow

CHILD = """
import sys, time
from pathlib import Path
from vedette.app.live.deliver import Deliverer
from vedette.app.meters import Meters
from vedette.store.state.state import State

state = State.open(sys.argv[1])
mine = Deliverer([{"delivery": "webhook", "url": sys.argv[2], "name": "hook"}], state, Meters(), Path(sys.argv[3]), 0.01)
mine.start()
print("ready", flush=True)
time.sleep(120)
"""


def test_none_is_lost_though_the_process_is_killed(tmp_path: Path) -> None:
    chance = random.Random(7)
    got: list[str] = []

    def answer(request: Request) -> tuple[int, bytes]:
        time.sleep(0.005)
        got.append(request.headers["idempotency-key"])
        return 200, b""

    url = f"sqlite:///{tmp_path}/state.db"
    state = State.open(url)
    with http_receiver() as server:
        server.answer = answer
        where = f"http://127.0.0.1:{server.port}/"
        table = {"delivery": "webhook", "url": where, "name": "hook"}
        Deliverer([table], state, Meters(), tmp_path)  # the sink begins here
        wanted: list[str] = []
        for turn in range(5):
            command = [sys.executable, "-c", CHILD, url, where, str(tmp_path)]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as child:  # noqa: S603 - our own interpreter
                assert child.stdout
                assert child.stdout.readline() == b"ready\n"
                cases = [some_incident(f"case-{turn}-{n:03}") for n in range(40)]
                finding = cases[0].findings[0]
                state.commit(Work(turn, findings=[finding], final=[finding.uid], incidents=cases))
                wanted += [f"{case.uid}.4.new" for case in cases]
                time.sleep(chance.random() * 1.5)
                child.kill()
        last = Deliverer([table], state, Meters(), tmp_path, 0.01)
        last.start()
        until = time.monotonic() + 30
        while state.cursor("hook").number < state.last_change() and time.monotonic() < until:
            time.sleep(0.05)
        last.stop()
    state.close()
    assert set(got) == set(wanted)
    assert list(dict.fromkeys(got)) == wanted, "out of order"
    assert len(got) < 2 * len(wanted), "nearly all came twice"
