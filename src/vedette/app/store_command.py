"""``vedette backup`` and ``vedette restore``: the store of findings, and the journal of responses with it."""

from __future__ import annotations

from pathlib import Path

from vedette.app import memory
from vedette.app.terminal import say, write_json
from vedette.config import Config, load
from vedette.learning.registry import home
from vedette.response.journal import FILE
from vedette.store.state import between
from vedette.store.state.connect import file_url
from vedette.store.state.state import State

DONE = 0
STORE = "state.db"


def live_folder(config: Config) -> Path:
    """Return where the live service keeps what came in, checkpoints and the store."""
    return Path(config.serve.folder).expanduser() if config.serve.folder else home() / "live"


def store_url(config: Config, folder: Path | None = None) -> str:
    """Return where findings and incidents are kept: as the settings say, or in a file in ``folder`` (the live service's)."""
    return config.store.url or file_url((folder or live_folder(config)) / STORE)


def url(config_file: Path | None, folder: Path | None) -> str:
    """Return where the store is, by a settings file and the folder that ``vedette serve`` was given."""
    return store_url(load(config_file), folder)


def backup(file: Path, store: str, *, as_json: bool) -> int:
    """Write a backup and say what is in it."""
    state = State.open(store, create=False)
    try:
        made = state.backup(file, _journal())
    finally:
        state.close()
    counts = {name.removeprefix("vedette_"): part.lines for name, part in made.tables.items()}
    lines = made.journal.lines if made.journal else 0
    if as_json:
        write_json(
            {"file": str(file), "bytes": file.stat().st_size, "made": made.made, "rows": counts, "journal": lines}
        )
    else:
        told = f"{counts['incidents']:,} incidents, {counts['findings']:,} findings, {counts['tokens']:,} tokens"
        say(f"{file}: {told} and {lines:,} lines of the journal.")
    return DONE


def restore(file: Path, store: str, *, force: bool, as_json: bool) -> int:
    """Put a backup back and say what was moved aside."""
    made = between.restore(file, store, journal=_journal(), force=force)
    if as_json:
        told = {"file": str(file), "moved": [str(path) for path in made.moved], "erased_again": made.erased}
        write_json({**told, "lost": {"findings": made.findings, "incidents": made.incidents}})
        return DONE
    say(f"{file} is put back.")
    for path in made.moved:
        say(f"What was there before: {path}")
    _say_between(made)
    return DONE


def _say_between(made: between.Restored) -> None:
    """Say what was found between the backup and the store that gave way."""
    before, now = made.before, made.now
    if before is None or before.at is None:
        return
    if not (made.findings or made.incidents or before.verdicts > now.verdicts or before.position > now.position):
        say("Nothing was found between the backup and what was there.")
    else:
        span = f"{now.at:%Y-%m-%d %H:%M:%S}" if now.at else "nothing at all"
        say(f"The backup knows of changes up to {span}; what was there, up to {before.at:%Y-%m-%d %H:%M:%S} (UTC).")
        what = f"{made.findings:,} findings, {made.incidents:,} incidents, {max(0, before.verdicts - now.verdicts):,} verdicts"
        say(f"Found or said between, and not in the store now: {what}.")
        if before.position > now.position:
            records = f"Records {now.position:,} to {before.position - 1:,} of the log were judged between"
            say(f"{records}: what is behind the last checkpoint is not judged again, and not found again.")
    if made.erased:
        say(f"Names that were erased after the backup are erased again, in {made.erased:,} places.")


def _journal() -> Path:
    return memory.path().parent / "response" / FILE
