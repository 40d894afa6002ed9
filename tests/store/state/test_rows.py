from __future__ import annotations

import pytest
from sqlalchemy import update

from vedette.errors import StoreError
from vedette.store.state.rows import CHUNK, chunks, when
from vedette.store.state.state import State
from vedette.store.state.stored import IncidentFilter
from vedette.store.state.tables import FINDINGS, INCIDENTS
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident


@pytest.mark.parametrize("count", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_chunks_hold_everything_in_order(count: int) -> None:
    found = list(chunks(list(range(count))))
    assert [n for some in found for n in some] == list(range(count))
    assert all(len(some) <= CHUNK for some in found)


def test_a_time_may_be_none() -> None:
    assert when(None) is None
    assert when(0) is not None


@pytest.mark.parametrize("content", ["", "{}", "no json", '{"uid": 1}'])
def test_what_is_damaged_is_told_by_its_name(state: State, content: str) -> None:
    incident = some_incident()
    state.commit(Work(1, incidents=[incident]))
    with state.database.write() as connection:
        connection.execute(update(FINDINGS).values(content=content))
    with pytest.raises(StoreError, match="damaged"):
        state.finding(incident.findings[0].uid)
    with state.database.write() as connection:
        connection.execute(update(INCIDENTS).values(content=content))
    with pytest.raises(StoreError, match="i1 is damaged"):
        state.incidents(IncidentFilter())
