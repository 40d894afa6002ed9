from __future__ import annotations

from typing import Any

import pytest

from vedette.detectors.icmp_sweep import IcmpSweep
from vedette.events.batch import EventBatch
from vedette.model import Severity
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of

HOSTS = [f"10.2.{i // 200}.{i % 200 + 1}" for i in range(400)]


def echo(n: int, answered: int, *, every: float = 0.01, kind: int = 8, **also: str | int) -> EventBatch:
    """Requests to ``n`` hosts, of which the first ``answered`` answer."""
    back = [1] * answered + [0] * (n - answered)
    columns: dict[str, Any] = {"proto": "icmp", "port": 0, **also}
    return flows(
        n,
        every=every,
        dst=HOSTS[:n],
        sport=kind,
        state="OTH",
        packets_in=back,
        bytes_in=[84 * b for b in back],
        **columns,
    )


CASES: dict[str, tuple[list[EventBatch], bool]] = {
    "echo": ([echo(254, 30)], True),
    "echo, nobody there": ([echo(60, 0)], True),
    "timestamp": ([echo(100, 5, kind=13)], True),
    "address mask": ([echo(100, 0, kind=17)], True),
    "slow: a host every ten minutes": ([echo(100, 10, every=600.0)], True),
    "NetFlow packs the type": ([echo(100, 5, kind=0, port=2048)], True),
    "IPv6": ([echo(100, 5, kind=128, proto="icmp6")], True),
    "monitoring, all well": ([echo(200, 200)] * 20, False),
    "monitoring, some down": ([echo(50, 45)] * 20, False),
    "a few hosts": ([echo(6, 0)], False),
    "one host, for hours": ([flows(4000, every=1.0, proto="icmp", sport=8, port=0, state="OTH")], False),
    "a victim's unreachable messages": ([echo(300, 0, kind=3)], False),
    "a router's time exceeded": ([echo(300, 0, kind=11)], False),
    "echo replies": ([echo(300, 0, kind=0)], False),
    "neighbour discovery": ([echo(300, 0, kind=135, proto="icmp6")], False),
    "ARP is another's": ([flows(254, every=0.01, dst=HOSTS[:254], proto="arp", state="S0")], False),
}


@pytest.mark.parametrize("case", CASES)
def test_sweeps_and_what_looks_like_them(case: str) -> None:
    batches, hostile = CASES[case]
    hits = hits_of(IcmpSweep, *batches)
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_a_summary_names_who_and_how_many() -> None:
    hit = hits_of(IcmpSweep, echo(100, 10)).row(0, named=True)
    assert hit["summary"] == (
        "10.0.0.5 asked 100 addresses in 1.0 s whether they are there, such as 10.2.0.100, 10.2.0.11, 10.2.0.12: "
        "90 did not answer. Kind: ICMP echo."
    )


def test_a_sweeper_inside_is_worse() -> None:
    found = [
        hits_of(IcmpSweep, b)["severity"][0] for b in (echo(99, 0), echo(254, 9, direction=1), echo(40, 0, direction=1))
    ]
    assert found == [Severity.HIGH, Severity.MEDIUM, Severity.LOW]
