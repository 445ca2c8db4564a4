"""``podium orchestrators``, ``pipelines``, ``runs`` and ``logs``: reading from a running Podium."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from gateway.app.cli import options, queries
from gateway.app.cli.output import ago, console, length, note, pipeline_name, print_json, state, table
from gateway.domain.states import RunState

if TYPE_CHECKING:
    from rich.table import Table

    from gateway.app.cli.client import Client

#: Seconds between two looks of ``--watch``.
WATCH_EVERY = 2.0
Orchestrators = Annotated[
    list[str] | None, typer.Option("--orchestrator", "-o", help="Only of this orchestrator; may be repeated.")
]
States = Annotated[
    list[RunState] | None,
    typer.Option("--state", "-s", case_sensitive=False, help="Only in this state; may be repeated."),
]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog="Example: podium orchestrators --json")(orchestrators)
    app.command(epilog="Example: podium pipelines --orchestrator airflow-prod --search sales")(pipelines)
    app.command(epilog="Example: podium runs --state failed --since 24h --limit 50")(runs)
    app.command(epilog="Example: podium logs RUN_ID --task load --tail 50")(logs)


def orchestrators(*, as_json: options.JsonFlag = False) -> None:
    """List the connected orchestrators with their health."""
    with _client() as client:
        found = client.ask(queries.ORCHESTRATORS)["orchestrators"]
    if as_json:
        print_json(found)
        return
    if not found:
        note("No orchestrator is connected; open /connect in a browser, or write podium.yaml and run `podium apply`.")
        return
    columns = ["NAME", "KIND", "VERSION", "STATUS", "SINCE", "LAST SYNC", "URL"]
    out = console()
    out.print(table(columns, [_orchestrator_row(one) for one in found]))
    for one in found:
        if one["statusMessage"]:
            out.print(f"{one['name']}: {one['statusMessage'].removeprefix(one['name'] + ': ')}", markup=False)


def pipelines(
    *,
    orchestrator: Orchestrators = None,
    search: Annotated[str | None, typer.Option("--search", help="Only with this text in key or name.")] = None,
    owner: Annotated[list[str] | None, typer.Option("--owner", help="Only of this owner; may be repeated.")] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Only with this tag; may be repeated.")] = None,
    state: States = None,
    paused: Annotated[
        bool | None, typer.Option("--paused/--not-paused", help="Only paused ones, or only others.")
    ] = None,
    limit: options.LimitOption = 50,
    as_json: options.JsonFlag = False,
) -> None:
    """List pipelines: DAGs, deployments, jobs. `--state` is that of the latest run."""
    wanted = _given(
        orchestrators=orchestrator, search=search, owners=owner, tags=tag, latestState=_names(state), isPaused=paused
    )
    with _client() as client:
        found, more = _some(client, queries.PIPELINES, limit, wanted)
    if as_json:
        print_json(found)
        return
    columns = ["PIPELINE", "LATEST", "STARTED", "SCHEDULE", "NEXT RUN", "OWNERS", "TAGS"]
    console().print(table(columns, [_pipeline_row(one) for one in found]))
    _tell_of_more("pipelines", len(found), more=more)


def runs(
    *,
    orchestrator: Orchestrators = None,
    state: States = None,
    pipeline: Annotated[
        list[str] | None,
        typer.Option("--pipeline", "-p", metavar="ORCHESTRATOR/KEY", help="Only of this pipeline; may be repeated."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="Only started since: 2h, 7d, 2026-05-01T07:00:00Z.")
    ] = None,
    limit: options.LimitOption = 20,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Show anew every two seconds, until Ctrl-C.")] = False,
    as_json: options.JsonFlag = False,
) -> None:
    """List runs, newest first."""
    started_after = options.instant(since, "--since").isoformat() if since else None
    keys = [options.split_key(name) for name in pipeline or ()]
    with _client() as client:
        ids = [client.pipeline(*key)["id"] for key in keys]
        wanted = _given(orchestrators=orchestrator, pipelines=ids, states=_names(state), startedAfter=started_after)
        if watch and not as_json:
            _watch(client, limit, wanted)
        found, more = _some(client, queries.RUNS, limit, wanted)
    if as_json:
        print_json(found)
        return
    console().print(_runs_table(found))
    _tell_of_more("runs", len(found), more=more)


def logs(
    run: Annotated[str, typer.Argument(help="The run's id, as `podium runs` shows it.", metavar="RUN_ID")],
    *,
    task: Annotated[str | None, typer.Option("--task", "-t", help="Only of this task.")] = None,
    tail: Annotated[int, typer.Option("--tail", min=1, help="The last lines of each attempt's log.")] = 200,
    as_json: options.JsonFlag = False,
) -> None:
    """Print the logs of a run's tasks, read from its orchestrator now."""
    with _client() as client:
        task_runs: list[dict[str, Any]] = client.node(queries.LOGS, run, tail=tail)["taskRuns"]
    wanted = [one for one in task_runs if task in {None, one["task"]}]
    if as_json:
        print_json(wanted)
        return
    for one in wanted:
        mapped = f"[{one['mapIndex']}]" if one["mapIndex"] is not None else ""
        typer.secho(f"── {one['task']}{mapped}, attempt {one['attempt']}: {one['state']}", bold=True)
        typer.echo(one["log"] or "(no log)")
    if not wanted:
        note(f"No task named {task!r} has run." if task else "No task has run yet.")


def _client() -> "Client":
    from gateway.app.cli.client import Client

    return Client(options.settings())


def _given(**members: Any) -> dict[str, Any]:
    """A filter of what was asked for; an empty list is no restriction."""
    return {name: value for name, value in members.items() if value is not None and value != []}


def _names(states: Sequence[RunState] | None) -> list[str] | None:
    return [one.value for one in states] if states else None


def _some(client: "Client", document: str, limit: int, wanted: Mapping[str, Any]) -> tuple[list[dict[str, Any]], bool]:
    """Up to ``limit`` items, and whether there are more."""
    found = list(client.page_through(document, limit + 1, filter=wanted))
    return found[:limit], len(found) > limit


def _tell_of_more(what: str, shown: int, *, more: bool) -> None:
    if not shown:
        note(f"No {what}.")
    elif more:
        note(f"There are more {what}; show them with a higher --limit.")


def _watch(client: "Client", limit: int, wanted: Mapping[str, Any]) -> NoReturn:
    import time

    from rich.live import Live

    with Live(console=console(), auto_refresh=False, screen=False) as live:
        while True:
            found, _ = _some(client, queries.RUNS, limit, wanted)
            live.update(_runs_table(found), refresh=True)
            time.sleep(WATCH_EVERY)


def _runs_table(found: Sequence[Mapping[str, Any]]) -> "Table":
    return table(["PIPELINE", "STATE", "STARTED", "TOOK", "WHY", "RUN", "ID"], [_run_row(one) for one in found])


def _orchestrator_row(one: Mapping[str, Any]) -> list[Any]:
    return [
        one["name"],
        one["kind"],
        one["version"] or "-",
        state(one["status"]),
        ago(one["statusSince"]),
        ago(one["lastSyncedAt"]),
        one["url"],
    ]


def _pipeline_row(one: Mapping[str, Any]) -> list[Any]:
    latest: Mapping[str, Any] = one["latestRun"] or {}
    next_run = "paused" if one["isPaused"] else ago(one["nextRunAt"])
    return [
        pipeline_name(one),
        state(latest.get("state")),
        ago(latest.get("startedAt")),
        one["schedule"] or "-",
        next_run if one["isActive"] else "gone",
        ", ".join(one["owners"]) or "-",
        ", ".join(one["tags"]) or "-",
    ]


def _run_row(one: Mapping[str, Any]) -> list[Any]:
    return [
        pipeline_name(one["pipeline"]),
        state(one["state"]),
        ago(one["startedAt"] or one["queuedAt"]),
        length(one["duration"]),
        one["trigger"].lower(),
        one["externalId"],
        one["id"],
    ]
