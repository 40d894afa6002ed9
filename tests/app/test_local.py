from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vedette.app.local import limits_of, read, scan
from vedette.config import Config, parse
from vedette.events.schema import EventClass

LINE = "2026-01-05T10:00:{:02}.000000+00:00 bastion sshd[1]: Failed password for root from 198.51.100.7 port {} ssh2\n"

BROKEN = '''"""A source that breaks."""
from vedette.abc import Example, Source
from vedette.events.schema import EventClass

class Broken(Source):
    """Breaks."""
    name = "broken"
    emits = (EventClass.EVENT_LOG,)
    @classmethod
    def example(cls): return Example(b"BROKEN", "x", 1)
    @classmethod
    def sniff(cls, head, filename): return head.startswith(b"BROKEN")
    def read(self, stream):
        raise ZeroDivisionError("a bug")
        yield
'''


def test_a_scan_accounts_for_every_input_and_removes_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("".join(LINE.format(n, 4000 + n) for n in range(60)))
    (tmp_path / "b.bin").write_bytes(bytes(50))
    words: list[str] = []
    with scan([str(tmp_path)], Config(), stage=words.append) as result:
        assert [(Path(i.name).name, bool(i.source)) for i in result.inputs] == [("a.log", True), ("b.bin", False)]
        assert result.rows[EventClass.AUTHENTICATION] == 60
        assert result.incidents
        assert result.plans
        assert not result.unreadable
    assert words == ["reading", "judging", "correlating"]
    assert not result.spool.kinds()


def test_the_settings_bound_the_intake() -> None:
    limits = limits_of(
        parse("[limits]\narchive_ratio = 7\narchive_members = 3\narchive_depth = 1\narchive_bytes = 9\n")
    )
    assert (limits.max_ratio, limits.max_members, limits.max_nesting, limits.max_total_bytes) == (7, 3, 1, 9)


def test_a_source_that_breaks_ends_its_own_input_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vedette import sources  # noqa: PLC0415 - its path grows for this test only
    from vedette.plugins import _discover  # noqa: PLC0415

    home = tmp_path / "plugins"
    home.mkdir()
    (home / "broken.py").write_text(BROKEN)
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(home)])
    _discover.cache_clear()
    try:
        (tmp_path / "1.txt").write_bytes(b"BROKEN")
        (tmp_path / "2.log").write_text("".join(LINE.format(n, 4000 + n) for n in range(5)))
        got = {Path(i.name).name: i for i, _ in read([str(tmp_path / "1.txt"), str(tmp_path / "2.log")], Config())}
    finally:
        _discover.cache_clear()
        sys.modules.pop("vedette.sources.broken", None)
    assert "ZeroDivisionError: a bug" in got["1.txt"].account.error
    assert got["2.log"].account.records == 5
