from __future__ import annotations

import polars as pl
import pytest

from vedette.intel.privileged import ALL, HOST, PART, power, privileges, weight

GROUPS: dict[tuple[str | None, str | None], int] = {
    ("Domain Admins", None): ALL,
    ("Domänen-Admins", "S-1-5-21-1-2-3-512"): ALL,
    ("Administratoren", "S-1-5-32-544"): HOST,
    ("Backup Operators", "S-1-5-32-551"): PART,
    ("Remote Desktop Users", "S-1-5-32-555"): HOST,
    ("Global Administrator", None): ALL,
    ("sudo", None): PART,
    ("Domain Users", "S-1-5-21-1-2-3-513"): 0,
    ("Sales", "S-1-5-21-1-2-3-1512"): 0,
    (None, None): 0,
}


@pytest.mark.parametrize("group", GROUPS)
def test_weights(group: tuple[str | None, str | None]) -> None:
    frame = pl.DataFrame({"n": [group[0]], "u": [group[1]]}, schema={"n": pl.String, "u": pl.String})
    found = frame.select(w=weight(pl.col("n"), pl.col("u")), p=power(pl.col("n"), pl.col("u"))).row(0)
    assert found[0] == GROUPS[group]
    assert (found[1] is None) is (found[0] == 0)


def test_the_table_is_in_order() -> None:
    assert all(p.weight in (HOST, PART, ALL) and p.what for p in privileges())
    assert all(n == n.lower().strip() for p in privileges() for n in p.names)
