from __future__ import annotations

from vedette.testing.mails import mails


def test_a_message_for_each() -> None:
    frame = mails({"email.subject": "one"}, {"email.to": ["anna@mail.example"]}).frame
    assert frame["metadata.sequence"].to_list() == [0, 1]
    assert frame["email.subject"].to_list() == ["one", None]
    assert frame["email.to"].to_list() == [None, ["anna@mail.example"]]
