"""Names of statuses."""

from __future__ import annotations

from vedette.sources.pcap.smb_message import COMMANDS, NAMES, PIPE, REFUSED, spelled


def test_statuses_are_spelled() -> None:
    assert spelled(0xC000006D) == "STATUS_LOGON_FAILURE"
    assert spelled(0xC00000BA) == "0xc00000ba"
    assert set(NAMES) >= REFUSED


def test_every_command_has_a_name() -> None:
    assert COMMANDS[PIPE] == "IOCTL"
    assert len(COMMANDS) == PIPE + 1
