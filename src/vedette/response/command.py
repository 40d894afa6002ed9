"""Runs a program for an action: no shell, bounded in time and in what it may say."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

SECONDS = 10.0
MOST_BYTES = 65_536
_SHARE = 8_192


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended.

    Attributes:
        code: its exit code; None where it never began, or was ended by us.
        out: what it wrote, both streams bounded together; ``err``: to standard error.
        why: what went wrong with it, in a line; empty where it ended well.
    """

    code: int | None
    out: bytes
    err: bytes
    why: str


def run(
    argv: Sequence[str],
    given: bytes = b"",
    *,
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
    environment: Mapping[str, str] | None = None,
    held: Sequence[int] = (),
) -> Ran:
    """Run a program with ``given`` on its standard input; whatever it began ends with it. Never raises for what the program does.

    Args:
        argv: the program and its arguments.
        given: its standard input.
        seconds: how long it may take in all.
        most_bytes: how much it may say.
        environment: its variables; by default ours.
        held: open files that it shares.
    """
    plain = {**(os.environ if environment is None else environment), "LC_ALL": "C"}
    with tempfile.TemporaryFile() as stdin:
        stdin.write(given)
        stdin.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 - no shell; the arguments are checked by who calls
                argv,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=plain,
                cwd="/",
                pass_fds=held,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:  # ValueError: a NUL in an argument
            return Ran(None, b"", b"", f"{argv[0]} cannot be run: {error}")
    with process:
        try:
            out, err, why = _heard(process, time.monotonic() + seconds, most_bytes)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    if why:
        return Ran(None, out, err, f"{argv[0]} {why}")
    return Ran(process.returncode, out, err, _complaint(process.returncode, err))


def _heard(process: subprocess.Popen[bytes], deadline: float, most: int) -> tuple[bytes, bytes, str]:
    """Return what both streams say until they close, and why that was cut short."""
    heard: dict[str, bytearray] = {"out": bytearray(), "err": bytearray()}
    with selectors.DefaultSelector() as ready:
        for name, stream in (("out", process.stdout), ("err", process.stderr)):
            if stream is not None:
                ready.register(stream, selectors.EVENT_READ, name)
        why = ""
        while ready.get_map() and not why:
            for key, _ in ready.select(max(0.0, deadline - time.monotonic())):
                data = os.read(key.fd, _SHARE)
                heard[key.data] += data
                if not data:
                    ready.unregister(key.fileobj)
            why = _too_much(sum(map(len, heard.values())), most, deadline)
    if not why:
        try:
            process.wait(max(0.01, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            why = "took too long"
    return bytes(heard["out"][:most]), bytes(heard["err"][:most]), why


def _too_much(said: int, most: int, deadline: float) -> str:
    if said > most:
        return f"said more than {most:,} bytes"
    return "took too long" if time.monotonic() >= deadline else ""


def _complaint(code: int, err: bytes) -> str:
    if not code:
        return ""
    lines = err.decode("utf-8", "replace").strip().splitlines()
    return lines[0] if lines else f"exit code {code}"
