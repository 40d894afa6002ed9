from __future__ import annotations

from vedette.features.account_change import AccountChange
from vedette.testing.commands import account_changes
from vedette.testing.rows import rows_of


def test_reads_id_group_and_shell_from_the_message() -> None:
    rows = rows_of(
        AccountChange,
        account_changes(
            [
                (1, "eve", "new user: name=eve, UID=1001, GID=1001, home=/home/eve, shell=/bin/bash"),
                (99, "eve", "add 'eve' to group 'Sudo'"),
                (1, "ntp", "new user: name=ntp, UID=110, GID=110, home=/run/ntp, shell=/bin/false"),
            ]
        ),
    )
    assert rows.select("account", "uid", "group", "person", "root_twin").rows() == [
        ("eve", 1001, None, True, False),
        ("eve", None, "sudo", False, False),
    ]
