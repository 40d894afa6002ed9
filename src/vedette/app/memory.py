"""Remembers the last scan, so that ``vedette explain ID`` can tell more of it.

Kept in the user's state folder (XDG), readable by the user alone: evidence holds names and addresses.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from vedette.app import telling, terminal
from vedette.app.local import Scan
from vedette.errors import VedetteError
from vedette.model import Incident, Plan


class LastScan(msgspec.Struct, frozen=True):
    """What is kept of a scan: evidence as text, since it is only shown."""

    incidents: list[Incident]
    plans: dict[str, list[Plan]]
    evidence: dict[str, list[dict[str, str]]]


def path() -> Path:
    """Return where the last scan is kept."""
    root = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(root) / "vedette" / "last-scan.json"


def keep(result: Scan) -> None:
    """Remember a scan; where the folder cannot be written, do without."""
    evidence = {uid: [{k: str(v) for k, v in row.items()} for row in rows] for uid, rows in result.evidence.items()}
    data = msgspec.json.encode(
        LastScan(list(result.incidents), {k: list(v) for k, v in result.plans.items()}, evidence)
    )
    target = path()
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = target.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        fresh.replace(target)
    except OSError as error:
        terminal.warn(f"cannot keep this scan for `vedette explain`: {error}")


def recall() -> LastScan:
    """Return the last scan.

    Raises:
        VedetteError: there is none, or it is damaged.
    """
    try:
        return msgspec.json.decode(path().read_bytes(), type=LastScan)
    except OSError as error:
        raise VedetteError("no scan is remembered", where=str(path()), hint="run `vedette scan PATH` first") from error
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
            f"{what} in the last scan is called {uid!r}", hint="ids stand in the output of `vedette scan`"
        )
    if as_json:
        terminal.write_json(incidents[0] if incidents else findings[0][1])
    elif incidents:
        telling.show_incident(incidents[0], last.plans.get(incidents[0].uid, []), last.evidence)
    else:
        telling.show_finding(findings[0][1], last.evidence.get(findings[0][1].uid, []))
    return 0
