"""Cloud logging switched off: acts of a principal in an hour."""

from __future__ import annotations

from vedette.features.cloud_act_evidence import CloudActs
from vedette.model import Severity


class CloudLoggingDisabled(CloudActs):
    """Somebody switches off, narrows or deletes what records or watches a cloud.

    What is normal: trails, audit logs, threat detection and configuration recorders are switched on once and left alone; a tool that
    manages infrastructure changes their settings now and then. What is hostile: to stop or delete them, to let them leave things out, to
    silence their alarms, to take an account out of the organisation that watches it.

    A rule with a baseline: the acts are tables (``content/cloud/logging.yaml``: AWS, Azure, Google Cloud, Microsoft 365, Okta, GitHub)
    with a worth of evidence each; what the same principal does every week counts less, what nobody ever did counts more.

    Known false positives:
        - a project or account that is taken down, with its logs
        - a change of the logging set-up by the team that owns it
        - a tool that manages infrastructure, in its first days

    Blind spots:
        - logs that are stopped where no audit log tells it (inside of a machine)
        - a bucket or workspace of logs that is emptied instead
        - acts of services newer than the tables
    """

    name = "cloud_logging_disabled"
    title = "Cloud logging switched off"
    topic = "logging"
    techniques = ("T1562.008", "T1562.001", "T1562.007", "T1070")
    severity = Severity.HIGH
