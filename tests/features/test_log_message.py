from __future__ import annotations

from vedette.features.log_message import LogMessage
from vedette.testing.commands import messages
from vedette.testing.rows import rows_of


def test_keeps_only_lines_that_tell() -> None:
    rows = rows_of(LogMessage, messages(["link is up", "The security log was cleared", "x" * 50_000]))
    assert rows.select("host", "tampering", "technique").rows() == [("web1", "clears a Windows event log", "T1070.001")]
