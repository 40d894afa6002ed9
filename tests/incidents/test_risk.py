from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.incidents.risk import CEILING, WORDS, assess
from vedette.model import Analytic, Finding, Severity
from vedette.testing.made import finding

A, V = "203.0.113.7", "10.0.0.5"
LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL


def seen(techniques: str, severity: Severity, **changes: Any) -> Finding:  # noqa: ANN401 - any field of a finding
    return finding(A, V, techniques, severity=severity, **changes)


CASES = {
    "an outside scan without success": ([seen("T1595.001", LOW)], LOW),
    "an outside scan, dead sure": ([seen("T1595.001", LOW, score=1.0)], LOW),
    "an outside flood": ([seen("T1498.001", HIGH)], HIGH),
    "a flood, barely over the threshold": ([seen("T1498.001", HIGH, score=0.5)], MEDIUM),
    "an inside scanner": ([seen("T1046", HIGH)], HIGH),
    "guessing, then a login": ([seen("T1110", MEDIUM), seen("T1110 T1078", HIGH, at=5, detector="login")], CRITICAL),
    "a login, then guessing": ([seen("T1110", MEDIUM, at=9), seen("T1078", HIGH, detector="login")], HIGH),
    "guessing at one host, a login to another": (
        [seen("T1110", MEDIUM), finding(A, "10.0.0.6", "T1078", severity=HIGH, at=5)],
        HIGH,
    ),
    "the same thing a hundred times": ([seen("T1046", MEDIUM, at=n) for n in range(100)], MEDIUM),
    "weak signs of many stages, one analytic": (
        [seen(t, MEDIUM, score=0.6) for t in ("T1046", "T1571", "T1498", "T1595", "T1110")],
        MEDIUM,
    ),
    "weak signs of two stages, two analytics": (
        [seen("T1046", MEDIUM), seen("T1571", MEDIUM, analytic=Analytic.RULE)],
        HIGH,
    ),
    "two analytics, one stage": ([seen("T1046", MEDIUM), seen("T1046", MEDIUM, analytic=Analytic.RULE)], MEDIUM),
    "nothing much": ([seen("T1571", Severity.INFORMATIONAL)], Severity.INFORMATIONAL),
}


@pytest.mark.parametrize(("findings", "word"), CASES.values(), ids=CASES.keys())
def test_the_word_for_a_story(findings: list[Finding], word: Severity) -> None:
    assert assess(findings).severity == word


def test_only_another_type_of_analytic_makes_us_surer() -> None:
    one = seen("T1046", MEDIUM, score=0.6)
    again = seen("T1046", MEDIUM, score=0.6, at=9)
    rule = seen("T1046", MEDIUM, score=0.5, analytic=Analytic.RULE)
    assert assess([one, again]).confidence == assess([one]).confidence == pytest.approx(0.6)
    assert assess([one, rule]).confidence == pytest.approx(0.8)


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            seen,
            st.sampled_from(["T1046", "T1110", "T1078", "T1498", "T1571", ""]),
            st.sampled_from(Severity),
            score=st.floats(0, 1),
            analytic=st.sampled_from(Analytic),
            detector=st.sampled_from("abc"),
            at=st.integers(0, 50),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_risk_is_bounded_never_above_the_worst_by_more_than_a_step_and_never_lower_for_knowing_more(
    findings: list[Finding],
) -> None:
    judged = assess(findings)
    assert 0 <= judged.risk <= 1
    assert 0 <= judged.confidence < 1
    assert judged.severity <= max(f.severity for f in findings) + 1
    assert judged.risk >= assess(findings[:1]).risk


def test_the_ceilings_lie_just_below_the_next_word() -> None:
    least = {word: bound for bound, word in WORDS}
    for word, ceiling in CEILING.items():
        assert least[word] <= ceiling
        assert word == CRITICAL or ceiling < least[Severity(word + 1)]


def test_a_judgement_over_others_is_no_second_opinion() -> None:
    parts = [seen("T1046", MEDIUM, score=0.6), seen("T1568", MEDIUM, score=0.7)]
    judged = seen("T1568", HIGH, score=0.9, analytic=Analytic.BEHAVIORAL, detector="infected_host")
    assert assess([*parts, judged]).confidence == pytest.approx(0.9)
    assert assess([*parts, judged]).severity == HIGH
    assert assess([judged]).confidence == pytest.approx(0.9)
