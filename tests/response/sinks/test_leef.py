from __future__ import annotations

from dataclasses import replace

import pytest

from vedette import __version__
from vedette.incidents.record import findings_batch, incidents_batch
from vedette.response.sinks.leef import Leef
from vedette.testing.incidents import some_incident
from vedette.testing.laws import Law, laws_of
from vedette.testing.made import finding


def read(data: bytes) -> tuple[list[str], dict[str, str]]:
    """Return head and keys of one line, as a reader of LEEF takes them."""
    (line,) = data.decode().splitlines()
    *head, keys = line.split("|", 6)
    told = (pair.partition("=") for pair in keys.split("\t"))
    return head, {key: value for key, _, value in told}


def test_a_finding() -> None:
    head, keys = read(Leef().encode(findings_batch([finding("203.0.113.7", "10.0.0.5 user:bob", "T1110 T1021")])))
    assert head == ["LEEF:2.0", "Vedette", "Vedette", __version__, "sees_T1110 T1021", "x09"]
    assert keys == {
        "devTime": "1795348860000",
        "sev": "5",
        "cat": "Detection Finding",
        "src": "203.0.113.7",
        "dst": "10.0.0.5",
        "usrName": "bob",
        "uid": "203.0.113.7|10.0.0.5 user:bob|T1110 T1021|0",
        "title": "Case of T1110 T1021",
        "status": "new",
        "firstSeen": "1795348800000",
        "count": "1",
        "confidence": "90",
        "techniques": "T1110, T1021",
        "techniqueNames": "Brute Force, Remote Services",
        "actors": "203.0.113.7",
        "targets": "10.0.0.5, bob",
        "msg": "203.0.113.7 did T1110 T1021 to 10.0.0.5 user:bob.",
    }


def test_no_value_breaks_out() -> None:
    words = "a|b\tsrc=6.6.6.6\nLEEF:2.0|evil\r\x00\u2028x"
    head, keys = read(Leef().encode(incidents_batch([replace(some_incident(), title=words, story=(words,))])))
    assert len(head) == 6
    assert keys["src"] == "198.51.100.7"
    assert keys["msg"] == keys["title"] == "a|b src=6.6.6.6 LEEF:2.0|evil   x"


@pytest.mark.parametrize("law", laws_of(Leef), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()
