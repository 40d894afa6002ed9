from __future__ import annotations

import polars as pl
import pytest
from tests.store.profiles.made import Sent, rows_of

from vedette.store.profiles import profile as module
from vedette.store.profiles.erasing import erase
from vedette.store.profiles.profile import Profile
from vedette.store.state.erasure import rewriter


def _texts(profile: Profile) -> str:
    """Return everything that a baseline tells, in memory and in its files."""
    files = [pl.read_parquet(path).to_dicts() for segment in profile.cold.files() for path in segment]
    return repr([profile.entities.to_dicts(), [m.seen.to_dicts() for m in profile.members], files, profile.told()])


@pytest.mark.parametrize("limit", [100, 2])
def test_a_name_is_forgotten_as_an_entity_and_as_a_value(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(module, "PEERS_OF", 2)
    rows = [(hour, f"h{n}", 1.0, ["h3", "all"]) for hour in (0, 1) for n in range(6)]
    later = [(24 * day, f"h{n}", 1.0, ["h3"]) for day in (1, 2) for n in range(2)]
    profile = Profile(Sent(), limit=limit)
    profile.judge(rows_of([*rows, *later]))
    assert bool(profile.cold) == (limit == 2)
    assert "'h3'" in _texts(profile)
    assert erase(profile, rewriter("H3", "x")) >= 6
    assert "'h3'" not in _texts(profile)
    assert "'h30'" not in _texts(profile)
    assert "'h4'" in _texts(profile)
    judged = profile.judge(rows_of([(24 * 3, "h1", 1.0, ["all", "h3"]), (24 * 3 + 1, "h3", 1.0, ["all"])]))
    assert judged["had.servers"].to_list() == [[True, False], [False]], "it begins anew"
    assert judged["others.servers"].to_list()[0] == [4, 0], "five others have it still, but for whom was erased"
    assert erase(profile, rewriter("nobody", "x")) == 0
    profile.close()
