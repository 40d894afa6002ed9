"""What to say about findings in clouds, by detector: predicate, the same as a second half, next steps, how it ended (see ``guidance``)."""

from __future__ import annotations

CLOUD: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "cloud_logging_disabled": (
        "switched off what watches a cloud",
        "switched off what watches",
        (
            "Switch it on again, and note from when to when nothing was recorded.",
            "Ask {a} whether it was meant; if not, take away its keys and sessions at once.",
            "Look at what {a} did just before, and at other logs of the gap: bills, network, mail of the provider.",
        ),
        "What was done while nothing was recorded is not known.",
    ),
    "cloud_privilege_escalation": (
        "gained rights in a cloud",
        "gained rights",
        (
            "Ask {a}, by another way than mail, whether it was meant; if not, end its sessions and change its keys and password.",
            "Take back what was given: keys, roles, trusts, consents, second factors; the findings name each.",
            "Look at what was done with the new rights since, also by the accounts that were made or changed.",
        ),
        "What was given stays until it is taken back.",
    ),
    "cloud_public_exposure": (
        "opened data of a cloud to others",
        "opened data to others",
        (
            "Close it, and look in the access log who has read it since.",
            "Ask {a} whether it was meant; if not, take away its keys and sessions.",
            "Find the account that it was shared with: if it is not yours, treat the data as gone.",
        ),
        "No finding shows who has read it.",
    ),
    "mailbox_rules": (
        "redirected or opened a mailbox",
        "redirected a mailbox",
        (
            "Remove the rule or the permission, and keep a copy of it: its words tell what they are after.",
            "End the sessions of {a}, reset its password and second factors, and look from where it signed in.",
            "Warn those who get mail from this mailbox, above all about changed bank accounts.",
        ),
        "Mail since then may have been read by others.",
    ),
    "container_escape": (
        "ran something with rights over a cluster's hosts",
        "reached for the hosts",
        (
            "Ask {a} whether it was meant: an agent that needs the host, or a look into a container that misbehaves.",
            "If not: delete what was started, take the host out of service, and renew the tokens of its containers.",
            "Look which image was started, and who pushed it.",
        ),
        "What ran inside stands in no audit log.",
    ),
    "cloud_command": (
        "ran code through a cloud's interface",
        "ran code",
        (
            "Ask {a} whether it was meant, and what was to be run.",
            "Read the command or code, and look on the machines for what it left: keys, jobs, connections.",
        ),
        "What the code did has to be found on the machines.",
    ),
    "cloud_secrets": (
        "read secrets of a cloud",
        "read secrets",
        (
            "Ask {a} whether it was meant; if not, change every secret that was read.",
            "Look where the secrets were used since: sign-ins and calls by the accounts that they belong to.",
        ),
        "Treat what was read as known.",
    ),
    "cloud_destruction": (
        "destroyed data or backups of a cloud",
        "destroyed data",
        (
            "Stop {a}: end its sessions, take away its keys.",
            "Cancel what can be cancelled (deletions of keys wait for days), and keep backups that are left where {a} cannot reach them.",
        ),
        "What can be restored has to be tried.",
    ),
    "cloud_recon": (
        "looked around in a cloud",
        "looked around",
        (
            "Ask who runs {a}: an inventory, a new program whose rights are too narrow, or nobody?",
            "If nobody claims it, take its key away, and look how it got out: code, images, machines, laptops.",
        ),
        "No finding shows that something was taken.",
    ),
    "new_api_calls": (
        "did new things in a cloud",
        "did new things",
        ("Ask who runs {a} whether its work has changed.",),
        "",
    ),
    "cloud_unusual_place": (
        "used a cloud from an unusual place",
        "came from elsewhere",
        ("Ask {a} where it was; if it was not there, end its sessions and change its keys.",),
        "",
    ),
    "cloud_key_abuse": (
        "used keys of a cloud oddly",
        "used keys oddly",
        (
            "Ask who owns {a} whether the calls are his; if not, take the key away and end its sessions.",
            "Find how the key got out: code, images, a machine's metadata service, a laptop.",
            "List what was called and read with it since.",
        ),
        "What was read with the key may be gone.",
    ),
}
