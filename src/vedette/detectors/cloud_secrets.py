"""Secrets read in bulk: acts of a principal in an hour."""

from __future__ import annotations

from vedette.features.cloud_act_evidence import CloudActs
from vedette.model import Severity


class CloudSecrets(CloudActs):
    """Secrets, keys, passwords and start scripts of a cloud are read, many at once or by who never does.

    What is normal: a program reads the one or two secrets that are its own, again and again. What is hostile: to read many different
    ones, to ask for passwords of machines, to decrypt parameters, to list all accounts and keys.

    A rule with a baseline: the acts are tables (``content/cloud/secrets.yaml``) of little worth each; how many different things were read
    decides (its logarithm), and whether the principal does so always.

    Known false positives:
        - a pipeline or operator that renews all secrets
        - a backup or inventory of secrets

    Blind spots:
        - one secret, read by who may read it
        - secrets in files, images and variables of machines
    """

    name = "cloud_secrets"
    title = "Secrets read in bulk"
    topic = "secrets"
    techniques = ("T1555.006", "T1552.005", "T1552.007", "T1550.001", "T1087.004")
    severity = Severity.MEDIUM
