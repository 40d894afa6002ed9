from __future__ import annotations

from vedette.features.mail import Mail
from vedette.testing.mails import mails
from vedette.testing.rows import rows_of


def test_a_row_per_message_with_words() -> None:
    rows = rows_of(
        Mail,
        mails(
            {"email.subject": "Lunch at 12?", "vedette.body_text": "See  you"},
            {"email.subject": "only a subject"},
            {"vedette.body_text": "only a body"},
            {"email.subject": " ", "vedette.body_text": "\n"},
            {"email.from": "anna@mail.example"},
        ),
    )
    assert rows["metadata.sequence"].to_list() == [0, 1, 2]
    assert rows["subject_text"].to_list() == ["lunch at xnumber ?", "only a subject", ""]
    assert rows["body_text"].to_list() == ["see you", "", "only a body"]


def test_foreign_letters_are_counted_before_they_are_folded() -> None:
    rows = rows_of(
        Mail, mails({"vedette.body_text": "привет"}, {"vedette.body_text": "hello"}, {"email.subject": "42"})
    )
    assert rows["foreign_share"].to_list() == [1.0, 0.0, None]


def test_a_row_does_not_depend_on_its_neighbours() -> None:
    told = [{"email.subject": "one", "vedette.body_text": "buy v1agra now"}, {"email.subject": "two"}]
    both = rows_of(Mail, mails(*told)).drop("metadata.sequence")
    assert both.equals(rows_of(Mail, mails(told[0]), mails(told[1])).drop("metadata.sequence"))
