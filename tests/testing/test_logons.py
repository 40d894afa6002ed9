from __future__ import annotations

from vedette.testing.logons import START, logons, tries


def test_short_names_become_attribute_paths() -> None:
    frame = logons(tries(4, every=2.0, users=("a", "b"), source="203.0.113.9", start=10.0)).frame
    assert frame["user.name"].to_list() == ["a", "b", "a", "b"]
    assert (frame["time"][1] - START).total_seconds() == 12
    assert frame["status_id"].unique().to_list() == [2]
