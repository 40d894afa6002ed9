from __future__ import annotations

from datetime import timedelta

import pytest

from vedette.features.logon_source import LogonSource
from vedette.testing.logons import logons, tries
from vedette.testing.rows import rows_of


def test_counts_failures_accounts_and_pace() -> None:
    rows = rows_of(
        LogonSource,
        logons(
            tries(10, every=2.0, users=("root", "admin"), source="203.0.113.9")
            + tries(1, every=1.0, users=("admin",), ok=True, start=60.0, source="203.0.113.9")
        ),
    )
    assert rows["window"].to_list() == [timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)]
    row = rows.row(0, named=True)
    assert (row["failures"], row["successes"], row["accounts_refused"]) == (10, 1, 1)
    assert row["gap_seconds"] == pytest.approx(2.0)
    assert row["in_after_failure"]
    assert row["tried"] == ["admin", "root"]


def test_repeated_lines_count_as_often_as_they_say() -> None:
    row = rows_of(LogonSource, logons(tries(1, every=1.0, source="203.0.113.9", count=7))).row(0, named=True)
    assert row["failures"] == 7


def test_a_name_stands_in_for_the_address() -> None:
    rows = rows_of(LogonSource, logons(tries(1, every=1.0, source_name="pc.example")))
    assert rows["source"].unique().to_list() == ["pc.example"]


def test_local_logons_have_no_source() -> None:
    assert rows_of(LogonSource, logons(tries(3, every=1.0))).is_empty()
