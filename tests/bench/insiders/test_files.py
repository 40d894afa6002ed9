from __future__ import annotations

import json
from pathlib import Path

import polars as pl
from bench.insiders.company import Company
from bench.insiders.files import write
from bench.insiders.log import Log
from bench.insiders.run import Drill

from vedette.events.schema import EventClass
from vedette.features.person_day import PersonDay
from vedette.sources.weblog import WebLog
from vedette.sources.winlog import WinLog
from vedette.testing.rows import rows_of


def test_what_is_written_is_read_as_what_was_made(tmp_path: Path) -> None:
    log = Log()
    log.logon("anna", 4, 9, "pc-1")
    log.drive("anna", 4, 10, "pc-1", "S1")
    log.file("anna", 4, 10, "pc-1", 1, "E:\\a.pdf")
    log.file("anna", 4, 10, "pc-1", 2, "\\\\files\\p\\b.pdf")
    log.file("anna", 4, 10, "pc-1", 4, "\\\\files\\p\\c.pdf")
    log.request("anna", 4, 10, "www.dropbox.com", "/up", 70)
    made = [b for b in log.batches() if len(b)]
    write(tmp_path, Drill(1, Company(1, 40, 60), [], {("anna", 4): 0}, made))
    with (tmp_path / "windows.jsonl").open("rb") as windows, (tmp_path / "proxy.log").open("rb") as proxy:
        read = [*WinLog().read(windows), *WebLog().read(proxy)]
    assert not [b for b in read if b.kind is EventClass.REJECT]
    columns = ("person", "media", "copied", "files", "deleted", "uploaded", "at", "sites", "morning")
    told = [
        rows_of(PersonDay, *(b for b in part if b.kind in PersonDay.kinds())).select(columns) for part in (made, read)
    ]
    assert told[0].equals(told[1]), pl.concat(told)
    assert told[0].row(0)[1:6] == (1, 1.0, 1.0, 1, 70)
    assert json.loads((tmp_path / "truth.json").read_text())["days"] == [{"person": "anna", "day": 4, "plot": 0}]
