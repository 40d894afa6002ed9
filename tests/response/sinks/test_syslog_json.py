from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from vedette.incidents.record import findings_batch, incidents_batch
from vedette.response.sinks.syslog_json import SyslogJson
from vedette.testing.incidents import some_incident
from vedette.testing.laws import Law, laws_of
from vedette.testing.made import finding

LINE = re.compile(r"<(\d+)>1 (\S+) - vedette - (\S+) - (\{.*\})")


def test_a_head_and_the_object() -> None:
    data = SyslogJson().encode(
        incidents_batch([some_incident(), replace(some_incident(), uid="i2", title="a\nb\u2028")])
    )
    first, second = (LINE.fullmatch(line) for line in data.decode().split("\n")[:-1])
    assert first
    assert second
    assert first.groups()[:3] == ("131", "2026-11-22T12:01:00.000000Z", "incident")
    assert json.loads(first[4])["metadata"]["uid"] == "i1"
    assert json.loads(second[4])["message"] == "a\nb\u2028"


def test_the_name_of_a_detector_stays_one_word() -> None:
    odd = finding("203.0.113.7", "10.0.0.5", "T1110", detector="a b\tc\u00e9" + "x" * 99)
    line = LINE.fullmatch(SyslogJson().encode(findings_batch([odd])).decode().rstrip("\n"))
    assert line
    assert line[3] == "a_b_c_" + "x" * 26


@pytest.mark.parametrize("law", laws_of(SyslogJson), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()
