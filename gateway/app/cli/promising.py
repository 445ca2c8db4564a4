"""``podium slas``, ``sla``, ``correct-forecast`` and so on: what is promised, how it stands, when it is expected."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from gateway.app.cli import options, promise_queries
from gateway.app.cli.failures import CliError, usage
from gateway.app.cli.output import ago, console, length, note, pipeline_name, print_json, share, state, table
from gateway.domain.slas import SlaState
from gateway.domain.suggestions import did_you_mean

States = Annotated[
    list[SlaState] | None,
    typer.Option("--state", "-s", case_sensitive=False, help="Only what stands so now; may be repeated."),
]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog="Example: podium slas --state at_risk --state missed")(slas)
    app.command(epilog="Example: podium sla sales-by-nine --limit 10")(sla)
    app.command(epilog="Example: podium adherence --by orchestrator --window 90d")(adherence)
    app.command(epilog="Example: podium correct-forecast airflow-prod/ingest --until 3d --factor 1.5")(correct_forecast)
    app.command(epilog="Example: podium forecast-corrections --remove ID")(forecast_corrections)


def slas(*, state: States = None, limit: options.LimitOption = 200, as_json: options.JsonFlag = False) -> None:
    """List promises: how each stands, when it is due, and when its result is expected."""
    from gateway.app.cli.client import Client

    wanted = {"states": [one.value for one in state]} if state else {}
    with Client(options.settings()) as client:
        found = list(client.page_through(promise_queries.SLAS, limit, **wanted))
    if as_json:
        print_json(found)
        return
    if not found:
        note("There is no such SLA." if state else "There is no SLA; write slas: in podium.yaml, and `podium apply`.")
        return
    columns = ["NAME", "STATE", "KEY", "DUE", "EXPECTED", "BREACH", "WAITS FOR", "ABOUT", "OWNER", "KEPT"]
    console().print(table(columns, [_sla_row(one) for one in found]))


def sla(
    name: Annotated[str, typer.Argument(help="The SLA's name.", metavar="SLA")],
    *,
    limit: options.LimitOption = 14,
    as_json: options.JsonFlag = False,
) -> None:
    """Show how one promise was kept, key by key, and what its result waits for now."""
    from gateway.app.cli.client import Client

    with Client(options.settings()) as client:
        found = client.ask(promise_queries.SLA, name=name, first=limit)["sla"]
        if found is None:
            known = [one["name"] for one in client.page_through(promise_queries.SLAS, 1000)]
            raise CliError(f"There is no SLA {name!r}{did_you_mean(name, known)}.", "`podium slas` lists them.")
    if as_json:
        print_json(found)
        return
    judged = [edge["node"] for edge in found["evaluations"]["edges"]]
    zone = ZoneInfo(found["timezone"])
    columns = ["KEY", "STATE", "WHY", f"DUE ({found['timezone']})", "DONE", "LATE BY", "RUN"]
    out = console()
    out.print(table(columns, [_evaluation_row(one, zone) for one in judged]))
    path: list[Mapping[str, Any]] = judged[0]["criticalPath"] if judged else []
    if path:
        out.print("What its result waits for:")
        steps = ["PIPELINE", "STATE", f"BEGINS ({found['timezone']})", "ENDS"]
        out.print(table(steps, [_step_row(step, zone) for step in path]))


def adherence(
    *,
    by: Annotated[str, typer.Option("--by", help="owner, orchestrator or total.")] = "owner",
    window: Annotated[str, typer.Option("--window", help="How far back, e.g. 30d.")] = "30d",
    as_json: options.JsonFlag = False,
) -> None:
    """Show how promises were kept, by owner or orchestrator."""
    from gateway.app.cli.client import Client
    from gateway.domain.durations import format_duration

    if by.upper() not in ("OWNER", "ORCHESTRATOR", "TOTAL"):
        raise CliError(f"--by: {by!r} is nothing to group by.", "Write owner, orchestrator or total.")
    wanted = {"by": by.upper(), "window": format_duration(options.duration(window, "--window"))}
    with Client(options.settings()) as client:
        found = client.ask(promise_queries.ADHERENCE, **wanted)["slaAdherence"]
    if as_json:
        print_json(found)
        return
    rows = [
        [one["name"] or "-", str(one["slas"]), str(one["met"]), str(one["missed"]), share(one["adherence"])]
        for one in found
    ]
    console().print(table([by.upper(), "SLAS", "MET", "MISSED", "KEPT"], rows))


def correct_forecast(
    pipeline: Annotated[str, typer.Argument(help="As `podium pipelines` lists it.", metavar="ORCHESTRATOR/KEY")],
    *,
    until: Annotated[str, typer.Option("--until", help="Until when it holds: 3d from now, or an instant.")],
    factor: Annotated[float | None, typer.Option("--factor", help="Runs take so many times as long.")] = None,
    not_before: Annotated[
        str | None, typer.Option("--not-before", metavar="INSTANT", help="The next run begins not before that.")
    ] = None,
    comment: Annotated[str | None, typer.Option("--comment", help="Why.")] = None,
    as_json: options.JsonFlag = False,
) -> None:
    """Say what a forecast cannot know, for a while: that runs take longer, or begin later."""
    from gateway.app.cli.client import Client

    orchestrator, key = options.split_key(pipeline)
    if factor is None and not_before is None:
        usage("nothing is said of its runs.", "Give --factor, --not-before, or both.")
    wanted = {
        "pipeline": {"orchestrator": orchestrator, "key": key},
        "until": options.later(until, "--until").isoformat(),
        "factor": factor,
        "notBefore": options.later(not_before, "--not-before").isoformat() if not_before else None,
        "comment": comment,
    }
    with Client(options.settings()) as client:
        made = client.ask(promise_queries.CORRECT, input=wanted)["correction"]
    if as_json:
        print_json(made)
    else:
        typer.echo(f"{pipeline}: {_correction(made)}  {made['id']}")


def forecast_corrections(
    *,
    remove: Annotated[
        str | None, typer.Option("--remove", metavar="ID", help="Let this one hold no more, as the list shows it.")
    ] = None,
    as_json: options.JsonFlag = False,
) -> None:
    """List what people know better than forecasts, and who said so."""
    from gateway.app.cli.client import Client

    with Client(options.settings()) as client:
        if remove is not None:
            client.ask(promise_queries.REMOVE_CORRECTION, id=remove)
        found = client.ask(promise_queries.CORRECTIONS)["forecastCorrections"]
    if as_json:
        print_json(found)
        return
    rows = [
        [
            pipeline_name(one["pipeline"]) if one["pipeline"] else "-",
            _correction(one),
            one["comment"] or "-",
            one["madeBy"],
            ago(one["madeAt"]),
            one["id"],
        ]
        for one in found
    ]
    console().print(table(["PIPELINE", "WHAT", "WHY", "WHO", "SAID", "ID"], rows))


def _sla_row(one: Mapping[str, Any]) -> list[Any]:
    current: Mapping[str, Any] = one["current"] or {}
    path: list[Mapping[str, Any]] = current.get("criticalPath") or []
    is_open = current.get("state") in ("ON_TRACK", "AT_RISK", "MISSED") and not current.get("completedAt")
    return [
        one["name"] + ("" if one["isEnabled"] else " (off)"),
        state(current.get("state")),
        current.get("key") or "-",
        ago(current.get("dueAt")),
        ago(current.get("predictedAt")) if is_open else "-",
        share(current.get("breachProbability")) if is_open else "-",
        pipeline_name(path[0]["pipeline"]) if is_open and path else "-",
        one["targetName"],
        one["owner"] or "-",
        share(one["adherence"]),
    ]


def _evaluation_row(one: Mapping[str, Any], zone: ZoneInfo) -> list[Any]:
    return [
        one["key"],
        state(one["state"]),
        one["reason"].replace("_", " "),
        _clock(one["dueAt"], zone),
        _clock(one["completedAt"], zone),
        length(one["lateBy"]),
        one["run"]["externalId"] if one["run"] else "-",
    ]


def _step_row(step: Mapping[str, Any], zone: ZoneInfo) -> list[Any]:
    return [
        pipeline_name(step["pipeline"]),
        state(step["state"]),
        _clock(step["expectedStart"], zone),
        _clock(step["expectedEnd"], zone),
    ]


def _clock(instant: str | None, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(zone):%Y-%m-%d %H:%M}" if instant else "-"


def _correction(one: Mapping[str, Any]) -> str:
    parts = [f"takes {one['factor']:g} times as long"] if one["factor"] != 1 else []
    parts += [f"begins not before {_clock(one['notBefore'], ZoneInfo('UTC'))} UTC"] if one["notBefore"] else []
    until = datetime.fromisoformat(one["until"]).astimezone(UTC)
    return f"{', '.join(parts) or 'as ever'} until {until:%Y-%m-%d %H:%M} UTC"
