from __future__ import annotations

from vedette.features.rights_asked import RightsAsked
from vedette.testing.logons import logons, tries
from vedette.testing.rows import rows_of


def test_the_asker_is_who_acts_else_the_user() -> None:
    rows = rows_of(
        RightsAsked,
        logons(
            tries(2, every=1.0, users=("root",), service="su", actor="eve")
            + tries(
                1, every=1.0, users=("bob",), service="sudo", actor="", count=3, status_detail="user NOT in sudoers"
            )
            + tries(5, every=1.0, source="203.0.113.9")
        ),
    ).filter(window=RightsAsked.windows[0])
    found = rows.sort("asker").select("asker", "failures", "denied", "wanted").rows()
    assert found == [("bob", 3, 1, ["bob"]), ("eve", 2, 0, ["root"])]
