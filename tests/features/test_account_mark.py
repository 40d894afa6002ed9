from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.features.account_mark import AccountMark
from vedette.testing.identity import told
from vedette.testing.rows import rows_of

ROW = {"at": 0, "activity_id": 99, "user.name": "bob", "metadata.event_code": "4738"}


def test_marks_and_nothing_else() -> None:
    rows: list[dict[str, object]] = [
        ROW | {"unmapped.AllowedToDelegateTo": "cifs/files1", "actor.user.name": "eve"},
        ROW | {"unmapped.ServicePrincipalNames": "http/x", "actor.user.name": "BOB"},
        ROW | {"unmapped.AllowedToDelegateTo": "-"},
        ROW | {"unmapped.UserAccountControl": "%%2080 %%2098"},
    ]
    made = rows_of(AccountMark, told(EventClass.ACCOUNT_CHANGE, rows))
    assert made.select("by", "delegates", "serves").rows() == [("eve", True, False), ("somebody", True, False)]
