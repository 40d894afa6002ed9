"""A bar on the terminal for what takes longer than a moment."""

from __future__ import annotations

from types import TracebackType

from rich.progress import BarColumn, DownloadColumn, SpinnerColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bar

from vedette.app.terminal import ERR


class Progress:
    """A bar on the terminal for what takes longer than a moment; nothing where output is no terminal."""

    def __init__(self, *, shown: bool = True) -> None:
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            DownloadColumn(),
            console=ERR,
            transient=True,
            disable=not (shown and ERR.is_terminal),
        )
        self._task = self._bar.add_task("reading", total=None)

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def bytes(self, done: int, total: int) -> None:
        """Show how far reading is."""
        self._bar.update(self._task, completed=done, total=total or None)

    def stage(self, word: str) -> None:
        """Show what is going on."""
        self._bar.update(self._task, description=word)

    def done(self) -> None:
        """Take the bar away."""
        self._bar.stop()
