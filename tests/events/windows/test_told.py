"""What a row's own columns imply."""

from __future__ import annotations

import polars as pl

from vedette.events.windows.shapes import shape_of
from vedette.events.windows.told import told

SECURITY = "Microsoft-Windows-Security-Auditing"


def test_names_follow_from_paths() -> None:
    rows = pl.DataFrame(
        {"process.file.path": [r"C:\a\b.exe", "/usr/bin/id", None], "process.parent_process.file.path": ["x", "", "-"]}
    )
    got = told(rows, shape_of("Microsoft-Windows-Sysmon", 1))
    assert got["process.name"].to_list() == ["b.exe", "id", None]
    assert got["process.parent_process.name"].to_list() == ["x", None, None]
    files = told(pl.DataFrame({"file.path": [r"C:\x.txt"]}), shape_of("Microsoft-Windows-Sysmon", 11))
    assert files["file.name"].to_list() == ["x.txt"]


def test_a_logon_from_afar() -> None:
    rows = pl.DataFrame(
        {"logon_type_id": [10, 3, 3, 2, None], "src_endpoint.ip": [None, "192.0.2.1", None, "192.0.2.1", "192.0.2.1"]},
        schema={"logon_type_id": pl.Int32, "src_endpoint.ip": pl.String},
    )
    assert told(rows, shape_of(SECURITY, 4624))["is_remote"].to_list() == [True, True, False, False, None]
