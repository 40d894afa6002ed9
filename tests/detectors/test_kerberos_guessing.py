from __future__ import annotations

import polars as pl
import pytest

from vedette.detectors.kerberos_guessing import KerberosGuessing
from vedette.events.batch import EventBatch
from vedette.features.kerberos_source import KerberosSource
from vedette.testing.logons import logons
from vedette.testing.rows import hits_of, rows_of

UNKNOWN, WRONG, PROOF = "KDC_ERR_C_PRINCIPAL_UNKNOWN", "KDC_ERR_PREAUTH_FAILED", "KDC_ERR_PREAUTH_REQUIRED"
Row = tuple[str, str | None]


def tickets(*rows: Row, every: float = 1.0) -> EventBatch:
    """Return requests for tickets: user and error, none where the ticket was given."""
    given: list[dict[str, object]] = [
        {
            "at": n * every,
            "user": user,
            "ok": code is None,
            "source": "10.0.0.9",
            "status_code": code,
            "auth_protocol": "Kerberos",
        }
        for n, (user, code) in enumerate(rows)
    ]
    batch = logons(given)
    return EventBatch(batch.kind, batch.frame.with_columns(activity_id=pl.lit(3, dtype=pl.Int32)))


def each(names: int, code: str | None, prefix: str = "user") -> list[Row]:
    return [(f"{prefix}{n}", code) for n in range(names)]


CASES: dict[str, tuple[EventBatch, tuple[str, ...]]] = {
    "names are tried": (tickets(*each(6, UNKNOWN, "x"), *each(2, PROOF)), ("T1087.002",)),
    "a password is tried on many": (tickets(*each(12, PROOF), *each(12, WRONG)), ("T1110.003",)),
    "both": (tickets(*each(5, UNKNOWN, "x"), *each(3, WRONG)), ("T1110.003", "T1087.002")),
    "slowly, over a day": (tickets(*each(40, WRONG), every=1_800), ()),  # an hour has two: see the blind spots
    "a person mistypes": (tickets(("bob", PROOF), ("bob", WRONG), ("bob", WRONG), ("bob", None)), ()),
    "a morning on a shared machine": (tickets(*[r for u in each(30, PROOF) for r in (u, (u[0], None))]), ()),
    "an old service account": (tickets(*[("svc-old", UNKNOWN)] * 300), ()),
    "two mistakes among many": (tickets(*each(2, UNKNOWN, "x"), *each(40, None)), ()),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batch, techniques = CASES[case]
    hits = hits_of(KerberosGuessing, batch)
    assert bool(hits.height) is bool(techniques), hits.to_dicts()
    if techniques:
        rows = rows_of(KerberosSource, batch)
        assert KerberosGuessing().attacks(rows.filter(KerberosGuessing().score(rows) >= 0.5))[0] == techniques


def test_says_who_and_how_many() -> None:
    summary = hits_of(KerberosGuessing, CASES["both"][0])["summary"][0]
    assert "10.0.0.9" in summary
    assert "5 accounts that do not exist" in summary
