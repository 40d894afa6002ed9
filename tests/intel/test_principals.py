from __future__ import annotations

import polars as pl
import pytest

from vedette.intel.principals import machine, of_admin, of_service, of_system

NAMES = {  # name -> machine, system, service, admin
    "WS01$": (True, False, False, False),
    "SYSTEM": (False, True, False, False),
    "DWM-3": (False, True, False, False),
    "systemd-oom": (False, True, False, False),
    "www-data": (False, True, False, False),
    "svc-backup": (False, False, True, False),
    "sql_service": (False, False, True, False),
    "gmsa.web": (False, False, True, False),
    "sync.azure": (False, False, True, False),
    "alice": (False, False, False, False),
    "servais": (False, False, False, False),
    "botticelli": (False, False, False, False),
    "adm-alice": (False, False, False, True),
    "webadmin": (False, False, False, True),
    "adam": (False, False, False, False),
}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_name_tells(name: str) -> None:
    found = pl.DataFrame({"n": [name]}).select(
        machine=machine(pl.col("n")),
        system=of_system(pl.col("n")),
        service=of_service(pl.col("n")),
        admin=of_admin(pl.col("n")),
    )
    assert found.row(0) == NAMES[name]


def test_no_name_is_none_of_them() -> None:
    nothing = pl.DataFrame({"n": [None]}, schema={"n": pl.String})
    found = nothing.select(
        a=machine(pl.col("n")), b=of_system(pl.col("n")), c=of_service(pl.col("n")), d=of_admin(pl.col("n"))
    )
    assert found.row(0) == (False, False, False, False)
