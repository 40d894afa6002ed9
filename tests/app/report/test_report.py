from __future__ import annotations

import re
import time
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from vedette.app.report import IN_FULL, InputLine, Report, render
from vedette.config import Config
from vedette.incidents.correlate import correlate
from vedette.model import Entity, EntityKind, Finding, Incident, Reason, Severity
from vedette.response.equipped import equipped
from vedette.response.propose import Proposer
from vedette.testing.made import finding

A, V = "203.0.113.7", "10.0.0.5"
HOSTILE = "<script>alert(1)</script>\x00\u202e'\" onload=x //{{ 7*7 }}</style><img src=x onerror=y>" + "\u0301" * 9


def report(*findings: Finding, **changes: Any) -> Report:  # noqa: ANN401 - any field of a report
    incidents = correlate(findings)
    values: dict[str, Any] = {
        "incidents": incidents,
        "inputs": [InputLine("a.pcap", "pcap", 1200, 34, 5)],
        "started": datetime(2026, 11, 22, 21, tzinfo=UTC),
        "elapsed": timedelta(seconds=12),
        "plans": Proposer(Config(), equipped(Config())).all(incidents),
    }
    return Report(**{**values, **changes})


class Page(HTMLParser):
    """Collects elements, attributes and text as a browser would see them."""

    VOID = frozenset({"meta"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


FOREIGN = ("src", "srcset", "action", "formaction", "background", "poster", "data", "xlink:href", "style")


def check(html: str) -> Page:
    """Assert what holds for every report, and return the page."""
    page = Page(html)
    assert not page.open
    assert not {"script", "img", "iframe", "object", "embed", "link", "base", "form"} & set(page.elements)
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), (tag, name)
        assert name not in FOREIGN, (tag, name)
        assert name != "href" or re.fullmatch(r"#i\d+", value)
    hidden = [c for c in html if not c.isprintable() and c != "\n"]
    assert hidden == []
    for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        ElementTree.fromstring(svg)  # noqa: S314 - our own output
    return page


GUESSING = finding(
    A, f"{V} user:bob", "T1110.001", severity=Severity.HIGH, false_positives=("A job with an old password.",)
)


def test_a_report_tells_story_reasons_plan_objections_and_account() -> None:
    evidence = {GUESSING.uid: [{"time": GUESSING.first_seen, "src_endpoint.ip": A, "user.name": "bob"}]}
    text = check(
        render(
            report(
                GUESSING,
                evidence=evidence,
                idle=[("beacon", "needs four hours of traffic")],
                counts={"NETWORK_ACTIVITY": 34},
                inputs=[InputLine("a.pcap", "pcap", 1200, 34, 5), InputLine("b.txt", "", note="no source reads it")],
            )
        )
    ).text
    for words in (
        "1 incident, 1 needs you now",
        f"{A} guessed passwords on {V}",
        "1,024 ports in 12 s, where 3 is usual",
        "Credential Access T1110.001 Password Guessing",
        f"block address {A}",
        "Only one kind of analytic says so",
        "A job with an old password.",
        "2026-11-22 12:00:00.000 203.0.113.7 bob",
        "a.pcap pcap 1,200 34 5",
        "b.txt not read 0 0 0 no source reads it",
        "beacon needs four hours of traffic",
        "34 network activity",
    ):
        assert words in text


def test_the_name_of_a_setting_is_set_as_code() -> None:
    made = replace(GUESSING, false_positives=("a monitor: name it under `network.<b>scanners`", "a ` alone"))
    html = render(report(made))
    check(html)
    assert "<code>network.&lt;b&gt;scanners</code>" in html
    assert "a <code> alone</code>" in html


def test_nothing_found_says_so() -> None:
    page = check(render(report()))
    assert "Nothing found" in page.text
    assert "Every detector could run on this input." in page.text


def test_the_policy_allows_only_the_style_that_is_in_the_file() -> None:
    html = render(report(GUESSING))
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    policy = next(v for t, n, v in Page(html).attributes if (t, n) == ("meta", "content") and "default-src" in v)
    assert policy.startswith("default-src 'none';")
    assert b64encode(sha256(style.encode()).digest()).decode() in policy
    assert "@import" not in style
    assert "url(" not in style


@pytest.mark.parametrize("text", [HOSTILE, HOSTILE * 2000, "\udc80", "]]>&amp;", "\u2028\x1b[31m", "العربية"])
def test_whatever_stands_in_the_data_stays_text(text: str) -> None:
    entity = Entity(EntityKind.DOMAIN, text)
    made = replace(
        finding("", "", "T1071"),
        actors=(entity, Entity(EntityKind.USER, text)),
        targets=(entity,),
        title=text,
        summary=text,
        detector=text,
        reasons=(Reason(text, 0.5, text), Reason(text, -0.1)),
        false_positives=(text,),
        techniques=("T1071", text),
        uid="u",
    )
    hostile = report(
        made,
        evidence={"u": [{text: text, "message": [text] * 99, "time": None, "count": 1.5}]},
        inputs=[InputLine(text, text, note=text)],
        idle=[(text, text)],
        counts={text: 3},
    )
    html = render(replace(hostile, incidents=[_filled(i, text) for i in hostile.incidents]))
    check(html)
    assert "<script" not in html
    assert len(html) < 200_000


def _filled(incident: Incident, text: str) -> Incident:
    return replace(incident, title=text, story=(text, f"12:00:00  {text}", text), next_steps=(text,), uid=text)


def test_thousands_of_incidents_stay_a_file_that_opens() -> None:
    pairs = [(n, f"10.{n % 200}.{n // 200}.1", f"198.51.{n % 200}.{n // 200}") for n in range(3000)]
    many = [finding(a, v, "T1571", at=n * 90, severity=Severity.LOW) for n, a, v in pairs]
    start = time.process_time()
    html = render(report(*many, plans={}))
    assert time.process_time() - start < 10
    page = check(html)
    assert page.elements.count("article") == IN_FULL
    assert "And 2,000 more, all of less risk." in page.text
    assert len(html) < 4_000_000


def test_one_incident_with_ten_thousand_findings_is_bounded_too() -> None:
    many = [finding(f"198.51.{n // 200}.{n % 200}", V, "T1595", at=n / 100) for n in range(10_000)]
    html = render(report(*many))
    check(html)
    assert len(html) < 150_000
