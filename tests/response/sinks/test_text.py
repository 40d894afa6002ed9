from __future__ import annotations

from dataclasses import replace

import pytest

from vedette.incidents.record import incidents_batch
from vedette.response.sinks.text import Text
from vedette.testing.incidents import some_incident
from vedette.testing.laws import Law, laws_of

WORDS = """\
Password guessing by 198.51.100.7

Severity:   high
Status:     new
When:       22 November 2026, 12:00:00 to 12:01:00 UTC (1 min)
Who:        198.51.100.7
Against:    10.0.0.5
Confidence: 90 %
Risk:       0.80
ATT&CK:     T1110.001 Password Guessing
Id:         i1

What happened
  198.51.100.7 did T1110.001 to 10.0.0.5.

What to do next
  - Look for a success after the failures.
"""


def test_what_a_person_reads() -> None:
    data = Text().encode(incidents_batch([some_incident(), replace(some_incident(), uid="i2", title="a\f\nb")]))
    first, second = Text().parts(data)
    assert first.decode() == WORDS + "\f\n"
    assert second.decode().startswith("a\\x0c\\nb\n")


@pytest.mark.parametrize("law", laws_of(Text), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()
