from __future__ import annotations

import polars as pl
import pytest

from vedette.sources.logline.log_heads import FORMS, HEADS, parted, severity

TABLE: list[tuple[str, tuple[str | None, str | None, str | None, str | None, str]]] = [
    (" [7] LOG:  ready", (None, None, "7", "LOG", "ready")),
    (" 0 [Note] InnoDB: started", (None, "InnoDB", "0", "Note", "started")),
    (" [error] 12#0: *5 open() failed", (None, None, None, "error", "12#0: *5 open() failed")),
    (" [core:notice] [pid 12:tid 3] AH00094: x", (None, "core", "12", "notice", "AH00094: x")),
    (" INFO [main] org.example.App: up", (None, "org.example.App", None, "INFO", "up")),
    (" - INFO  [a/0:0:1:Election@7] - time out", (None, None, None, "INFO", "time out")),
    (" - my.module - ERROR - broke", (None, "my.module", None, "ERROR", "broke")),
    (" 148 INFO dfs.Node$Responder: ended", (None, "dfs.Node$Responder", "148", "INFO", "ended")),
    (" 25 INFO nova.api.server [req-1] got", (None, "nova.api.server", "25", "INFO", "[req-1] got")),
    (", Info                  CBS    Loaded", (None, "CBS", None, "Info", "Loaded")),
    ("  1702  2395 D WindowManager: opening", (None, "WindowManager", "1702", "D", "opening")),
    ("    1 file.go:12] here", (None, "file.go", "1", None, "here")),
    ("|Step|300|on 3", (None, "Step", "300", None, "on 3")),
    (" chrome.exe *64 - a.example:80 close", (None, "chrome.exe", None, None, "a.example:80 close")),
    (" web1 puppet[123]: Applied", ("web1", "puppet", "123", None, "Applied")),
    (" http: closed", (None, "http", None, None, "closed")),
    (" 2005.06.03 R02 2005-06-03-15.42.50.675872 R02 RAS KERNEL FATAL gone", ("R02", "KERNEL", None, "FATAL", "gone")),
    (" 2005.11.09 dn2 Nov 9 12:01:01 dn2/dn2 crond[29]: end", ("dn2", "crond", "29", None, "end")),
    (' level=warning msg="x"', (None, None, None, "warning", 'level=warning msg="x"')),
    (" 1 Linkerror event", (None, None, None, None, "1 Linkerror event")),
    ("", (None, None, None, None, "")),
]


@pytest.mark.parametrize(("rest", "expected"), TABLE, ids=[r for r, _ in TABLE])
def test_heads(rest: str, expected: tuple[str | None, ...]) -> None:
    assert parted(pl.Series([rest])).row(0) == expected


def test_heads_of_many_are_those_of_each() -> None:
    found = parted(pl.Series([r for r, _ in TABLE]))
    assert found.columns == list(HEADS)
    assert found.rows() == [e for _, e in TABLE]


def test_no_lines_have_no_heads() -> None:
    assert parted(pl.Series([], dtype=pl.String)).height == 0


def test_the_last_form_takes_every_line() -> None:
    assert pl.Series(["", "x", "\t"]).str.contains(FORMS[-1]).all()


def test_severities() -> None:
    words = pl.DataFrame({"w": ["INFO", "Warn", "err", "panic", "D", "nonsense", None]})
    assert words.select(severity(pl.col("w"))).to_series().to_list() == [1, 3, 4, 6, 1, None, None]
