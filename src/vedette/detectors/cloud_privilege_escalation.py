"""Cloud rights or way back in: acts of a principal in an hour."""

from __future__ import annotations

from vedette.abc import Role
from vedette.features.cloud_act_evidence import CloudActs
from vedette.model import EntityKind, Severity


class CloudPrivilegeEscalation(CloudActs):
    """Somebody gains rights in a cloud, or makes a way back in: keys, roles, trusts, consents.

    What is normal: administrators and tools give narrow rights to many; people get keys of their own. What is hostile: all rights at
    once, a key or password for somebody else's account, a role that strangers may take on, another identity provider that vouches for
    users, an application that may read everybody's mail, a second factor taken away.

    A rule with a baseline: the acts are tables (``content/cloud/rights.yaml``) with a worth of evidence each, several in one hour add up;
    what the same principal does every week counts less, what nobody ever did counts more.

    Known false positives:
        - the first days of an administrator, of a project or of a tool that manages infrastructure
        - a person who joins and gets a key or a role
        - an application that is rolled out with consent for everybody

    Blind spots:
        - rights that were too wide before anybody logged them
        - chains of roles, each step of which is usual
        - rights given inside of an application
    """

    name = "cloud_privilege_escalation"
    title = "Cloud rights or way back in"
    topic = "rights"
    techniques = ("T1098.001", "T1098.003", "T1136.003", "T1484.002", "T1556", "T1528")
    severity = Severity.HIGH
    targets = (Role(EntityKind.USER, "people"),)
