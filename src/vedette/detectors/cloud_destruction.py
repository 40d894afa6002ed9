"""Cloud data or backups destroyed: acts of a principal in an hour."""

from __future__ import annotations

from vedette.features.cloud_act_evidence import CloudActs
from vedette.model import Severity


class CloudDestruction(CloudActs):
    """Data, backups or keys of a cloud are destroyed, or made so that only the caller can read them.

    What is normal: old snapshots expire, test databases are deleted. What is hostile: to delete backups and what protects them, to
    disable the key of data in use, to switch off old versions, to let everything expire within days, to write objects under the caller's
    own key.

    A rule with a baseline: the acts are tables (``content/cloud/destruction.yaml``); to do it to many things counts more, to do it every
    day less.

    Known false positives:
        - a project or account that is taken down
        - a clean-up of old backups

    Blind spots:
        - deletion object by object, where the log has no data events
        - what deletes from inside of a machine
    """

    name = "cloud_destruction"
    title = "Cloud data or backups destroyed"
    topic = "destruction"
    techniques = ("T1485", "T1486", "T1490", "T1485.001")
    severity = Severity.HIGH
