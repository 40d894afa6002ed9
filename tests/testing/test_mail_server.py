from __future__ import annotations

import pytest

from vedette.testing.mail_server import available, dovecot, held, put


@pytest.mark.slow
@pytest.mark.skipif(not available(), reason="needs Dovecot and root")
def test_a_mailbox_holds_what_was_put_into_it() -> None:
    with dovecot() as port:
        put(port, "bob@corp.example", "<1@x>")
        assert held(port, "bob@corp.example") == ["<1@x>"]
        assert held(port, "bob@corp.example", "Absent") == []
        assert held(port, "eve@corp.example") == []
