from __future__ import annotations

import pytest
from tests.detectors.made_identity import at_host

from vedette.detectors.logon_chain import LogonChain
from vedette.model import Severity
from vedette.testing.logons import logons
from vedette.testing.rows import hits_of

Row = dict[str, object]
HOURS = 40


def hop(user: str, at: float, host: str, source: str, kind: int = 3, **also: object) -> Row:
    return at_host(user, 0, at, kind, host, source=None, source_name=source, **also)


def explicit(user: str, at: float, target: str, by: str = "eve", source: str = "pc-eve") -> Row:
    return at_host(
        user, 0, at, 0, source, **{"dst_endpoint.hostname": target, "actor.user.name": by, "logon_type_id": None}
    )


OFFICE = [
    hop(f"person{p}", h + p / 100, f"files{p % 2}.corp.example", f"pc-person{p}")
    for h in range(HOURS)
    for p in range(20)
]
CHAIN = [
    hop("eve", HOURS + 0.1, "srv1", "PC-EVE"),
    hop("eve", HOURS + 0.3, "srv2", "SRV1"),
    hop("eve", HOURS + 0.5, "srv3", "SRV2"),
]
ROUNDS = [hop("admin7", h, f"srv{n}", "pc-admin") for h in range(HOURS) for n in range(12)]

CASES: dict[str, tuple[list[Row], bool]] = {
    "from host to host": ([*OFFICE, *CHAIN], True),
    "a longer one without any history": (
        [*CHAIN, hop("eve", HOURS + 0.6, "srv4", "SRV3"), hop("eve", HOURS + 0.7, "srv5", "SRV4")],
        True,
    ),
    "one station without any history": (CHAIN[:2], False),
    "explicit credentials towards many": (
        [*OFFICE, *(explicit("adm-bob", HOURS + n / 100, f"srv{n}") for n in range(8))],
        True,
    ),
    "many new hosts at once": (
        [*OFFICE, *(hop("person3", HOURS + n / 100, f"lab{n}", "pc-person3") for n in range(8))],
        True,
    ),
    "the office goes on": (OFFICE, False),
    "an administrator's rounds": (
        [*OFFICE, *ROUNDS, *(hop("admin7", HOURS, f"srv{n}", "pc-admin") for n in range(12))],
        False,
    ),
    "a new server for all": (
        [*OFFICE, *(hop(f"person{p}", HOURS + p / 100, "wiki", f"pc-person{p}") for p in range(20))],
        False,
    ),
    "one new host": ([*OFFICE, hop("person3", HOURS, "lab1", "pc-person3")], False),
    "runas on the own machine": ([explicit("adm-eve", n / 100, "localhost") for n in range(9)], False),
    "at keyboards": ([hop("eve", n / 10, f"pc{n}", "-", 2) for n in range(9)], False),
    "machines": ([hop("WS1$", n / 100, f"srv{n}", f"srv{n - 1}") for n in range(9)], False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    rows, found = CASES[case]
    hits = hits_of(LogonChain, logons(rows))
    late = hits.filter(hits["age"] >= (5 if case == "an administrator's rounds" else 0))
    assert bool(late.height) is found, late.select("account", "score", "summary").to_dicts()


def test_the_words() -> None:
    hit = hits_of(LogonChain, logons([*OFFICE, *CHAIN])).row(0, named=True)
    assert hit["summary"] == "eve logged on to 3 hosts (srv1, srv2, srv3), going on from srv1, srv2."
    assert hit["severity"] == Severity.HIGH
