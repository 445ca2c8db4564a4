"""What commands print: tables for people, JSON for programs."""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from gateway.domain.durations import parse_duration, short_duration

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

STYLES = {
    "SUCCESS": "green",
    "HEALTHY": "green",
    "RUNNING": "blue",
    "QUEUED": "cyan",
    "PENDING": "cyan",
    "FAILED": "bold red",
    "UPSTREAM_FAILED": "red",
    "UNREACHABLE": "bold red",
    "UNAUTHORIZED": "bold red",
    "DEGRADED": "yellow",
    "CANCELLED": "magenta",
    "SKIPPED": "dim",
    "UNKNOWN": "yellow",
    "WAITING": "cyan",
    "READY": "yellow",
    "TRIGGERING": "blue",
    "TRIGGERED": "blue",
    "SUCCEEDED": "green",
    "EXPIRED": "bold red",
    "MET": "green",
    "ON_TRACK": "blue",
    "AT_RISK": "bold yellow",
    "MISSED": "bold red",
}
#: Where output is no terminal, a table is as wide as it needs to be.
UNBOUNDED = 1000


def console(*, error: bool = False) -> "Console":
    """Where tables go; ``error``: where notes and progress go."""
    from rich.console import Console

    stream = sys.stderr if error else sys.stdout
    return Console(stderr=error, highlight=False, width=None if stream.isatty() else UNBOUNDED)


def print_json(value: Any) -> None:
    """JSON for programs, on standard output."""
    import json

    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def table(columns: Sequence[str], rows: Sequence[Sequence["str | Text"]]) -> "Table":
    """A plain table; the first column is never cut."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for position, name in enumerate(columns):
        drawn.add_column(name, no_wrap=position == 0, overflow="fold")
    for row in rows:
        # As Text, because a vendor's words may look like markup.
        drawn.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
    return drawn


def state(name: str | None) -> "Text":
    """A state in its colour."""
    from rich.text import Text

    return Text().append(name or "-", style=STYLES.get(name or "", ""))


def note(text: str) -> None:
    """Something beside the result, on standard error, so that output can be piped."""
    sys.stderr.write(text + "\n")


def ago(instant: str | None, now: datetime | None = None) -> str:
    """``3m ago``, ``in 2h``, or the date where it is more than two days away."""
    if instant is None:
        return "-"
    at = datetime.fromisoformat(instant)
    away = (now or datetime.now(UTC)) - at
    if abs(away) > timedelta(days=2):
        return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"
    text = coarse(abs(away))
    return f"{text} ago" if away >= timedelta(0) else f"in {text}"


def coarse(length: timedelta) -> str:
    """A duration in its one or two largest units: ``41s``, ``3m12s``, ``2h5m``, ``1d6h``."""
    unit = next(
        size for limit, size in ((3600, 1), (86_400, 60), (float("inf"), 3600)) if length.total_seconds() < limit
    )
    return short_duration(timedelta(seconds=int(length.total_seconds()) // unit * unit))


def length(iso: str | None) -> str:
    """The API's duration, for people."""
    return coarse(parse_duration(iso)) if iso and not iso.startswith("-") else "-"


def share(value: float | None) -> str:
    """A share of one in whole per cents."""
    return "-" if value is None else f"{value:.0%}"


def pipeline_name(pipeline: Mapping[str, Any]) -> str:
    """``ORCHESTRATOR/KEY``, as commands take it."""
    return f"{pipeline['orchestrator']['name']}/{pipeline['key']}"
