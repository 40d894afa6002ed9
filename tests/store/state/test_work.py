from __future__ import annotations

import pytest

from vedette.store.state.work import Work


def test_work_changes_nothing_unless_it_says_so() -> None:
    work = Work(7)
    assert work.position == 7
    assert not any(
        (work.findings, work.evidence, work.final, work.withdrawn, work.incidents, work.replaced, work.plans)
    )
    with pytest.raises(AttributeError):
        work.position = 8  # type: ignore[misc]
