"""Requests for tickets by source."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.features.kerberos_source import KerberosSource
from vedette.testing.logons import logons
from vedette.testing.rows import rows_of

ERRORS = ("KDC_ERR_C_PRINCIPAL_UNKNOWN", "KDC_ERR_PREAUTH_FAILED", "KDC_ERR_PREAUTH_REQUIRED")


def tickets(*rows: tuple[str, str | None, bool]) -> pl.DataFrame:
    """Return the row of ten minutes of requests: user, error, let in."""
    given: list[dict[str, object]] = [
        {
            "at": n,
            "user": user,
            "ok": ok,
            "source": "10.0.0.9",
            "dst_endpoint.ip": "10.0.0.1",
            "auth_protocol": "Kerberos",
            "activity_id": 3,
            "status_code": code,
        }
        for n, (user, code, ok) in enumerate(rows)
    ]
    batch = logons(given)
    activity = pl.when(pl.col("status_code") == ERRORS[2]).then(6).otherwise(3).cast(pl.Int32).alias("activity_id")
    batch = type(batch)(batch.kind, batch.frame.with_columns(activity))
    return rows_of(KerberosSource, batch).filter(window=timedelta(minutes=10))


def test_each_outcome_is_told_apart() -> None:
    row = tickets(
        ("a", ERRORS[0], False),
        ("b", ERRORS[0], False),
        ("a", ERRORS[0], False),
        ("c", ERRORS[1], False),
        ("d", None, True),
    ).row(0, named=True)
    assert (row["unknown"], row["wrong"], row["known"], row["wrong_tries"]) == (2, 1, 2, 1)
    assert (row["unknown_users"], row["wrong_users"], row["let_in_users"], row["centres"]) == (
        ["a", "b"],
        ["c"],
        ["d"],
        ["10.0.0.1"],
    )


def test_to_be_asked_for_proof_is_no_failure() -> None:
    row = tickets(("a", ERRORS[2], False), ("a", None, True)).row(0, named=True)
    assert (row["unknown"], row["wrong"], row["known"]) == (0, 0, 1)
    assert row["unknown_excess"] == row["wrong_excess"] == 0.0


def test_other_logons_are_not_its_matter() -> None:
    given: list[dict[str, object]] = [
        {"at": 0, "user": "a", "ok": False, "source": "10.0.0.9", "auth_protocol": "NTLM"}
    ]
    assert rows_of(KerberosSource, logons(given)).is_empty()
