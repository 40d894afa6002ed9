"""``vedette drill``: made-up days as files, or an attack played into a running service."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from vedette.app.drill import drills, write_drill
from vedette.app.drill.live import EXPECTED, Round, play
from vedette.app.terminal import say, warn, write_json
from vedette.errors import ContentError
from vedette.incidents.words import visible

FOUND, MISSED = 0, 1


def write(name: str, out: Path | None, *, as_json: bool) -> int:
    """Write the files of a drill.

    Raises:
        ContentError: there is no such drill.
    """
    if name not in drills():
        raise ContentError(f"no drill is called {name!r}", hint=f"there are {', '.join(drills())}")
    folder = out or Path(f"vedette-{name}")
    paths = [str(p) for p in write_drill(folder, name)]
    if as_json:
        write_json({"files": paths})
    else:
        for path in paths:
            say(path)
        say(f"`vedette scan {folder}` reads them.")
    return FOUND


def live(to: str, api: str, token: str, *, rounds: int, seconds: float, as_json: bool) -> int:
    """Play an attack into a running service, and tell what it said and when.

    Raises:
        VedetteError: nobody receives or answers there.
    """
    found = play(to.rstrip("/"), api.rstrip("/"), token, rounds=rounds, seconds=seconds, say=warn if as_json else say)
    missed = [r for r in found if r.whole_seconds is None]
    times = sorted(r.whole_seconds for r in found if r.whole_seconds is not None)
    if as_json:
        told = {"p50": quantile(times, 0.5), "p99": quantile(times, 0.99)} if times else {}
        write_json({"rounds": [asdict(r) for r in found], "seconds": told, "missed": len(missed)})
        return MISSED if missed else FOUND
    for one in found:
        _tell(one)
    if len(times) > 1:
        half, most = quantile(times, 0.5), quantile(times, 0.99)
        say(f"{len(times)} attacks seen whole: {half:.2f} s after the last event (median), {most:.2f} s (99 %).")
    return MISSED if missed else FOUND


def _tell(one: Round) -> None:
    if one.whole_seconds is not None:
        uid, title = one.incident
        say(f"{one.whole_seconds:.2f} s after its last event: {visible(title)}  ({uid})")
        return
    lacking = ", ".join(d for d in EXPECTED if d not in one.found)
    warn(
        f"{one.intruder}: not seen whole in time; {lacking} did not speak. `vedette doctor` and the service's log say more."
    )


def quantile(values: list[float], share: float) -> float:
    """Return the smallest of ascending values that ``share`` of them are not above."""
    return values[min(len(values) - 1, max(0, -int(-share * len(values) // 1) - 1))]
