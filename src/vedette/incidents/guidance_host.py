"""What to say about findings on hosts, of people and payments, by detector: as in ``guidance_cloud``."""

from __future__ import annotations

MANY_SIGNS = frozenset({"command", "command_script", "process_start", "process_access", "host_change"})
"""Detectors that know a hundred signs of things done on a host: the sign says more than the detector."""

HOST: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "command": (
        "ran a suspicious command",
        "ran a suspicious command",
        (
            "Ask whose account it was whether it was meant; take {a} off the network if nobody meant it, and leave it switched on.",
            "Look at what started the command, and what ran below it, in the quarter of an hour around it on {a}.",
            "Keep what it fetched or wrote, with hashes; look for the same command and the same hosts elsewhere.",
        ),
        "Whether the command worked is not known from its text.",
    ),
    "command_script": (
        "ran a suspicious script",
        "ran a suspicious script",
        (
            "Ask whose account it was whether the script was meant; take {a} off the network if nobody meant it, and leave it switched on.",
            "Read the whole script in the log of {a}: what it fetches, what it starts, which names and keys stand in it.",
            "Look for the same script, and for the hosts named in it, elsewhere.",
        ),
        "Whether all of the script ran is not known from its text.",
    ),
    "process_start": (
        "started a program as intruders do",
        "started a suspicious program",
        (
            "Look at the parent on {a}: a document, a web server or a remote command tells how it came.",
            "Keep the program with its hash; look where else it stands.",
            "Take {a} off the network if nobody knows the program.",
        ),
        "What the program did after it started has to be found on {a}.",
    ),
    "process_access": (
        "reached into another program",
        "reached into another program",
        (
            "Find which program on {a} did it, who started it, and whether it is a security product of yours.",
            "Where it was the logon service: take every account that was logged on there as stolen, reset and log off.",
            "Keep the memory of {a} before you restart it.",
        ),
        "What was read may be used elsewhere already.",
    ),
    "host_change": (
        "changed a host as intruders do",
        "made a change that stays",
        (
            "Look at what the change points to (program, script, library) on {a}, and keep it with its hash.",
            "Ask who installed or administered something on {a} then.",
            "Take the change back once what it starts is known.",
        ),
        "The change stays over a restart until it is taken back.",
    ),
    "log_cleared_windows": (
        "hid what happens on {v}",
        "hid traces",
        (
            "Fetch the copy of the logs that left {v}; what is missing locally is what matters.",
            "Ask who administers {v} whether it was meant; switch the guard on again.",
            "Look at what the same account did just before, there and elsewhere.",
        ),
        "The logs of {v} can no longer be trusted.",
    ),
    "mfa_fatigue": (
        "pressed {v} for a second factor",
        "pressed for a second factor",
        (
            "Call {v}: did anybody confirm a question that he had not asked for?",
            "Change the password of {v} now: whoever asks for the second factor knows the first.",
            "End all sessions of {v}, and demand a number to be typed instead of a yes.",
        ),
        "The password is known to somebody else, whether he got in or not.",
    ),
    "kerberos_roasting": (
        "collected tickets that can be cracked",
        "collected tickets to crack",
        (
            "Reset the passwords of the services that were asked for to long random ones; begin with those that have rights.",
            "Ask who works at {a} whether it was a test; if not, take {a} off the network.",
            "Allow AES alone for service accounts.",
        ),
        "The tickets are cracked elsewhere, without a trace here.",
    ),
    "forged_ticket": (
        "used tickets that may be forged",
        "used tickets that may be forged",
        (
            "See whether the logs of all domain controllers are collected: a ticket asked for at another one explains the mark.",
            "Look for who copied the directory or the key of krbtgt in the days before; reset that key twice if anybody did.",
            "End the sessions of {a}, and look at every host that the tickets were for.",
        ),
        "Who holds the key can make tickets until it is changed twice.",
    ),
    "pass_the_hash": (
        "used a stolen password hash",
        "used a stolen hash",
        (
            "Take the account as stolen: reset its password, end its sessions, look where it logged on since.",
            "Find the host where its hash lay: there somebody read the memory of the logon service.",
            "Ask who administers {v} whether a tool of his works so.",
        ),
        "Whoever did it works with the rights of that account.",
    ),
    "discovery_burst": (
        "looked around from a host",
        "looked around",
        (
            "Ask whose account it was: administrators look around too, yet seldom ask so much in so few minutes.",
            "Look at what started these commands on {a}, and at what the same account did in the hour after.",
        ),
        "Looking around harms nobody; it comes before what does.",
    ),
    "rare_process": (
        "started a program that hardly anybody starts",
        "started a rare program",
        (
            "Ask who installed it on {a}, and look where its file came from.",
            "Keep the file with its hash; look whether other hosts have it.",
        ),
        "It is rare here; that alone is no attack.",
    ),
    "fraud": (
        "made a payment that looks like fraud",
        "made a payment like fraud",
        (
            "Hold the payment if it can be held, and ask the customer by a way that you know.",
            "Look at other payments at the same place and of the same account since the first odd one.",
        ),
        "Whether it is fraud is for the customer to say.",
    ),
    "payment_anomaly": (
        "made an unusual payment",
        "made an unusual payment",
        (
            "Ask the customer by a way that you know whether the payment is his.",
            "Look for a card that was tried with small amounts before, and for others at the same place.",
        ),
        "It is unusual for this account; that alone is no fraud.",
    ),
}
