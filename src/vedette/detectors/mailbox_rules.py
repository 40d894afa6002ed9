"""Mailbox redirected or opened: acts of a principal in an hour."""

from __future__ import annotations

from vedette.abc import Role
from vedette.features.cloud_act_evidence import CloudActs
from vedette.model import EntityKind, Severity


class MailboxRules(CloudActs):
    """Mail of somebody is forwarded, hidden, copied or opened to another: what business e-mail compromise does once it is in.

    What is normal: people make rules that sort mail into folders of their own, and open a calendar to colleagues. What is hostile: to
    forward or redirect mail to another address, to delete or mark as read what speaks of payments or passwords, to copy everybody's mail,
    to read or send as somebody else.

    A rule with a baseline: the acts are tables (``content/cloud/mailbox.yaml``), read with the parameters of the rule.

    Known false positives:
        - people who forward mail to a private address or a ticket system on purpose
        - an assistant who is let into a manager's mailbox
        - a migration of mail

    Blind spots:
        - rules that a mail program keeps for itself, past the server
        - rules made before the log begins
        - mail read by an application with consent (see cloud_privilege_escalation)
    """

    name = "mailbox_rules"
    title = "Mailbox redirected or opened"
    topic = "mailbox"
    techniques = ("T1114.003", "T1564.008", "T1098.002", "T1114.002")
    severity = Severity.HIGH
    targets = (Role(EntityKind.USER, "people"),)
