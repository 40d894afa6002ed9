from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from vedette.detectors.dns_tunnel import DnsTunnel
from vedette.events.batch import EventBatch
from vedette.model import Severity
from vedette.testing.dns_services import SERVICES, hashes
from vedette.testing.dns_tunnels import TOOLS, Session, iodine, seen
from vedette.testing.rows import hits_of, rows_of

NEEDS_COMPANY = {"slow exfiltration", "Cobalt Strike, A"}
"""Tools that are told from look-ups of hashes only where others can be compared with, or by the day."""


def session(tool: Callable[[Session], list[tuple[float, str, str, tuple[str, ...]]]], **changes: int) -> EventBatch:
    """Return one session of a tool: twenty minutes, 12 KB unless told otherwise."""
    return seen(tool(Session(Random(3), up=changes.get("up", 4000), down=changes.get("down", 8000), seconds=1200.0)))


@pytest.mark.parametrize("tool", sorted(TOOLS.keys() - NEEDS_COMPANY))
def test_tools_are_found_in_a_capture_of_one_client(tool: str) -> None:
    hits = hits_of(DnsTunnel, session(TOOLS[tool]))
    assert hits.select("src_endpoint.ip", "domain").rows() == [("10.0.0.5", "relay-example.net")]


@pytest.mark.parametrize("count", [30, 300, 3000])
@pytest.mark.parametrize("service", SERVICES)
def test_services_that_look_like_it_are_not(service: str, count: int) -> None:
    hits = hits_of(DnsTunnel, seen(SERVICES[service](Random(3), count)))
    assert hits.height == 0, hits["summary"].to_list()


def test_a_visited_domain_is_no_tunnel() -> None:
    made = iodine(Session(Random(3), domain="x.google.com"))
    assert hits_of(DnsTunnel, seen(made)).height == 0


def test_names_that_many_ask_for_are_no_tunnel() -> None:
    """A product that asks for 200 bytes in a name, on every client."""
    made = [iodine(Session(Random(n), up=1000, down=200), "A") for n in range(12)]
    assert hits_of(DnsTunnel, seen(made[0])).height == 1
    assert hits_of(DnsTunnel, *(seen(m, src=f"10.0.0.{n}") for n, m in enumerate(made))).height == 0


def test_where_nobody_else_asks_so_less_is_enough() -> None:
    little = session(iodine, up=150, down=0)
    crowd = [seen(hashes(Random(n), 30), src=f"10.0.1.{n}") for n in range(40)]
    alone, among = (rows_of(DnsTunnel.needs, little, *others) for others in ((), crowd))
    scores = [float(DnsTunnel().score(r.filter(r["domain"] == "relay-example.net"))[0]) for r in (alone, among)]
    assert scores[0] < scores[1]


def test_it_tells_who_where_and_how_much() -> None:
    hits = hits_of(DnsTunnel, session(lambda of: iodine(of, "TXT"), up=100_000, down=50_000))
    hit = hits.row(0, named=True)
    assert "names below relay-example.net in 20.0 minutes (TXT): about " in hit["summary"], hit["summary"]
    assert "KB upstream in names" in hit["summary"]
    assert hit["severity"] == Severity.HIGH
    assert DnsTunnel().attacks(hits)[0] == ("T1071.004", "T1572", "T1048")
    reasons = DnsTunnel().reasons(hits)[0]
    assert reasons[0].weight >= reasons[-1].weight
    assert any("names could have carried" in r.text for r in reasons)
