"""``vedette doctor --api``: how a running service is."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from vedette.app.ask import get_json
from vedette.app.terminal import OUT, say, warn, write_json
from vedette.incidents.words import visible

WELL, ILL = 0, 1


def feel(api: str, token: str, *, as_json: bool) -> int:
    """Tell how a service is; 0 where all is well.

    Raises:
        VedetteError: nobody answers there.
    """
    health = get_json(api.rstrip("/"), "/api/v1/health", token)
    if as_json:
        write_json(health)
    else:
        _show(health)
    return WELL if health["status"] == "ok" else ILL


def _show(health: dict[str, Any]) -> None:
    say(
        f"{health['status']}; judged up to record {health['position']:,}, {health['lag_seconds']:.1f} s behind, since {health['started']}"
    )
    age = health["checkpoint_age_seconds"]
    say("no checkpoint yet" if age is None else f"checkpoint {age:.0f} s old")
    for title, parts, when in (("Inputs", health["inputs"], "last_seen"), ("Sinks", health["sinks"], "last_sent")):
        if parts:
            table = Table(title=title, title_justify="left", box=None)
            for head in ("name", when.replace("_", " "), "trouble"):
                table.add_column(head)
            for part in parts:
                lost = f"{part['dropped']:,} dropped" if part.get("dropped") else ""
                trouble = ", ".join(filter(None, (visible(part["error"]), lost)))
                table.add_row(Text(visible(part["name"])), str(part[when] or "never"), Text(trouble or "-"))
            OUT.print(table)
    for problem in health["problems"]:
        warn(visible(problem))
