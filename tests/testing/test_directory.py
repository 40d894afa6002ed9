from __future__ import annotations

from pathlib import Path

import pytest

from vedette.testing.directory import available, slapd, value_of


@pytest.mark.skipif(not available(), reason="needs slapd and ldap-utils")
def test_a_directory_has_who_was_put_into_it(tmp_path: Path) -> None:
    with slapd(tmp_path, {"bob": {"userAccountControl": "512"}}) as port:
        assert value_of(port, "bob", "userAccountControl") == "512"
        assert value_of(port, "bob", "pwdLastSet") == ""
