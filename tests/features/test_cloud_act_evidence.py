"""What acts are worth: alone, again, among others."""

from __future__ import annotations

import polars as pl
from tests.detectors.made_cloud import call, calls

from vedette.detectors.cloud_logging_disabled import CloudLoggingDisabled
from vedette.detectors.cloud_secrets import CloudSecrets
from vedette.features.cloud_act import CloudAct
from vedette.features.cloud_act_evidence import attacks, severities
from vedette.model import Severity
from vedette.testing.rows import rows_of


def _scores(rows: pl.DataFrame) -> list[float]:
    return CloudLoggingDisabled().score(rows).to_list()


def test_what_is_routine_counts_less() -> None:
    rows = rows_of(CloudAct, calls([call("StopLogging", minutes=60 * i) for i in range(30)]))
    scores = _scores(rows)
    assert scores[0] > 0.95
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < scores[0] - 0.1


def test_a_refusal_is_worth_less_than_the_act() -> None:
    done, refused = (_scores(rows_of(CloudAct, calls([call("StopLogging", status_id=s)])))[0] for s in (1, 2))
    assert refused < done
    assert refused > 0.5, "somebody tried"


def test_many_things_count_more_than_one() -> None:
    one, many = (
        CloudSecrets().score(rows_of(CloudAct, calls([call("GetSecretValue", to=f"s{i}") for i in range(n)])))[0]
        for n in (1, 25)
    )
    assert one < 0.3
    assert many > 0.6


def test_severity_and_techniques_are_those_of_the_acts() -> None:
    rows = rows_of(CloudAct, calls([call("StopLogging"), call("StopLogging", who="eve", status_id=2)]))
    assert severities(rows) == [Severity.HIGH, Severity.MEDIUM]
    assert attacks(rows, ("T1562",)) == [("T1562.008",), ("T1562.008",)]
