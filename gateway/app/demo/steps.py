"""Shows what the demo is doing: a line for each part, moving in a terminal, plain elsewhere."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Self

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Steps:
    """Tells of steps that go on side by side. Use as a context manager; ``step`` may be called from any thread."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.fields[title]:<16}"),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    @contextmanager
    def step(self, title: str, doing: str, done: str) -> Generator[None]:
        """Show that ``title`` is ``doing`` something until the block ends well, and then that it is ``done``."""
        shown = self._progress.add_task(doing, total=1, title=title)
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self._progress.update(shown, description=f"[red]{doing}: failed[/]")
            raise
        self._progress.update(shown, completed=1, description=done)
        if not self._console.is_terminal:
            self._console.print(f"✓ {title}: {done} ({time.monotonic() - began:.0f} s)")
