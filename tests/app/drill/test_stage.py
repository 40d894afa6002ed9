"""The stage: who sees what, who answers, and how the steps on it play."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from pydantic import TypeAdapter

from vedette.app.drill.stage import Stage
from vedette.app.drill.steps import AnyStep, Step

OUTSIDE, CLIENT, SERVER, BRANCH, NOBODY = "192.0.2.9", "10.0.0.5", "10.0.0.9", "10.1.0.7", "10.0.0.77"
STEP: TypeAdapter[Step] = TypeAdapter(AnyStep)


@pytest.fixture
def stage() -> Stage:
    return Stage(
        midnight_us=1_767_312_000_000_000,  # 2026-01-02
        cast={
            "out": (OUTSIDE,),
            "client": (CLIENT,),
            "server": (SERVER,),
            "branch": (BRANCH,),
            "many": (CLIENT, SERVER, NOBODY),
        },
        open_ports={CLIENT: frozenset(), SERVER: frozenset({22, 80}), BRANCH: frozenset({445})},
        sites={"news.example": "198.51.100.10"},
        resolver=SERVER,
        branch=frozenset({BRANCH}),
        rng=Random(1),
    )


def played(stage: Stage, **fields: object) -> Stage:
    STEP.validate_python({"title": "t", **fields}, context={"cast": stage.cast}).play(stage)
    return stage


@pytest.mark.parametrize(
    ("src", "dst", "port", "packets"),
    [
        (CLIENT, SERVER, 80, 3),  # answered, then reset
        (CLIENT, SERVER, 81, 2),  # refused
        (OUTSIDE, SERVER, 80, 3),
        (OUTSIDE, SERVER, 81, 1),  # dropped by the firewall
        (CLIENT, NOBODY, 80, 1),
    ],
)
def test_who_answers_a_knock(stage: Stage, src: str, dst: str, port: int, packets: int) -> None:
    stage.knock(0, src, dst, port)
    assert len(stage.packets) == packets


def test_the_branch_is_seen_by_its_own_sensor(stage: Stage) -> None:
    stage.knock(0, CLIENT, BRANCH, 445)
    assert not stage.packets
    assert [line.split("\t")[11] for _, line in stage.connections] == ["RSTO"]


def test_log_lines_have_an_iso_stamp(stage: Stage) -> None:
    stage.log(3661.25, "server", "sudo", "hello")
    assert [line for _, line in stage.lines] == ["2026-01-02T01:01:01.250000+00:00 server sudo: hello"]


def test_a_scan_tries_every_pair_once(stage: Stage) -> None:
    played(stage, do="scan", who="out", to="many", ports=["22", "80"], first_ports="2", at="10:00", pause="1s")
    tried = Counter((f[30:34], f[36:38]) for _, f in stage.packets if f[47] == 2)
    assert len(tried) == 3 * 4
    assert set(tried.values()) == {1}
    assert all(t >= stage.at(36_000) for t, _ in stage.packets)


def test_a_flood_keeps_its_rate_and_chokes(stage: Stage) -> None:
    played(stage, do="flood", who="out", to="server", port="80", at="10:00", lasts="10s", rate="100", answered="0.5")
    syns = sorted(t for t, f in stage.packets if f[47] == 2)
    answers = sorted(t for t, f in stage.packets if f[47] == 18)
    assert len(syns) == 1000
    assert 9.9e6 < syns[-1] - syns[0] < 10e6
    assert 150 < len(answers) < 350
    assert answers[-1] < stage.at(36_005.5)


@pytest.mark.parametrize(("round_robin", "order"), [("true", "abab"), ("false", "aabb")])
def test_logins_leave_lines_and_connections(stage: Stage, round_robin: str, order: str) -> None:
    when = {"start": "10:00", "until": "10:01", "count": "1"}
    fields = {
        "users": ["a", "b"],
        "unknown": ["b"],
        "tries": "2",
        "accepted": "a",
        "round_robin": round_robin,
        "when": when,
    }
    played(stage, do="logins", who="out", host="server", **fields)
    failed = [line for _, line in sorted(stage.lines) if "Failed password" in line]
    assert "".join("b" if "invalid user b" in line else "a" for line in failed) == order
    assert sum("Accepted password for a from 192.0.2.9" in line for _, line in stage.lines) == 1
    assert sum(f[47] == 2 for _, f in stage.packets) == 5


def test_sudo_says_who_ran_what_as_whom(stage: Stage) -> None:
    played(
        stage,
        do="sudo",
        host="server",
        user="olga",
        at="09:00",
        pause="5s",
        commands=["/usr/bin/id", "/usr/bin/du -sh /srv"],
    )
    ran = [line.partition("COMMAND=")[2] for _, line in stage.lines if "COMMAND" in line]
    assert ran == ["/usr/bin/id", "/usr/bin/du -sh /srv"]
    assert all(
        " olga : TTY=pts/0 ; PWD=/home/olga ; USER=root ;" in line for _, line in stage.lines if "COMMAND" in line
    )


def test_strangers_knock_once_each(stage: Stage) -> None:
    stage.cast["crowd"] = tuple(f"203.0.113.{n}" for n in range(1, 40))
    when = {"start": "00:00", "until": "24:00", "count": "30"}
    played(stage, do="noise", who="crowd", to="server", ports=["23"], when=when)
    assert len({f[26:30] for _, f in stage.packets}) == 30


def test_browsing_looks_up_before_it_connects(stage: Stage) -> None:
    when = {"start": "08:00", "until": "09:00", "count": "1"}
    played(stage, do="browse", who="client", when=when, burst=["2", "2"])
    kinds = [f[23] for _, f in sorted(stage.packets)]
    assert kinds[:2] == [17, 17]
    assert sum(f[47] == 2 and f[23] == 6 for _, f in stage.packets) == 2


def test_a_retry_is_never_answered_by_who_is_gone(stage: Stage) -> None:
    stage.cast["gone"] = (NOBODY,)
    when = {"start": "08:00", "until": "09:00", "every": "10m"}
    played(stage, do="retry", who="client", to="gone", port="445", when=when)
    assert 5 <= len(stage.packets) <= 7
    assert {f[47] for _, f in stage.packets} == {2}
