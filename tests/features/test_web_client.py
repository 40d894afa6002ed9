from __future__ import annotations

import pytest

from vedette.features.web_client import WebClient
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_counts_connections_and_the_spread_of_answers() -> None:
    row = rows_of(
        WebClient,
        flows(10, port=443, payload_in=[1_000, 3_000] * 5),
        flows(5, port=443, state="S0"),
        flows(5, port=22),
    ).row(0, named=True)
    assert (row["connections"], row["unanswered"], row["got_mean"]) == (10, 0, 2_000)
    assert row["got_spread"] == pytest.approx(0.5)


def test_huge_answers_do_not_overflow() -> None:
    row = rows_of(WebClient, flows(2, port=443, payload_in=[1 << 50, 1 << 50])).row(0, named=True)
    assert row["got_spread"] == 0.0
