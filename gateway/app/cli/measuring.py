"""``podium kpis``: how well work gets done."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from gateway.app.cli import options
from gateway.app.cli.failures import CliError
from gateway.app.cli.output import console, length, note, print_json, share, table
from gateway.domain.kpis import KpiGrouping

KPIS = """
query Kpis($by: KpiGrouping!, $window: Duration!, $until: DateTime, $first: Int!, $after: String) {
  page: kpis(by: $by, window: $window, until: $until, first: $first, after: $after) {
    edges { node {
      name pipelines runs unaidedSuccessRate incidents meanTimeToDetect meanTimeToNotify meanTimeToResolve
      slasMet slasMissed slaAdherence dataAge meanDataAge runTime queueTime computeEfficiency
    } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
#: Each document with what it is for.
EXTENSIONS = (KPIS,)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog="Example: podium kpis --by owner --window 90d")(kpis)


def kpis(
    *,
    by: Annotated[str, typer.Option("--by", help="pipeline, owner, orchestrator or total.")] = "total",
    window: Annotated[str, typer.Option("--window", help="How far back, e.g. 30d.")] = "30d",
    until: Annotated[
        str | None, typer.Option("--until", help="Where the window ends: an instant, or 7d for a week ago; else now.")
    ] = None,
    limit: options.LimitOption = 200,
    as_json: options.JsonFlag = False,
) -> None:
    """Show how well work gets done: without help, how soon told and mended, promises, age of data, time in queues."""
    from gateway.app.cli.client import Client
    from gateway.domain.durations import format_duration

    known = [one.value.lower() for one in KpiGrouping]
    if by.lower() not in known:
        raise CliError(f"--by: {by!r} is nothing to group by.", f"Write {', '.join(known[:-1])} or {known[-1]}.")
    wanted: dict[str, Any] = {"by": by.upper(), "window": format_duration(options.duration(window, "--window"))}
    if until is not None:
        wanted["until"] = options.instant(until, "--until").isoformat()
    with Client(options.settings()) as client:
        found = list(client.page_through(KPIS, limit, **wanted))
    if as_json:
        print_json(found)
        return
    if not found:
        note("No pipeline is listed yet.")
        return
    columns = ["RUNS", "UNAIDED", "INCIDENTS", "DETECTED", "TOLD", "MENDED", "PROMISES", "DATA AGE", "RUN/QUEUED"]
    console().print(table([by.upper(), *columns], [_row(one) for one in found]))


def _row(one: Mapping[str, Any]) -> list[str]:
    return [
        one["name"] or "-",
        str(one["runs"]),
        share(one["unaidedSuccessRate"]),
        str(one["incidents"]),
        length(one["meanTimeToDetect"]),
        length(one["meanTimeToNotify"]),
        length(one["meanTimeToResolve"]),
        share(one["slaAdherence"]),
        length(one["meanDataAge"]),
        share(one["computeEfficiency"]),
    ]
