"""Which columns name people, and how; every other text may name them in passing."""

from __future__ import annotations

import re
from enum import StrEnum

from vedette.events.schema import UNMAPPED


class How(StrEnum):
    """How a column names people."""

    NAME = "of_name"
    ID = "of_id"
    SECRET = "of_secret"  # noqa: S105 - the name of a method
    MAIL = "of_mail"
    TEXT = "text"
    """It may hold names among other words."""
    WITHHELD = "withheld"
    """It holds a record as it came: nothing can be said of what is in it."""
    NOBODY = ""
    """It cannot name anybody."""


_EXACT: dict[str, How] = {
    **dict.fromkeys(("email.from", "email.from_mailbox", "email.sender", "email.return_path"), How.MAIL),
    **dict.fromkeys(("email.reply_to_list", "email.to", "email.cc"), How.MAIL),
    **dict.fromkeys(("raw_data", "email.raw_header"), How.WITHHELD),
    **dict.fromkeys(
        ("actor.user.credential_uid", "vedette.payment.account", "vedette.payment.counterparty"), How.SECRET
    ),
}
_ENDINGS: dict[str, How] = {
    "email_addr": How.MAIL,
    "user.name": How.NAME,
    "user_result.name": How.NAME,
    "service_start_name": How.NAME,
    "identifier_cookie": How.NAME,
    "user.uid": How.ID,
}
_NOBODY = re.compile(
    r"(?:^metadata\.(?!log_name)|\.(?:ip|mac|domain|hash(?:es)?\.value|fingerprint\.value|country|region)$|^(?:cloud|tls|connection_info"
    r"|app_protocol_name|status_id|status_code|query\.(?:type|class)|rcode|answers\.type|auth_|logon_|finding_info\.analytic|finding_info\.attacks)"
    r"|^observables\.name$|user_agent$|\.uuid$|protocol|^vedette\.(?:role|entity_kind|received|defects|file_kinds|ticket|etype)"
    r"|^dce_rpc\.|mime_type$|cipher$|version$|^command$|^api\.(?:operation|service|version)|\.pid$|activity)"
)
_FIELD = re.compile(
    r"(?i)(?:user|upn|mail|account|owner|login|member|principal|caller|sid|requester|grantee|assignee|actor)"
)
_NO_FIELD = re.compile(
    r"(?i)(?:agent|type|domain|guid|control|process|port|expires|parameters|logonid|workstation|count|status|time|flags|machine|session|side"
    r"|consider|serviceprincipal|resid|inside|device|server|privilege|policy|group|rule|version|image|path|file|parent|hash|line)"
)
_FIELD_ID = re.compile(r"(?i)(?:sid|uid|userid|accountid|principalid|id|key)$")


def how(path: str) -> How:
    """Return how a column names people; a table of paths and a rule for open columns.

    Example:
        >>> how("actor.user.name"), how("unmapped.SubjectUserName"), how("process.cmd_line"), how("src_endpoint.ip")
        (<How.NAME: 'of_name'>, <How.NAME: 'of_name'>, <How.TEXT: 'text'>, <How.NOBODY: ''>)
    """
    if path.startswith(UNMAPPED):
        return _of_field(path.removeprefix(UNMAPPED).rpartition(".")[2])
    if path in _EXACT:
        return _EXACT[path]
    for ending, kind in _ENDINGS.items():
        if path.endswith(ending):
            return kind
    return How.NOBODY if _NOBODY.search(path) else How.TEXT


def _of_field(name: str) -> How:
    if not _FIELD.search(name) or _NO_FIELD.search(name):
        return How.TEXT
    return How.ID if _FIELD_ID.search(name) and not name.lower().endswith("userid") else How.NAME
