from __future__ import annotations

from vedette.features.flow_protocol import JUDGED, PORTS, FlowProtocol
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_what_the_table_allows_makes_no_row() -> None:
    fits = [flows(port=port, app=app) for port, apps in PORTS.items() for app in apps]
    assert not rows_of(FlowProtocol, *fits).height


def test_everything_judged_and_not_allowed_makes_one() -> None:
    odd = [(port, app) for port, apps in PORTS.items() for app in JUDGED if app not in apps]
    rows = rows_of(FlowProtocol, *(flows(3, port=port, app=app) for port, app in odd))
    assert sorted(rows.select("dst_endpoint.port", "app").rows()) == sorted(odd)
    assert set(rows["flows"]) == {3}


def test_clients_are_counted() -> None:
    row = rows_of(FlowProtocol, flows(40, src=[f"10.0.2.{i % 20}" for i in range(40)], app="ssh")).row(0, named=True)
    assert (row["clients"], row["flows"], len(row["sources"]), row["usual"]) == (20, 40, 8, "tls")
