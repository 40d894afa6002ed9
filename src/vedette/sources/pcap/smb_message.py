"""What we read of an SMB message, whatever its version."""

from __future__ import annotations

from typing import Final, NamedTuple

NEGOTIATE, LOGON, CONNECT, CREATE, CLOSE, READ, WRITE, PIPE = range(8)
COMMANDS: Final = ("NEGOTIATE", "SESSION_SETUP", "TREE_CONNECT", "CREATE", "CLOSE", "READ", "WRITE", "IOCTL")
"""The second half of OCSF's command names."""
NO_FILE: Final = b""
NAME_BYTES: Final = 1_024
"""Bytes of a path that are kept."""
NAMES: Final = {
    0: "STATUS_SUCCESS",
    0x103: "STATUS_PENDING",
    0x8000_0005: "STATUS_BUFFER_OVERFLOW",
    0xC000_0016: "STATUS_MORE_PROCESSING_REQUIRED",
    0xC000_0022: "STATUS_ACCESS_DENIED",
    0xC000_0034: "STATUS_OBJECT_NAME_NOT_FOUND",
    0xC000_003A: "STATUS_OBJECT_PATH_NOT_FOUND",
    0xC000_0043: "STATUS_SHARING_VIOLATION",
    0xC000_005E: "STATUS_NO_LOGON_SERVERS",
    0xC000_0064: "STATUS_NO_SUCH_USER",
    0xC000_006A: "STATUS_WRONG_PASSWORD",
    0xC000_006D: "STATUS_LOGON_FAILURE",
    0xC000_006E: "STATUS_ACCOUNT_RESTRICTION",
    0xC000_0071: "STATUS_PASSWORD_EXPIRED",
    0xC000_0072: "STATUS_ACCOUNT_DISABLED",
    0xC000_00AC: "STATUS_PIPE_NOT_AVAILABLE",
    0xC000_00CC: "STATUS_BAD_NETWORK_NAME",
    0xC000_015B: "STATUS_LOGON_TYPE_NOT_GRANTED",
    0xC000_0234: "STATUS_ACCOUNT_LOCKED_OUT",
}
"""NTSTATUS (MS-ERREF, 2.3.1)."""
PENDING, MORE_PROCESSING = 0x103, 0xC000_0016
REFUSED: Final = frozenset((0xC000_0064, 0xC000_006A, 0xC000_006D, 0xC000_006E, 0xC000_0072, 0xC000_0234, 0xC000_0071))
"""A logon that failed for its name, its password or its account."""
SHARE_TYPES: Final = {1: "disk", 2: "pipe", 3: "print"}


class Message(NamedTuple):
    """One message.

    Attributes:
        command: one of the constants above.
        ident: joins a request and its response.
        tree: the share that it is about; ``file``: the handle.
        name: of what is opened, or the share.
        data: the beginning of what is read or written; ``raw``: the whole message, of a logon.
        activity: how it is opened: OCSF's ``activity_id`` of SMB Activity.
        offset: where in the file; ``size``: bytes written.
    """

    command: int
    is_response: bool
    status: int
    ident: int
    tree: int
    file: bytes = NO_FILE
    name: str = ""
    data: bytes = b""
    raw: bytes = b""
    activity: int = 0
    offset: int = 0
    size: int = 0
    share_type: str | None = None


def spelled(status: int) -> str:
    """Return the name of a status, or its number."""
    return NAMES.get(status, f"0x{status:08x}")
