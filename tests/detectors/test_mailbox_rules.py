"""Which single acts are findings of mailbox_rules, and which are not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.detectors.made_cloud import call, calls

from vedette.detectors.mailbox_rules import MailboxRules
from vedette.testing.rows import hits_of

CASES: list[tuple[dict[str, Any], bool]] = [
    (call("New-InboxRule", log="m365", request='{"Parameters":{"Name":"x.","ForwardTo":"e@other.example"}}'), True),
    (call("Set-Mailbox", log="m365", request='{"Parameters":{"ForwardingSmtpAddress":"smtp:e@other.example"}}'), True),
    (
        call(
            "New-InboxRule",
            log="m365",
            request='{"Parameters":{"Name":"Invoices","SubjectContainsWords":"invoice","DeleteMessage":"True"}}',
        ),
        True,
    ),
    (
        call(
            "New-InboxRule",
            log="m365",
            request='{"Parameters":{"Name":"News","MoveToFolder":"News","From":"news@shop.example"}}',
        ),
        False,
    ),
    (
        call("New-TransportRule", log="m365", request='{"Parameters":{"Name":"all","BlindCopyTo":"e@other.example"}}'),
        True,
    ),
    (
        call(
            "Add-MailboxPermission",
            log="m365",
            request='{"Parameters":{"Identity":"bob","User":"eve","AccessRights":"FullAccess"}}',
        ),
        True,
    ),
    (call("Set-Mailbox", log="m365", request='{"Parameters":{"Language":"nl"}}'), False),
    (call("MailItemsAccessed", log="m365"), False),
]


@pytest.mark.parametrize(
    ("made", "found"), CASES, ids=[f"{i} {c['metadata.event_code']}" for i, (c, _) in enumerate(CASES)]
)
def test_one_act(made: dict[str, Any], found: bool) -> None:
    hits = hits_of(MailboxRules, calls([made]))
    assert bool(hits.height) is found
    assert all(s.startswith(made["actor.user.name"]) for s in hits["summary"])


def test_other_topics_are_left_to_others() -> None:
    assert hits_of(MailboxRules, calls([call("StopLogging")])).height == 0
