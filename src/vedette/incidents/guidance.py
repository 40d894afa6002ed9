"""What to say about a technique: a verb for the heading, what to check, what it left open. A table; content, not code.

Keys are ATT&CK ids (a sub-technique falls back on its parent), tactic short names for any other technique, or names of detectors: these
go first, for what no technique says well. ``{a}`` is the attacker, ``{v}`` the victim.
"""

from __future__ import annotations

from dataclasses import dataclass

from vedette.incidents.guidance_cloud import CLOUD
from vedette.incidents.guidance_host import HOST


@dataclass(frozen=True, slots=True)
class Guidance:
    """Words for one technique.

    Attributes:
        did: a predicate with ``{v}`` in it ("scanned {v}"); ``then``: the same as the second half of a heading, without a victim.
        check: next steps, most useful first, each one sentence.
        outcome: what the findings show, or do not show, about how it ended.
    """

    did: str
    then: str
    check: tuple[str, ...]
    outcome: str = ""


GUIDANCE: dict[str, Guidance] = {
    "T1595": Guidance(
        "scanned {v}",
        "scanned",
        (
            "Compare what answered on {v} with what should be open; close the rest.",
            "Look for logins or requests by {a} on the ports that answered.",
        ),
        "No finding shows that the scan was followed up.",
    ),
    "T1046": Guidance(
        "scanned {v}",
        "scanned on",
        (
            "Ask who runs {a}: a scanner of your own, or a host that should not scan?",
            "Compare what answered on {v} with what should be open; close the rest.",
            "If nobody claims {a}, look at what started on it just before the first probe.",
        ),
        "No finding shows that the scan was followed up.",
    ),
    "T1018": Guidance(
        "searched {v} for hosts",
        "searched for hosts",
        ("Ask who runs {a}: an inventory tool, or a host that should not look around?",),
        "No finding shows that a host it found was attacked.",
    ),
    "T1110": Guidance(
        "guessed passwords on {v}",
        "guessed passwords",
        (
            "Search the logs of {v} for an accepted login by {a}, during the guessing and after.",
            "Reset the passwords of the accounts that were tried most; demand a second factor or keys.",
            "Let only known networks reach this login.",
        ),
        "No finding shows a login that worked.",
    ),
    "T1110.003": Guidance(
        "sprayed passwords at {v}",
        "sprayed passwords",
        (
            "List the accounts that were tried once or twice each; look for one accepted login among them.",
            "Reset the accounts with common passwords; demand a second factor.",
        ),
        "No finding shows a login that worked.",
    ),
    "T1078": Guidance(
        "logged in to {v}",
        "logged in",
        (
            "End the sessions of {a} on {v}, disable the account that was used, and reset its password.",
            "Read what that account did on {v} since: commands, new users, keys, scheduled jobs.",
            "Look for the same account and the same source on other hosts.",
        ),
        "Treat {v} as compromised until it has been checked.",
    ),
    "T1021": Guidance(
        "moved to {v}",
        "moved on",
        ("Check that this connection was meant: who logged in from {a} to {v}, and for what?",),
        "Treat {v} as compromised until it has been checked.",
    ),
    "T1548": Guidance(
        "gained rights on {v}",
        "gained rights",
        (
            "Read the command that ran with higher rights on {v}, and ask its user about it.",
            "Look for new accounts, keys and scheduled jobs on {v} since then.",
        ),
        "Whoever did it had the rights of another user on {v}.",
    ),
    "T1136": Guidance(
        "made an account on {v}",
        "made an account",
        ("Ask who asked for the new account or right ({v}); take it back if nobody did.",),
        "The account works until it is disabled.",
    ),
    "T1098": Guidance(
        "changed an account on {v}",
        "changed an account",
        ("Compare the account's groups and keys on {v} with what they should be.",),
        "The change stays until it is taken back.",
    ),
    "T1070": Guidance(
        "cleared logs on {v}",
        "cleared logs",
        (
            "Fetch the copy of the logs that left {v} (log server, backup); what is missing locally is what matters.",
            "Take {v} off the network before more is lost, and keep its disk and memory.",
        ),
        "The log of {v} itself can no longer be trusted.",
    ),
    "T1498": Guidance(
        "flooded {v}",
        "flooded",
        (
            "Check whether {v} still answers its users.",
            "Ask the provider to filter before the line: sources may be forged, blocking them one by one may hurt others.",
            "Keep a sample of the packets for the provider.",
        ),
        "Whether {v} stayed reachable has to be checked from outside.",
    ),
    "T1498.002": Guidance(
        "flooded {v} by reflection",
        "flooded by reflection",
        (
            "Ask the provider to drop the reflecting service's replies before the line.",
            "The sources are abused servers, not the attacker: tell their owners, do not hit back.",
        ),
        "Whether {v} stayed reachable has to be checked from outside.",
    ),
    "T1499": Guidance(
        "exhausted {v}",
        "exhausted it",
        (
            "Check whether {v} still answers its users, and its open connections and workers.",
            "Turn on SYN cookies and limits of requests and idle time for each client.",
        ),
        "Whether {v} stayed reachable has to be checked from outside.",
    ),
    "T1008": Guidance(
        "called {v} again and again in vain",
        "called again and again in vain",
        (
            "Find the program on {a} that calls {v}, and ask whether that server was moved or switched off.",
            "Look what else {a} called after it gave up: a fall-back server would be the next.",
        ),
    ),
    "T1571": Guidance(
        "used an odd port with {v}",
        "used an odd port",
        ("Find the program on {a} behind this connection; ask whether it belongs there.",),
    ),
    "T1071": Guidance(
        "kept contact with {v}",
        "kept contact",
        (
            "Find the program on {a} that talks to {v}; note its path, hash and parent.",
            "Look for other hosts that talk to {v}.",
        ),
    ),
    "T1568": Guidance(
        "looked for generated names ({v})",
        "looked for generated names",
        (
            "Find the program on {a} that asks for these names; note its path, hash and parent.",
            "Look for other hosts that ask for the same names, and for the first one that got an answer.",
        ),
        "A name that was answered is where the program found its master.",
    ),
    "T1572": Guidance(
        "tunnelled to {v}",
        "tunnelled out",
        ("Find the program on {a} that holds the tunnel, and what goes through it.",),
    ),
    "T1048": Guidance(
        "sent data to {v}",
        "sent data out",
        ("Find out what was sent: files touched on {a} just before, and how much left.",),
    ),
    "T1041": Guidance(
        "sent data to {v}",
        "sent data out",
        ("Find out what was sent: files touched on {a} just before, and how much left.",),
    ),
    "T1566": Guidance(
        "sent {v} phishing mail",
        "sent phishing mail",
        (
            "Ask {v}, by telephone and not by answering the mail, whether anything was opened, entered or sent back.",
            "Search all mailboxes for mail by {a} and with the same subject; take it out of them.",
            "Block {a} and the domain that answers go to at the mail gateway.",
        ),
        "Whether the reader fell for it is not in the mail.",
    ),
    "T1566.001": Guidance(
        "sent {v} a dangerous attachment",
        "sent an attachment",
        (
            "Ask {v}, by telephone, whether the attachment was opened; if so, take that computer off the network.",
            "Search all mailboxes for the same attachment and for mail by {a}; take it out of them.",
            "Let an isolated machine or your anti-virus service look at the attachment; open it nowhere else.",
        ),
        "Whether the attachment was opened is not in the mail.",
    ),
    "T1566.002": Guidance(
        "sent {v} a phishing link",
        "sent a phishing link",
        (
            "Look in the proxy and DNS logs for visits to the linked host after the mail came.",
            "Ask {v}, by telephone, whether anything was entered there; if so, reset that password and end the sessions.",
            "Search all mailboxes for mail by {a} and with the same link; take it out of them, and block the linked host.",
        ),
        "Whether the link was followed is not in the mail.",
    ),
    "T1204": Guidance(
        "lured {v}",
        "lured",
        ("Look in the proxy and DNS logs for who went to {a}; reset what was entered there.", "Block {a}."),
        "Whether anybody went there is not in the data.",
    ),
    "url": Guidance(
        "lured with {v}",
        "lured",
        (
            "Look in the proxy and DNS logs for who went to {a}; reset what was entered there.",
            "Block {a}, unless others use it for honest ends: then block the address alone.",
            "Do not open it to see: use a service that looks at it for you.",
        ),
        "A list or a mail does not tell whether anybody went there; a proxy's log does: its events name the client.",
    ),
    "url address": Guidance(
        "went to hostile sites ({v})",
        "went to hostile sites",
        (
            "Find out on {a} whether a person clicked or a program asked: browser history, then programs that run or start by themselves.",
            "Look at how the sites answered: a file that came back, or a form that was sent (POST), matters most.",
            "Look in the proxy and DNS logs for others who went to {v}; block it, unless others use it for honest ends.",
        ),
        "What was loaded or entered there has to be checked on {a}.",
    ),
    "web": Guidance(
        "sent attacks to the web site {v}",
        "attacked a web site",
        (
            "Look at how {v} answered: a success (200), a long answer or an error of the server (500) to such a request matters most.",
            "Look on {v} for new files in the web folder, and for programs that the web server started since.",
            "Check that the application behind the attacked path is up to date; block {a} if it goes on.",
        ),
        "The requests show what was tried; whether it worked has to be checked on {v}.",
    ),
    "spam": Guidance(
        "sent spam to {v}",
        "sent spam",
        (
            "Nothing has to be done for one mail; for many by {a}, block the sender at the mail gateway.",
            "If it was wanted mail, calibrate on your own: vedette calibrate spam FOLDER.",
        ),
    ),
    "dns_tunnel": Guidance(
        "carried data through DNS by {v}",
        "carried data in names",
        (
            "Find the program on {a} that asks for names below {v}; note its path, hash and parent.",
            "Block {v} at your resolvers, and let clients ask no other resolver; look there for others who ask below it.",
            "If it is a security product or a device that works so, note the domain: names below it are its data.",
        ),
        "What was carried is in the names and answers: the resolver's log or a capture may still hold them.",
    ),
    "dns_tunnel_slow": Guidance(
        "carried data slowly through DNS by {v}",
        "carried data slowly in names",
        (
            "Find the program on {a} that asks for names below {v}; note its path, hash and parent.",
            "Block {v} at your resolvers; look in their logs how long {a} and others have asked below it.",
        ),
        "What was carried is in the names and answers: the resolver's log or a capture may still hold them.",
    ),
    "icmp_tunnel": Guidance(
        "carried data in pings to {v}",
        "carried data in pings",
        (
            "Find the program on {a} that sends these pings; note its path, hash and parent.",
            "Let pings leave your network from monitoring hosts only; look for others that ping {v}.",
        ),
        "What was carried is in the payload of the pings: only a capture holds it.",
    ),
    "insider_day": Guidance(
        "had an unusual day",
        "had an unusual day",
        (
            "Compare what is listed with what {a} works on at present: a new task, a deadline or a good-bye explains most such days.",
            "Before anybody asks {a}, talk to whoever is in charge of staff and privacy: it may be harmless, or somebody else.",
            "Check whether {a} was there: badge, presence, the computer and place of the logons.",
            "If data may have left, keep the logs of that week, and find out which documents, and where they went.",
        ),
        "The day is unusual; why, the logs do not say.",
    ),
    "insider_month": Guidance(
        "works otherwise than before",
        "works otherwise than before",
        (
            "Compare with what {a} works on at present: another job, project or customer explains most such changes.",
            "Before anybody asks {a}, talk to whoever is in charge of staff and privacy.",
        ),
        "The work has changed; why, the logs do not say.",
    ),
    "infected_host": Guidance(
        "looks infected, by its traffic to {v}",
        "looked infected",
        (
            "Take {a} off the network at the switch or access point; leave it switched on: its memory is evidence.",
            "Find the program on {a} that does this: what runs, what starts by itself, what came just before the first sign.",
            "Search the logs of all other hosts for the names and addresses below: {a} may not be the only one.",
            "Reset the passwords that were used on {a}, from another computer.",
        ),
        "Several kinds of signs at once are seldom chance; which program makes them has to be found on {a}.",
    ),
    "remote_execution": Guidance(
        "ran programs on {v}",
        "ran programs on other hosts",
        (
            "Ask who administers {v} from {a}: if nobody does, take {a} off the network and leave it switched on.",
            "On {v}, list services, scheduled tasks and processes made at that time; keep what they point to, with hashes.",
            "Disable the account that was used and reset its password; look where else it logged on since.",
        ),
        "What ran there, and what it did, stands in the event logs of {v}: 7045, 4698 and 4688.",
    ),
    "remote_secrets": Guidance(
        "asked {v} for secrets",
        "asked for secrets",
        (
            "Check whether {a} is a domain controller, or a server that replicates by design; if not, take it off the network.",
            "Take every password that could be read as known: reset them, that of krbtgt twice if the directory was replicated.",
            "Find the account that was used: it has rights that few should have; disable it and look where it logged on.",
        ),
        "The log of {v} says what was handed out (4662 for the directory); the network shows only that it was asked for.",
    ),
    "service_exploit": Guidance(
        "exploited a service of {v}",
        "exploited a service",
        (
            "Check the patch level of {v} at once; isolate {a} unless it is your own scanner.",
            "Look for what came after: new accounts, changed computer passwords, services, processes below the exploited service.",
        ),
        "No finding shows whether the exploit worked.",
    ),
    "forced_authentication": Guidance(
        "made {v} log on to another host",
        "forced a logon",
        (
            "Look for connections from {v} right after: to whom did it log on, and who logged on elsewhere as {v} then?",
            "Switch the print spooler off on domain controllers; demand signing for SMB and LDAP.",
            "Ask who uses {a}; if nobody knows of it, take it off the network.",
        ),
        "No finding shows that the credentials were relayed.",
    ),
    "log_cleared_remotely": Guidance(
        "cleared an event log of {v}",
        "cleared an event log",
        (
            "Save what is left of the logs of {v}, and their copies elsewhere; note when they begin.",
            "Look at what {a} did before it: logs are cleared last.",
        ),
    ),
    "foreign_alert host": Guidance(
        "set off an alarm on {v}",
        "set off an alarm",
        ("Read what the product did about it, and look at what started the file on {v} and where else it lies.",),
    ),
    "kerberos_guessing": Guidance(
        "guessed accounts at {v}",
        "guessed accounts",
        (
            "List the accounts that were tried and exist; look for a ticket given to one of them after the guessing.",
            "Reset the passwords of those that were let in; lock out after a few wrong tries.",
            "Find what runs on {a} that asks for these names.",
        ),
        "No finding shows a password that was right.",
    ),
    "mfa_fatigue": Guidance(
        "asked {v} for a second factor",
        "asked for a second factor",
        (
            "Ask {v}, by telephone, whether a prompt was approved; change the password now: somebody else has it.",
            "End all sessions of {v}; look for a new second factor or telephone in its settings.",
            "Demand number matching or a key in place of prompts.",
        ),
    ),
    "kerberos_roasting": Guidance(
        "took tickets of {v}",
        "took tickets to crack",
        (
            "Find the program on {a} that asked for the tickets, and who was logged on there.",
            "Give these accounts long random passwords, better managed ones, and allow no encryption but AES.",
        ),
        "Whether a password was cracked cannot be seen; take weak ones for known.",
    ),
    "pass_the_hash": Guidance(
        "logged in to {v} without a password",
        "logged in without a password",
        (
            "Ask {a} whether other credentials were used on purpose on {v}.",
            "Look at what reached for passwords on {v} just before.",
        ),
    ),
    "impossible_travel": Guidance(
        "logged in to {v} from afar",
        "logged in from afar",
        (
            "Ask {v} where it was, and whether {a} is a gateway of yours.",
            "End the sessions from {a}; change the password if nobody knows it.",
        ),
        "Treat {v} as taken until that is answered.",
    ),
    "lateral_movement": Guidance(
        "began to administer {v}",
        "began to administer other hosts",
        (
            "Ask the person who works at {a} whether it was him; nobody, or a surprise, means that somebody else is there.",
            "Look which account was used on {v}, and what it started there.",
            "If a host called {a} shortly before, look there first: that is the way they came.",
        ),
        "The connections were set up; what was done over them has to be found on {v}.",
    ),
    "remote_discovery": Guidance(
        "asked {v} about its accounts and shares",
        "looked around",
        (
            "Ask who works at {a}, and whether this was an administrator's tool or a file browser.",
            "Look what {a} did just after: discovery alone harms nobody.",
        ),
    ),
    "T1190": Guidance(
        "attacked a service of {v}",
        "attacked a service",
        ("Check the version and the logs of the attacked service on {v}.", "Look for processes it started since."),
        "Whether the attack worked has to be checked on {v}.",
    ),
    "reconnaissance": Guidance("probed {v}", "probed", ("Look at what {v} answered to {a}.",)),
    "resource-development": Guidance("prepared against {v}", "prepared", ("Look for contact between {a} and {v}.",)),
    "initial-access": Guidance("tried to enter {v}", "tried to enter", ("Check on {v} whether it worked.",)),
    "execution": Guidance("ran code on {v}", "ran code", ("Read what ran on {v}, and who started it.",)),
    "persistence": Guidance("dug in on {v}", "dug in", ("List what starts by itself on {v}, and what is new there.",)),
    "privilege-escalation": Guidance("gained rights on {v}", "gained rights", ("Read what ran with them on {v}.",)),
    "defense-evasion": Guidance("hid traces on {v}", "hid traces", ("Compare with the copy of the logs elsewhere.",)),
    "credential-access": Guidance("sought passwords on {v}", "sought passwords", ("Reset what may be known now.",)),
    "discovery": Guidance("explored {v}", "explored", ("Ask who runs {a}.",)),
    "lateral-movement": Guidance("moved to {v}", "moved on", ("Check who logged in from {a} to {v}.",)),
    "collection": Guidance("gathered data on {v}", "gathered data", ("Find out which data, and where it lies now.",)),
    "command-and-control": Guidance("kept contact with {v}", "kept contact", ("Find the program on {a} behind it.",)),
    "exfiltration": Guidance(
        "sent data to {v}",
        "sent data out",
        (
            "Ask who works on {a} whether it was meant: a delivery, a backup, a sync. If nobody claims it, take {a} off the network.",
            "Find the program on {a} that sent it, and the files that were read or packed there just before: they tell what is gone.",
            "Look for other hosts that send to {v}; block it if nobody needs it.",
        ),
        "How much was sent is known; what it was has to be found on {a}.",
    ),
    "impact": Guidance("disturbed {v}", "disturbed it", ("Check whether {v} still does its work.",)),
    **{name: Guidance(*words) for name, words in {**CLOUD, **HOST}.items()},
    "": Guidance("drew attention at {v}", "drew attention", ("Look at the evidence below.",)),
}

FORECAST: dict[str, str] = {
    "reconnaissance": "password guessing or an exploit against what answered (Initial Access).",
    "resource-development": "a first attempt to enter (Initial Access).",
    "initial-access": "commands, a way to stay, and more rights (Execution, Persistence, Privilege Escalation).",
    "T1566": "a login with what was entered, or a program that was opened (Credential Access, Execution).",
    "execution": "a way to stay and more rights (Persistence, Privilege Escalation).",
    "persistence": "more rights and hiding (Privilege Escalation, Defense Evasion).",
    "privilege-escalation": "cleared logs, stolen passwords, the next host (Defense Evasion, Credential Access, Lateral Movement).",
    "defense-evasion": "stolen passwords and the next host (Credential Access, Lateral Movement).",
    "credential-access": "a login that works (Initial Access), then more rights.",
    "discovery": "a login or an exploit on a host that answered (Lateral Movement).",
    "lateral-movement": "data gathered and contact home (Collection, Command and Control).",
    "collection": "the data leaves (Exfiltration).",
    "command-and-control": "the next host, then data leaves (Lateral Movement, Exfiltration).",
    "exfiltration": "extortion or destruction (Impact).",
    "impact": "the same again, from other sources or against a neighbour.",
}
"""Furthest tactic -> what usually comes next, by the order of tactics; a technique that says more goes before its tactic."""

OF_PEOPLE = frozenset({"insider_day", "insider_month"})
"""Detectors that speak of a person's days: no victim is named, and of somebody who may have done nothing wrong nothing is foretold."""
