from __future__ import annotations

import json

from vedette.testing.messages import message


def test_a_message_is_a_line_of_json() -> None:
    assert json.loads(message("a").data) == {"uid": "a"}
    assert message("a", b"x").data == b"x"
    assert message("a").title == "Case a"
