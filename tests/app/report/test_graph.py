from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.app.report.graph import COLUMN_NODES, NODE_WIDTH, draw_graph
from vedette.incidents.correlate import correlate
from vedette.model import Finding, Severity
from vedette.testing.made import finding

A, V = "203.0.113.7", "10.0.0.5"
WORDS = st.lists(st.sampled_from([f"10.0.0.{n}" for n in range(12)] + ["user:bob", "host:web1"]), max_size=12).map(
    " ".join
)


@settings(deadline=None)
@given(st.lists(st.builds(finding, WORDS, WORDS, st.sampled_from(["T1110", "T1078", ""])), min_size=1, max_size=6))
def test_nodes_are_bounded_and_lie_on_the_canvas(findings: list[Finding]) -> None:
    for incident in correlate(findings):
        graph = draw_graph(incident)
        assert len(graph.nodes) <= 3 * (COLUMN_NODES + 1)
        assert len({(n.x, n.y) for n in graph.nodes}) == len(graph.nodes)
        for node in graph.nodes:
            assert 0 <= node.x <= graph.width - NODE_WIDTH
            assert 15 <= node.y <= graph.height - 15


def test_attackers_stand_left_pivots_in_the_middle_victims_right() -> None:
    (incident,) = correlate([finding(A, V, "T1110"), finding(V, "10.0.0.6", "T1046", at=5)])
    assert [n.name for n in sorted(draw_graph(incident).nodes, key=lambda n: n.x)] == [A, V, "10.0.0.6"]


def test_what_does_not_fit_is_one_node_with_one_edge() -> None:
    (incident,) = correlate([finding(A, " ".join(f"10.0.{n}.1" for n in range(20)), "T1046", severity=Severity.HIGH)])
    graph = draw_graph(incident)
    assert [n.name for n in graph.nodes][-1] == f"and {20 - COLUMN_NODES} more"
    assert len(graph.edges) == COLUMN_NODES + 1
    assert {e.severity for e in graph.edges} == {Severity.HIGH}
    assert [e.label for e in graph.edges if e.label] == ["T1046"]


def test_an_incident_without_entities_is_an_empty_canvas() -> None:
    (incident,) = correlate([finding("", "", "T1046")])
    graph = draw_graph(incident)
    assert (graph.nodes, graph.edges) == ((), ())
    assert graph.height > 0
