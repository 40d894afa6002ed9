from __future__ import annotations

from vedette.features.foreign_alert import ForeignAlert
from vedette.testing.events import random_events
from vedette.testing.rows import rows_of


def test_an_alert_is_a_row_with_its_own_techniques() -> None:
    batch = random_events(ForeignAlert.needs, n=60, seed=3)
    titled = batch.frame["finding_info.title"].is_not_null().sum()
    rows = rows_of(ForeignAlert, batch)
    assert rows.height == titled > 0
    assert rows["techniques"].null_count() == 0
    assert rows["techniques"].list.explode(empty_as_null=False).null_count() == 0
    assert rows["severity"].is_between(1, 5).all()
