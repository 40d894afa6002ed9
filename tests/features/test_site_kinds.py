from __future__ import annotations

import polars as pl
import pytest

from vedette.features.site_kinds import KINDS, site_kind


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("www.dropbox.com", "storage"),
        ("DROPBOX.COM.", "storage"),
        ("notdropbox.com", None),
        ("dropbox.com.evil.example", None),
        ("de.indeed.com", "jobs"),
        ("wikileaks.org", "leaks"),
        ("", None),
        (None, None),
    ],
)
def test_a_site_is_known_by_its_domain(host: str | None, kind: str | None) -> None:
    frame = pl.DataFrame({"host": pl.Series([host], dtype=pl.String)})
    assert frame.select(site_kind(pl.col("host"))).item() == kind


def test_lists_hold_domains_once() -> None:
    every = [s for sites in KINDS.values() for s in sites]
    assert len(every) == len(set(every))
    assert all(s == s.lower() and "." in s and not s.startswith("www.") for s in every)
