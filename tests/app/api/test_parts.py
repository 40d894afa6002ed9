from __future__ import annotations

from tests.app.api.served import Served

from vedette.app.api.access import Caller
from vedette.app.api.parts import Parts
from vedette.app.api.roles import Role


def test_who_did_what_goes_into_the_audit_log(api: Served) -> None:
    parts: Parts = api.app.state.parts
    parts.note(Caller("ada", Role.ADMIN, "x", "192.0.2.1"), "erase", "user", "asked for\nit")
    (note,) = api.state.audit().items
    assert (note.who, note.what, note.about, note.detail) == ("ada", "erase", "user", "asked for\nit")
