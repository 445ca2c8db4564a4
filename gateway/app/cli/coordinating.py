"""``podium dependencies``, ``firings``, ``fire``, ``backfill`` and so on: what waits for what across systems."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.app.cli import options, queries
from gateway.app.cli.failures import CliError
from gateway.app.cli.output import ago, console, note, pipeline_name, print_json, state, table
from gateway.domain.dependencies import FiringState
from gateway.domain.suggestions import did_you_mean

if TYPE_CHECKING:
    from gateway.app.cli.client import Client

NameArgument = Annotated[str, typer.Argument(help="The dependency's name.", metavar="DEPENDENCY")]
FiringArgument = Annotated[str, typer.Argument(help="Its id, as `podium firings` shows it.", metavar="FIRING_ID")]
States = Annotated[
    list[FiringState] | None,
    typer.Option("--state", "-s", case_sensitive=False, help="Only in this state; may be repeated."),
]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog="Example: podium dependencies --json")(dependencies)
    app.command(epilog="Example: podium firings --dependency marts-after-ingest --state waiting")(firings)
    app.command(epilog="Example: podium fire marts-after-ingest 2026-05-01")(fire)
    app.command(epilog="Example: podium backfill marts-after-ingest 2026-04-01 2026-04-30 --at-once 3")(backfill)
    app.command(epilog="Example: podium refire FIRING_ID")(refire)
    app.command(epilog="Example: podium unfire FIRING_ID")(unfire)
    app.command(epilog="Example: podium pause-dependency marts-after-ingest")(pause_dependency)
    app.command(epilog="Example: podium unpause-dependency marts-after-ingest")(unpause_dependency)


def fire(
    dependency: NameArgument,
    key: Annotated[str, typer.Argument(help="The key, e.g. 2026-05-01 for a day.", metavar="KEY")],
    *,
    as_json: options.JsonFlag = False,
) -> None:
    """Fire a key of a dependency now, whatever it still waits for. A key fires once."""
    from gateway.app.cli.client import Client

    with Client(options.settings()) as client:
        _tell(client.ask(queries.FIRE, id=_id_of(client, dependency), key=key)["firing"], as_json=as_json)


def backfill(
    dependency: NameArgument,
    first: Annotated[str, typer.Argument(help="The earliest key, e.g. 2026-04-01.", metavar="FROM")],
    last: Annotated[str, typer.Argument(help="The latest key.", metavar="TO")],
    *,
    at_once: Annotated[int, typer.Option("--at-once", min=1, help="How many runs may be under way at once.")] = 1,
    as_json: options.JsonFlag = False,
) -> None:
    """Fire every key of a stretch of time that has not fired, oldest first, whatever it still waits for."""
    from gateway.app.cli.client import Client

    wanted = {"from": first, "to": last, "maxActive": at_once}
    with Client(options.settings()) as client:
        made = client.ask(queries.BACKFILL, id=_id_of(client, dependency), **wanted)["firings"]
    if as_json:
        print_json(made)
        return
    for firing in made:
        _tell(firing, as_json=False)
    if not made:
        note("Each of these keys has fired already.")


def pause_dependency(dependency: NameArgument) -> None:
    """Let a dependency begin nothing for now; what waits goes on waiting."""
    _set_paused(dependency, paused=True)


def unpause_dependency(dependency: NameArgument) -> None:
    """Let a paused dependency go on; what ended meanwhile makes nothing fire by itself, but counts."""
    _set_paused(dependency, paused=False)


def _set_paused(name: str, *, paused: bool) -> None:
    from gateway.app.cli.client import Client

    with Client(options.settings()) as client:
        told = client.ask(queries.PAUSE_DEPENDENCY, id=_id_of(client, name), paused=paused)["dependency"]
    is_on = told["isEnabled"] and not told["isPaused"]
    typer.echo(f"{name} is {'on' if is_on else 'paused' if paused else 'switched off by its definition'}")


def refire(firing: FiringArgument, *, as_json: options.JsonFlag = False) -> None:
    """Fire once more what has failed, expired or was cancelled; that makes a new run."""
    from gateway.app.cli.client import Client

    with Client(options.settings()) as client:
        _tell(client.ask(queries.REFIRE, id=firing)["firing"], as_json=as_json)


def unfire(firing: FiringArgument, *, as_json: options.JsonFlag = False) -> None:
    """Let a firing that waits, or is ready, never fire."""
    from gateway.app.cli.client import Client

    with Client(options.settings()) as client:
        _tell(client.ask(queries.CANCEL_FIRING, id=firing)["firing"], as_json=as_json)


def dependencies(*, as_json: options.JsonFlag = False) -> None:
    """List the cross-system dependencies: what each waits for, and what it starts."""
    from gateway.app.cli.client import Client

    with Client(options.settings()) as client:
        found = list(client.page_through(queries.DEPENDENCIES, 1000))
    if as_json:
        print_json(found)
        return
    if not found:
        note("There is no dependency; write dependencies: in podium.yaml and run `podium apply`.")
        return
    columns = ["NAME", "WAITS FOR", "STARTS", "KEYED BY", "LATEST KEY", "STATE"]
    console().print(table(columns, [_dependency_row(one) for one in found]))


def firings(
    *,
    dependency: Annotated[
        str | None, typer.Option("--dependency", "-d", metavar="NAME", help="Only of this dependency.")
    ] = None,
    state: States = None,
    limit: options.LimitOption = 20,
    as_json: options.JsonFlag = False,
) -> None:
    """List firings, newest first: for which key, how far each has come, and what it still waits for."""
    from gateway.app.cli.client import Client

    wanted = {"states": [one.value for one in state]} if state else {}
    with Client(options.settings()) as client:
        if dependency is None:
            found = list(client.page_through(queries.FIRINGS, limit, **wanted))
        else:
            found = _of_dependency(client, dependency, limit, wanted)
    if as_json:
        print_json(found)
        return
    columns = ["DEPENDENCY", "KEY", "STATE", "SINCE", "CONDITIONS", "WHY", "RUN", "ID"]
    console().print(table(columns, [_firing_row(one) for one in found]))
    if not found:
        note("No firings.")


def _of_dependency(client: "Client", name: str, limit: int, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = client.ask(queries.FIRINGS_OF, name=name, first=limit, **wanted)["dependency"]
    if found is None:
        raise _unknown(client, name)
    return [edge["node"] for edge in found["firings"]["edges"]]


def _id_of(client: "Client", name: str) -> str:
    found = client.ask(queries.FIND_DEPENDENCY, name=name)["dependency"]
    if found is None:
        raise _unknown(client, name)
    return found["id"]


def _unknown(client: "Client", name: str) -> CliError:
    known = [one["name"] for one in client.page_through(queries.DEPENDENCIES, 1000)]
    message = f"There is no dependency {name!r}{did_you_mean(name, known)}."
    return CliError(message, "`podium dependencies` lists them.")


def _tell(firing: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(firing)
    else:
        typer.echo(f"{firing['dependency']['name']} {firing['key']} is {firing['state']}  {firing['id']}")


def _dependency_row(one: Mapping[str, Any]) -> list[Any]:
    edges: list[dict[str, Any]] = one["firings"]["edges"]
    latest: dict[str, Any] = edges[0]["node"] if edges else {}
    return [
        one["name"],
        one["expression"],
        one["targetName"],
        one["keyedBy"].lower() + (", paused" if one["isPaused"] else "" if one["isEnabled"] else ", off"),
        latest.get("key") or "-",
        state(latest.get("state")),
    ]


def _firing_row(one: Mapping[str, Any]) -> list[Any]:
    conditions = one["satisfied"]
    waits = [condition["condition"]["name"] for condition in conditions if not condition["isSatisfied"]]
    why = one["lastError"] or _why(one, waits)
    if one["isPossibleDouble"]:
        why += "; it may have run twice"
    return [
        one["dependency"]["name"],
        one["key"],
        state(one["state"]),
        ago(one["steps"][-1]["at"]),
        f"{len(conditions) - len(waits)} of {len(conditions)}",
        why,
        f"{pipeline_name(one['run']['pipeline'])} {one['run']['externalId']}" if one["run"] else "-",
        one["id"],
    ]


def _why(one: Mapping[str, Any], waits: list[str]) -> str:
    if one["asks"]:
        return "its key has fired before: fire or unfire it"
    return "waits for " + ", ".join(waits) if one["state"] == "WAITING" else one["steps"][-1]["reason"]
