from __future__ import annotations

from vedette.features.logon_host import LogonHost
from vedette.testing.logons import logons, tries
from vedette.testing.rows import rows_of


def test_counts_addresses_by_their_outcome() -> None:
    failed = [row for i in range(12) for row in tries(2, every=1.0, source=f"198.51.100.{i}")]
    let_in = tries(1, every=1.0, ok=True, start=30.0, source="198.51.100.3")
    row = rows_of(LogonHost, logons(failed + let_in)).row(0, named=True)
    assert (row["host"], row["failures"], row["successes"]) == ("web1", 24, 1)
    assert (row["failed_sources_count"], row["let_in_sources_count"], row["sources_refused"]) == (12, 1, 11)
    assert row["tries_per_source"] == 2.0
