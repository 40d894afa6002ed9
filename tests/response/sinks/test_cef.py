from __future__ import annotations

import re
from dataclasses import replace

import pytest

from vedette import __version__
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.incidents.record import findings_batch, incidents_batch
from vedette.model import Severity
from vedette.response.sinks.cef import Cef
from vedette.testing.events import random_events
from vedette.testing.incidents import some_incident
from vedette.testing.laws import Law, laws_of
from vedette.testing.made import finding


def read(data: bytes) -> tuple[list[str], dict[str, str]]:
    """Return head and keys of one line, as a reader of CEF takes them."""
    (line,) = data.decode().splitlines()
    parts = re.match(r"((?:(?:\\.|[^\\|])*\|){7})(.*)$", line)
    assert parts
    head, keys = re.findall(r"((?:\\.|[^\\|])*)\|", parts[1]), parts[2]
    pairs = re.findall(r"(\w+)=((?:\\.|[^\\=])*?)(?= \w+=|$)", keys)
    unescape = {"\\n": "\n", "\\r": "\r", "\\=": "=", "\\\\": "\\"}
    return head, {k: re.sub(r"\\[nr=\\]", lambda m: unescape[m[0]], v) for k, v in pairs}


def test_a_finding() -> None:
    data = Cef().encode(findings_batch([finding("203.0.113.7", "10.0.0.5", "T1110.001", severity=Severity.HIGH)]))
    head, keys = read(data)
    assert head == ["CEF:0", "Vedette", "Vedette", __version__, "sees_T1110.001", "Case of T1110.001", "8"]
    assert keys == {
        "rt": "1795348860000",
        "start": "1795348800000",
        "end": "1795348860000",
        "externalId": "203.0.113.7|10.0.0.5|T1110.001|0",
        "cat": "Detection Finding",
        "cnt": "1",
        "src": "203.0.113.7",
        "dst": "10.0.0.5",
        "cs1Label": "ATT&CK Techniques",
        "cs1": "T1110.001",
        "cs2Label": "ATT&CK Technique Names",
        "cs2": "Password Guessing",
        "cs3Label": "Actors",
        "cs3": "203.0.113.7",
        "cs4Label": "Targets",
        "cs4": "10.0.0.5",
        "cs5Label": "Status",
        "cs5": "new",
        "cn1Label": "Confidence",
        "cn1": "90",
        "msg": "203.0.113.7 did T1110.001 to 10.0.0.5.",
    }


def test_an_incident_tells_its_risk() -> None:
    head, keys = read(Cef().encode(incidents_batch([some_incident()])))
    assert head[4:] == ["incident", "Password guessing by 198.51.100.7", "8"]
    assert (keys["cfp1"], keys["cfp1Label"], keys["src"]) == ("0.8", "Risk", "198.51.100.7")


def test_ipv6_has_keys_of_its_own() -> None:
    _, keys = read(Cef().encode(findings_batch([finding("2001:db8::1", "2001:db8::2", "T1110")])))
    assert (keys["c6a2"], keys["c6a3"]) == ("2001:db8::1", "2001:db8::2")
    assert not {"src", "dst"} & set(keys)


def test_an_event() -> None:
    batch = random_events(EventClass.NETWORK_ACTIVITY, n=3)
    row = EventBatch(batch.kind, batch.frame.head(1))
    head, keys = read(Cef().encode(row))
    assert head[4:6] == ["network_activity", row.frame["message"][0] or "Network Activity"]
    assert keys["cat"] == "Network Activity"
    assert "cs5" not in keys


HOSTILE = "a|b\\|c=d src=6.6.6.6\nCEF:0|evil\r\x00\u2028x\\"


def test_no_value_breaks_out() -> None:
    hostile = replace(some_incident(), title=HOSTILE, story=(HOSTILE,))
    head, keys = read(Cef().encode(incidents_batch([hostile])))
    assert len(head) == 7
    assert head[6] == "8"
    assert keys["msg"] == "a|b\\|c=d src=6.6.6.6\nCEF:0|evil\r  x\\"
    assert keys["src"] == "198.51.100.7"


def test_values_are_bounded() -> None:
    long = replace(some_incident(), title="t" * 9_999, story=("s" * 99_999,))
    data = Cef().encode(incidents_batch([long]))
    assert len(data) < 4_000


@pytest.mark.parametrize("law", laws_of(Cef), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()
