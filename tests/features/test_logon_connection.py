from __future__ import annotations

import pytest

from vedette.features.logon_connection import SERVICES, LogonConnection
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_parts_refused_logons_from_work() -> None:
    row = rows_of(
        LogonConnection,
        flows(10, every=3.0, port=21, payload_out=40, payload_in=200),
        flows(2, port=21, payload_out=4_000, payload_in=90_000),
        flows(9, port=21, payload_out=0, payload_in=200),
        flows(9, port=443, payload_out=40, payload_in=200),
    ).row(0, named=True)
    assert (row["service"], row["attempts"], row["others"]) == ("FTP", 10, 2)
    assert (row["sent_spread"], row["got_spread"]) == (0.0, 0.0)
    assert row["gap_seconds"] == pytest.approx(3.0)


def test_spread_is_the_coefficient_of_variation() -> None:
    row = rows_of(LogonConnection, flows(2, port=21, payload_out=[50, 150], payload_in=200)).row(0, named=True)
    assert row["sent_spread"] == pytest.approx(0.5)


@pytest.mark.parametrize("port", SERVICES)
def test_the_table_is_in_order(port: int) -> None:
    _, sent_least, sent_most, got_least, got_most = SERVICES[port]
    assert 0 < sent_least < sent_most
    assert 0 < got_least < got_most
