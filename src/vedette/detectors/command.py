"""Hostile command lines and scripts, by what they say."""

from __future__ import annotations

from vedette.features.command_evidence import CommandEvidence
from vedette.features.command_line import CommandLine


class Command(CommandEvidence):
    """A command line or script that does what attackers do: it fetches and runs, hides what it says, reads credentials, stays, destroys.

    What is normal: paths, options, names, scripts of administrators and installers, even encoded ones that do ordinary things. What is
    hostile: programs of the system that fetch or run what others wrote, memory of the logon service in a file, shadow copies deleted,
    defences put out, shells handed to the network.

    The line is decoded first (carets, back ticks, quotes, pieces put together, character codes, variables, base64 three layers deep, also
    packed). The statistic is a sum of evidence in nats (logistic regression): the sum of the strengths of all signs, as their author sees
    them, and on top of that what training adds for single signs and for runs of one to four tokens, where all words but a closed
    vocabulary count by their shape: no path, name or address of anybody is learned. A line without any sign is never called. No evidence
    lowers the score: what is added to a
    command cannot make it look harmless (Incer et al., "Adversarially robust malware detection using monotonic classification", 2018).
    Signs are written after ATT&CK, LOLBAS and GTFOBins. Read are processes, script blocks of PowerShell, and the commands of services and
    scheduled tasks that were set up. In long scripts weak signs do not count.

    Known false positives:
        - administrators who do what attackers do: dump a hung program, copy an account database for a backup, switch a firewall off
        - installers that are fetched and run at once (``curl ... | sh``), remote management by encoded PowerShell
        - security tests that you ordered, and scripts of security products

    Blind spots:
        - a program of the attacker's own with harmless options: nothing is said that could be judged
        - what is typed into a shell, into a remote desktop or read from a file, unless script blocks are logged
        - text encoded in other ways than those named, encrypted text
        - single questions (``whoami``, ``ipconfig``): they are signs, yet everybody asks them

    The kind is the one that the signs speak of most. Severity goes by the strongest sign.
    """

    name = "command"
    title = "Suspicious command"
    needs = CommandLine
