from __future__ import annotations

import sys
import time
from pathlib import Path

from vedette.response.command import run

PY = sys.executable


def test_what_it_says_and_how_it_ends() -> None:
    ran = run([PY, "-c", "import sys; print(sys.stdin.read().upper()); print('oh', file=sys.stderr)"], b"given")
    assert (ran.code, ran.out, ran.err, ran.why) == (0, b"GIVEN\n", b"oh\n", "")


def test_a_failure_is_told_in_its_first_line() -> None:
    assert run([PY, "-c", "import sys; sys.exit('first\\nsecond')"]).why == "first"
    assert run([PY, "-c", "raise SystemExit(7)"]).why == "exit code 7"


def test_what_cannot_be_run_is_told() -> None:
    for program in ("/no/such/program", "a\x00b"):
        ran = run([program])
        assert ran.code is None
        assert "cannot be run" in ran.why


def test_no_shell_reads_the_arguments() -> None:
    assert run([PY, "-c", "import sys; print(sys.argv[1])", "$(id); `id` > x"]).out == b"$(id); `id` > x\n"


def test_one_that_never_ends_is_ended_with_all_that_it_began(tmp_path: Path) -> None:
    grandchild = f"import time; time.sleep(1.5); open({str(tmp_path / 'late')!r}, 'w')"
    code = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {grandchild!r}]); time.sleep(60)"
    begun = time.monotonic()
    ran = run([PY, "-c", code], seconds=0.8)
    assert time.monotonic() - begun < 5
    assert (ran.code, ran.why) == (None, f"{PY} took too long")
    time.sleep(1.2)
    assert not (tmp_path / "late").exists()


def test_one_that_leaves_its_streams_open_is_ended(tmp_path: Path) -> None:
    code = "import os, time; os.close(1); os.close(2); time.sleep(60)"
    assert run([PY, "-c", code], seconds=0.5).why.endswith("took too long")


def test_one_that_talks_without_end_is_ended() -> None:
    ran = run([PY, "-c", "while True: print('x' * 1000)"], most_bytes=10_000)
    assert ran.why.endswith("said more than 10,000 bytes")
    assert len(ran.out) == 10_000


def test_much_on_standard_input_is_no_deadlock() -> None:
    assert run([PY, "-c", "print('done')"], b"x" * (1 << 20)).out == b"done\n"
