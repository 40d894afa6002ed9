"""Remembers the last scan, so that ``vedette explain ID`` can tell more of it.

Kept in the user's state folder (XDG), readable by the user alone: evidence holds names and addresses.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path

import msgspec

from vedette.app import telling, terminal
from vedette.app.findings import Watch
from vedette.app.local import Scan
from vedette.errors import VedetteError
from vedette.model import Incident, Plan


class LastScan(msgspec.Struct, frozen=True):
    """What is kept of a scan: evidence as text, since it is only shown.

    Attributes:
        watched: what the alert budget is kept by.
        alerts: how many findings alert, by detector.
    """

    incidents: list[Incident]
    plans: dict[str, list[Plan]]
    evidence: dict[str, list[dict[str, str]]]
    watched: list[Watch] = []
    alerts: dict[str, int] = {}


def path() -> Path:
    """Return where the last scan is kept."""
    root = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(root) / "vedette" / "last-scan.json"


def keep(result: Scan) -> None:
    """Remember a scan, of its events only what ``telling`` shows; where the folder cannot be written, do without."""
    evidence = {
        uid: [{k: str(row[k]) for k in telling.TELLING if row.get(k) is not None} for row in rows]
        for uid, rows in result.evidence.items()
    }
    plans = {k: list(v) for k, v in result.plans.items()}
    alerts = Counter(f.detector for f in result.findings if f.alert)
    data = msgspec.json.encode(LastScan(list(result.incidents), plans, evidence, list(result.watched), alerts))
    try:
        _write(path(), data)
    except (OSError, RuntimeError) as error:  # RuntimeError: this user has no home
        terminal.warn(f"cannot keep this scan for `vedette explain`: {error}")


def _write(target: Path, data: bytes) -> None:
    """Write a file whole or not at all, whoever else writes it at the same time; ``mkstemp`` makes it the user's alone."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    number, fresh = tempfile.mkstemp(prefix="last-scan.", suffix=".new", dir=target.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        Path(fresh).replace(target)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise


def recall() -> LastScan:
    """Return the last scan.

    Raises:
        VedetteError: there is none, or it is damaged.
    """
    try:
        return msgspec.json.decode(path().read_bytes(), type=LastScan)
    except (OSError, RuntimeError) as error:  # RuntimeError: this user has no home
        raise VedetteError(
            f"no scan is remembered: {error}", where="last-scan.json", hint="run `vedette scan PATH` first"
        ) from error
    except msgspec.DecodeError as error:
        raise VedetteError(f"the remembered scan is damaged: {error}", where=str(path()), hint="scan again") from error


def explain(uid: str, *, as_json: bool = False) -> int:
    """Show the incident or finding whose id starts with ``uid``.

    Raises:
        VedetteError: nothing, or more than one thing, is called so.
    """
    last = recall()
    incidents = [i for i in last.incidents if i.uid.startswith(uid)]
    findings = [(i, f) for i in last.incidents for f in i.findings if f.uid.startswith(uid)]
    if len(incidents) + len(findings) != 1:
        what = "nothing" if not incidents and not findings else "more than one thing"
        raise VedetteError(
            f"{what} in the last scan is called {uid!r}",
            hint="ids stand in the output of `vedette scan`, detectors in `vedette doctor`",
        )
    if as_json:
        terminal.write_json(incidents[0] if incidents else findings[0][1])
    elif incidents:
        telling.show_incident(incidents[0], last.plans.get(incidents[0].uid, []), last.evidence)
    else:
        telling.show_finding(findings[0][1], last.evidence.get(findings[0][1].uid, []))
    return 0
