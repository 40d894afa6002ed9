"""Kills the live service at random, with the disk full and not, and asks whether anything was lost: ``python -m bench.kill``.

A day's logs of two machines (the drill *office-day*) grow line by line while the service follows them and is ended by SIGKILL again and
again; between some of the kills its disk is full (a small tmpfs: needs root). At the end the store must hold what an undisturbed run
holds: the same findings, each once, the same incidents; and the journal of responses must verify.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from vedette.app import logs
from vedette.app.drill import write_drill
from vedette.app.live.service import LiveService
from vedette.config import load
from vedette.store.state.state import State
from vedette.store.state.stored import FindingFilter, IncidentFilter

Held = dict[str, tuple[object, ...]]
"""Uid -> what is held of it."""

SETTINGS = """
[serve]
folder = "{folder}/live"
checkpoint_seconds = {checkpoint}
look_seconds = 0.2
[response]
mode = "approve"
[api]
port = 0
[[inputs]]
transport = "tail"
path = "{folder}/logs/*.log"
begin = "start"
poll_seconds = 0.05
"""
START = datetime(1970, 1, 1, tzinfo=UTC)
DISK_MB = 192
LONGEST_LIFE = 3.0
STILL_SECONDS = 5
PATIENCE = 900.0


def serve(folder: str) -> None:
    """Live one life: serve until killed, or told to end."""
    os.environ |= {"VEDETTE_HOME": f"{folder}/home", "XDG_STATE_HOME": f"{folder}/state"}
    config = load(Path(f"{folder}/vedette.toml"))
    with Path(f"{folder}/service.log").open("a") as told:
        logs.setup(stream=told)
        LiveService(config, Path(config.serve.folder)).run()


class Subject:
    """One run of the service, through as many lives as it takes.

    Args:
        folder: where it lives.
        context: begins processes whose modules are read already.
        checkpoint: seconds between two checkpoints.
    """

    def __init__(self, folder: Path, context: ForkServerContext, checkpoint: float) -> None:
        self.folder, self._context = folder, context
        (folder / "logs").mkdir(parents=True)
        (folder / "vedette.toml").write_text(SETTINGS.format(folder=folder, checkpoint=checkpoint))

    def begin(self) -> None:
        """Begin a life."""
        self._process: ForkServerProcess = self._context.Process(target=serve, args=(str(self.folder),), daemon=True)
        self._process.start()

    def kill(self) -> bool:
        """End the life at once; say whether it was alive."""
        alive = self._process.is_alive()
        self._process.kill()
        self._process.join()
        return alive

    def end(self) -> None:
        """Let the life end by itself."""
        self._process.terminate()
        self._process.join(120)

    def write(self, lines: list[tuple[str, str]]) -> None:
        """Append lines to the logs."""
        for name, line in lines:
            with (self.folder / "logs" / name).open("a") as log:
                log.write(line)

    def read(self) -> tuple[Held, Held]:
        """Return the findings and the incidents that the store holds and that are, by uid."""
        state = State.open(f"sqlite:///{self.folder}/live/state.db", create=False)
        try:
            findings, after = Held(), ""
            while (page := state.findings(FindingFilter(), after, 500)).items:
                found = [(i.finding, i.state) for i in page.items if i.state != "withdrawn"]
                findings |= {f.uid: (f.detector, f.first_seen, f.last_seen, f.score, f.title, s) for f, s in found}
                after = page.next
                if not after:
                    break
            listed = state.incidents(IncidentFilter(), "", 500).items
            incidents: Held = {i.incident.uid: (i.incident.title, i.finding_count) for i in listed if not i.gone}
        finally:
            state.close()
        return findings, incidents

    def finished(self, last: datetime) -> tuple[Held, Held] | None:
        """Return what was found if all of it is final, and the last attack is among it."""
        try:
            findings, incidents = self.read()
        except Exception:  # noqa: BLE001 - there is no store yet
            return None
        over = all(f[-1] == "final" for f in findings.values())
        return (findings, incidents) if over and any(f[2] >= last for f in findings.values()) else None  # type: ignore[operator]


def day(folder: Path) -> tuple[list[tuple[str, str]], datetime]:
    """Return the lines of a day with the file that each stands in, in order of time, and when it ends.

    Behind it lies an attack two days later, and lines days after that, so that all windows close.
    """
    lines: list[tuple[datetime, str, str]] = []
    for path in write_drill(folder):
        for line in path.read_text().splitlines(keepends=True) if path.suffix == ".log" else ():
            stamp = re.split(r"[ \t]", line)[0]
            known = stamp[:1].isdigit()
            at = (
                (datetime.fromtimestamp(float(stamp), UTC) if "T" not in stamp else datetime.fromisoformat(stamp))
                if known
                else START
            )
            lines.append((at, path.name, line))
    lines.sort(key=lambda line: line[0])
    newest = max(line[0] for line in lines)
    after = newest + timedelta(days=2)
    for n in range(40):
        said = f"bastion sshd[{n}]: Failed password for root from 198.51.100.250 port {n + 2000} ssh2"
        lines.append((after, "auth.log", f"{(after + timedelta(seconds=3 * n)).isoformat()} {said}\n"))
    logged = next(line for at, name, line in reversed(lines) if name != "auth.log")
    for days in (6, 8):
        at = newest + timedelta(days=days)
        lines.append((at, "auth.log", f"{at.isoformat()} bastion sshd[1]: Connection closed by 10.20.1.90 port 4000\n"))
        for name in {name for _, name, _ in lines} - {"auth.log"}:
            lines.append((at, name, re.sub(r"^[0-9.]+", f"{at.timestamp():.6f}", logged)))  # noqa: PERF401
    return [(name, line) for _, name, line in lines], after


@contextmanager
def disk(folder: Path, *, small: bool) -> Iterator[Path]:
    """Give a folder on a small disk of its own, where asked for."""
    folder.mkdir(parents=True)
    if small:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "vedette-kill", str(folder)], check=True)  # noqa: S603, S607
    try:
        yield folder
    finally:
        if small:
            subprocess.run(["umount", "-l", str(folder)], check=False)  # noqa: S603, S607


def fill(folder: Path) -> None:
    """Leave nothing of the disk."""
    with (folder / "ballast").open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(b"\0" * 65_536)
        except OSError:
            return


def wait_for(subject: Subject, last: datetime) -> None:
    """Wait until everything is judged.

    Raises:
        TimeoutError: it never was.
    """
    until, still = time.monotonic() + PATIENCE, 0
    held: tuple[Held, Held] | None = None
    while (
        still < STILL_SECONDS
    ):  # one log may be read whole before another: what was found is all there when it stays as it is
        if time.monotonic() > until:
            raise TimeoutError(f"not everything was judged in {PATIENCE:.0f} s: {subject.folder}")
        before, held = held, subject.finished(last)
        still = still + 1 if held is not None and held == before else 0
        time.sleep(1)


def main(args: argparse.Namespace) -> int:
    """Run the undisturbed service and the disturbed one, and compare."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["vedette.app.live.service", "vedette.app.logs"])
    rng = random.Random(args.seed)
    root = Path(tempfile.mkdtemp(prefix="vedette-kill-"))
    lines, last = day(root / "drill")
    print(
        f"{len(lines):,} lines; {args.kills} kills, {args.full} of them with the disk full; seed {args.seed}",
        flush=True,
    )
    whole = Subject(root / "whole", context, checkpoint=5)
    whole.begin()
    for at in range(0, len(lines), 200):
        whole.write(lines[at : at + 200])
        time.sleep(0.05)
    wait_for(whole, last)
    whole.end()
    expected = whole.read()
    print(f"undisturbed: {len(expected[0])} findings, {len(expected[1])} incidents", flush=True)
    with disk(root / "disk", small=args.full > 0) as place:
        cut = Subject(place / "cut", context, checkpoint=2)
        full = set(rng.sample(range(args.kills), args.full))
        alive = disturb(cut, lines, args.kills, full, rng)
        cut.begin()
        wait_for(cut, last)
        cut.end()
        got = cut.read()
        with (cut.folder / "service.log").open() as told:
            broke = sum("Traceback" in line for line in told)
        verify = [sys.executable, "-m", "vedette", "respond", "verify"]
        environment = {**os.environ, "XDG_STATE_HOME": str(cut.folder / "state")}
        journal = subprocess.run(verify, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    same = got == expected
    for name, mine, theirs in zip(("findings", "incidents"), got, expected, strict=True):
        print(
            f"{name}: {len(mine)}; lost {len(theirs.keys() - mine.keys())}, added {len(mine.keys() - theirs.keys())}, "
            f"changed {sum(mine[k] != theirs[k] for k in mine.keys() & theirs.keys())}"
        )
        for key in sorted(
            mine.keys() ^ theirs.keys() | {k for k in mine.keys() & theirs.keys() if mine[k] != theirs[k]}
        )[:5]:
            print("   ", key, mine.get(key), theirs.get(key))
    print(f"{alive} of {args.kills} kills met a living service; {broke} tracebacks in its log")
    print(f"journal: {' '.join((journal.stdout + journal.stderr).split())}")
    print("the same" if same else "NOT the same", flush=True)
    if same:
        shutil.rmtree(root, ignore_errors=True)
    return 0 if same and journal.returncode == 0 else 1


def disturb(subject: Subject, lines: list[tuple[str, str]], kills: int, full: set[int], rng: random.Random) -> int:
    """Write the lines piece by piece over so many lives, each of which is killed; return how many kills met a living service."""
    size, alive = -(-len(lines) // kills), 0
    for number in range(kills):
        subject.begin()
        until = time.monotonic() + rng.uniform(0.1, LONGEST_LIFE)
        part = lines[number * size : (number + 1) * size]
        half = len(part) // 2
        subject.write(part[:half])
        if number in full:
            time.sleep(rng.uniform(0, LONGEST_LIFE / 2))
            fill(subject.folder.parent)
            until += 1
        time.sleep(max(0.0, until - time.monotonic()))
        freed = rng.random() < 0.5
        if freed:
            (subject.folder.parent / "ballast").unlink(missing_ok=True)
            time.sleep(0.3)
        alive += subject.kill()
        (subject.folder.parent / "ballast").unlink(missing_ok=True)
        subject.write(part[half:])
        if number % 20 == 19:
            print(f"{number + 1} kills", flush=True)
    return alive


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--full", type=int, default=0, help="of them with the disk full: needs root")
    parser.add_argument("--seed", type=int, default=1)
    raise SystemExit(main(parser.parse_args()))
