"""``podium dependencies`` and ``firings``: what waits for what across systems, and how far it has come."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from gateway.app.cli import options, queries
from gateway.app.cli.failures import CliError
from gateway.app.cli.output import ago, console, note, pipeline_name, print_json, state, table
from gateway.domain.dependencies import FiringState
from gateway.domain.suggestions import did_you_mean

States = Annotated[
    list[FiringState] | None,
    typer.Option("--state", "-s", case_sensitive=False, help="Only in this state; may be repeated."),
]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog="Example: podium dependencies --json")(dependencies)
    app.command(epilog="Example: podium firings --dependency marts-after-ingest --state waiting")(firings)


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
    columns = ["DEPENDENCY", "KEY", "STATE", "SINCE", "CONDITIONS", "WHY", "RUN"]
    console().print(table(columns, [_firing_row(one) for one in found]))
    if not found:
        note("No firings.")


def _of_dependency(client: Any, name: str, limit: int, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = client.ask(queries.FIRINGS_OF, name=name, first=limit, **wanted)["dependency"]
    if found is None:
        known = [one["name"] for one in client.page_through(queries.DEPENDENCIES, 1000)]
        raise CliError(
            f"There is no dependency {name!r}{did_you_mean(name, known)}.", "`podium dependencies` lists them."
        )
    return [edge["node"] for edge in found["firings"]["edges"]]


def _dependency_row(one: Mapping[str, Any]) -> list[Any]:
    edges: list[dict[str, Any]] = one["firings"]["edges"]
    latest: dict[str, Any] = edges[0]["node"] if edges else {}
    return [
        one["name"],
        one["expression"],
        one["targetName"],
        one["keyedBy"].lower() if one["isEnabled"] else f"{one['keyedBy'].lower()}, off",
        latest.get("key") or "-",
        state(latest.get("state")),
    ]


def _firing_row(one: Mapping[str, Any]) -> list[Any]:
    conditions = one["satisfied"]
    waits = [condition["condition"]["name"] for condition in conditions if not condition["isSatisfied"]]
    why = one["lastError"] or (
        "waits for " + ", ".join(waits) if one["state"] == "WAITING" else one["steps"][-1]["reason"]
    )
    return [
        one["dependency"]["name"],
        one["key"],
        state(one["state"]),
        ago(one["steps"][-1]["at"]),
        f"{len(conditions) - len(waits)} of {len(conditions)}",
        why,
        f"{pipeline_name(one['run']['pipeline'])} {one['run']['externalId']}" if one["run"] else "-",
    ]
