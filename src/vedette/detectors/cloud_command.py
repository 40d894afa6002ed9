"""Code run through cloud interface: acts of a principal in an hour."""

from __future__ import annotations

from vedette.features.cloud_act_evidence import CloudActs
from vedette.model import Severity


class CloudCommand(CloudActs):
    """Code is run on machines or functions of a cloud through the cloud's own interface, or its power is used for something new.

    What is normal: functions are replaced by a pipeline; operators open a session on a machine. What is hostile: commands sent to
    machines, their start scripts changed, login keys pushed, the serial console opened, other code put in front of a function, large
    machines or language models suddenly used.

    A rule with a baseline: the acts are tables (``content/cloud/commands.yaml``); to do it on many machines counts more, to do it every
    day less.

    Known false positives:
        - operators and patch management, until their habit is known
        - a new pipeline
        - a first training run on large machines

    Blind spots:
        - code that comes in through the usual pipeline
        - what the command was: the log does not keep its output
    """

    name = "cloud_command"
    title = "Code run through cloud interface"
    topic = "commands"
    techniques = ("T1651", "T1648", "T1021.008", "T1496.001", "T1496.004", "T1578.002")
    severity = Severity.MEDIUM
