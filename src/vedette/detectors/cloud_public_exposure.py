"""Cloud data opened to others: acts of a principal in an hour."""

from __future__ import annotations

from vedette.features.cloud_act_evidence import CloudActs
from vedette.model import Severity


class CloudPublicExposure(CloudActs):
    """Data or machines of a cloud are opened to the world or to a stranger's account.

    What is normal: a few buckets and ports are public on purpose, and stay so. What is hostile or careless: a disk, image or database
    that is shared with another account or with everybody, a bucket or repository made public, a port of administration open to the world.

    A rule with a baseline: the acts are tables (``content/cloud/exposure.yaml``), read with their parameters: to open port 443 is no act,
    to open port 22 to everybody is; what the same principal does every week counts less.

    Known false positives:
        - a web site or download server that is meant to be public
        - images and disks shared among accounts of the same company: Vedette does not know which are yours
        - a laboratory or training account

    Blind spots:
        - what was public before the log begins
        - data read by those who may
        - links given out by applications of your own
    """

    name = "cloud_public_exposure"
    title = "Cloud data opened to others"
    topic = "exposure"
    techniques = ("T1537", "T1530", "T1562.007", "T1567")
    severity = Severity.HIGH
