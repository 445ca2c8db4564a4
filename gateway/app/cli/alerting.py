"""``podium incidents``, ``silence``, ``alerts test`` and so on: what is wrong, and who is told of it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from gateway.app.cli import incident_queries, options
from gateway.app.cli.failures import CliError, usage
from gateway.app.cli.output import ago, console, note, pipeline_name, print_json, state, table
from gateway.domain.incidents import IncidentState, Severity
from gateway.domain.matchers import MatcherError, parse_matcher
from gateway.domain.suggestions import did_you_mean

app = typer.Typer(help="Who is told of what.", no_args_is_help=True)

States = Annotated[
    list[IncidentState] | None,
    typer.Option("--state", "-s", case_sensitive=False, help="Only those in this state; may be repeated."),
]
Severities = Annotated[
    list[Severity] | None,
    typer.Option("--severity", case_sensitive=False, help="Only those as bad as this; may be repeated."),
]
Identity = Annotated[str, typer.Argument(help="As `podium incidents` shows it.", metavar="INCIDENT")]
Comment = Annotated[str | None, typer.Option("--comment", "-c", help="For its timeline.")]


def register(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.command(epilog="Example: podium incidents --state open")(incidents)
    root.command(epilog="Example: podium incident 12")(incident)
    root.command(epilog='Example: podium acknowledge 12 --comment "The source is down, they know."')(acknowledge)
    root.command(epilog="Example: podium resolve 12")(resolve)
    root.command(epilog="Example: podium silence 'pipeline=~\"ingest.*\"' --for 2h --comment migration")(silence)
    root.command(epilog="Example: podium silences --expire ID")(silences)
    root.add_typer(app, name="alerts")


def incidents(
    *,
    only: States = None,
    severity: Severities = None,
    limit: options.LimitOption = 50,
    as_json: options.JsonFlag = False,
) -> None:
    """List incidents, the last opened first."""
    from gateway.app.cli.client import Client

    wanted: dict[str, Any] = {"states": [one.value for one in only]} if only else {}
    if severity:
        wanted["severities"] = [one.value for one in severity]
    with Client(options.settings()) as client:
        found = list(client.page_through(incident_queries.INCIDENTS, limit, **wanted))
    if as_json:
        print_json(found)
        return
    if not found:
        note("There is no such incident." if wanted else "There has been no incident.")
        return
    rows = [
        [_short(one["id"]), state(one["state"]), one["severity"].lower(), ago(one["openedAt"]), one["title"]]
        for one in found
    ]
    console().print(table(["INCIDENT", "STATE", "SEVERITY", "OPENED", "WHAT"], rows))


def incident(identity: Identity, *, as_json: options.JsonFlag = False) -> None:
    """Show one incident: its cause, what it hurts, who has been told, and what has happened."""
    from gateway.app.cli.client import Client

    with Client(options.settings()) as client:
        found = client.ask(incident_queries.INCIDENT, id=_long(identity))["node"]
    if not found:
        raise CliError(f"There is no incident {identity}.", "`podium incidents` lists them.")
    if as_json:
        print_json(found)
        return
    out = console()
    out.print(f"{found['title']}", highlight=False)
    by = f", {found['acknowledgedBy']} takes care of it" if found["acknowledgedBy"] else ""
    out.print(f"{found['state'].lower()}, {found['severity'].lower()}, opened {ago(found['openedAt'])}{by}")
    if found["cause"]:
        run: Mapping[str, Any] | None = found["cause"]["run"]
        link = run["url"] if run else None
        out.print(f"Cause: {found['cause']['message']}" + (f"  {link}" if link else ""), highlight=False)
    for name, values in _hurt(found["impact"]).items():
        if values:
            out.print(f"Hurts {name}: {', '.join(values)}", highlight=False)
    told = [[one["receiver"], one["event"], one["state"], ago(one["sentAt"])] for one in found["notifications"]]
    if told:
        out.print(table(["TOLD", "WHAT", "STATE", "SENT"], told))
    steps = [[ago(one["at"]), one["kind"].lower(), one["text"], one["by"] or "-"] for one in found["timeline"]]
    out.print(table(["WHEN", "STEP", "WHAT", "BY"], steps))


def acknowledge(identity: Identity, *, comment: Comment = None) -> None:
    """Say that you take care of an incident."""
    _act(incident_queries.ACKNOWLEDGE, identity, comment)


def resolve(identity: Identity, *, comment: Comment = None) -> None:
    """Say that an incident is over; it comes back only where something begins anew."""
    _act(incident_queries.RESOLVE, identity, comment)


def silence(
    matchers: Annotated[list[str], typer.Argument(help="Conditions that must all hold.", metavar="MATCHER...")],
    *,
    lasts: Annotated[str, typer.Option("--for", help="How long, e.g. 2h.")],
    comment: Annotated[str, typer.Option("--comment", "-c", help="Why.")],
) -> None:
    """Let nobody be told of something for a while."""
    from gateway.app.cli.client import Client

    try:
        read = [parse_matcher(one) for one in matchers]
    except MatcherError as error:
        usage(str(error))
    wanted = {
        "matchers": [{"label": one.label, "operator": one.operator.name, "value": one.value} for one in read],
        "endsAt": options.later(lasts, "--for").isoformat(),
        "comment": comment,
    }
    with Client(options.settings()) as client:
        made = client.ask(incident_queries.SILENCE, input=wanted)["done"]
    note(f"Silenced until {made['endsAt']}; `podium silences --expire {made['id']}` ends it.")


def silences(
    *,
    expire: Annotated[str | None, typer.Option("--expire", metavar="ID", help="End this one.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: options.JsonFlag = False,
) -> None:
    """List silences, or end one."""
    from gateway.app.cli.client import Client

    with Client(options.settings()) as client:
        if expire is not None:
            client.ask(incident_queries.EXPIRE, id=expire)
            note("It has ended.")
            return
        found = client.ask(incident_queries.SILENCES, active=None if everything else True)["silences"]
    if as_json:
        print_json(found)
        return
    if not found:
        note("Nothing is silenced.")
        return
    rows = [[one["id"], _written(one["matchers"]), one["endsAt"], one["createdBy"], one["comment"]] for one in found]
    console().print(table(["ID", "SILENCED", "UNTIL", "BY", "WHY"], rows))


@app.command("test", epilog="Example: podium alerts test data-oncall -f podium.yaml")
def send_test(
    receiver: Annotated[str, typer.Argument(help="Its name in podium.yaml.", metavar="RECEIVER")],
    *,
    file: options.FileOption = None,
) -> None:
    """Send a test message to a receiver, from here and at once."""
    import asyncio

    from gateway.alerts.trial import try_receiver
    from gateway.app.cli.definitions import load

    settings = options.settings()
    loaded = load(options.config_file(file, settings.config))
    known = [one.name for one in loaded.others if one.section == "alerts.receivers"]
    if receiver not in known:
        near = did_you_mean(receiver, known)
        raise CliError(f"There is no receiver {receiver!r}{near}.", "They are under alerts: receivers: in podium.yaml.")
    wrong = asyncio.run(try_receiver(loaded.others, receiver, settings.public_url))
    if wrong is not None:
        raise CliError(f"{receiver} did not take it: {wrong}")
    note(f"{receiver} has taken it.")


@app.command(epilog="Example: podium alerts failed")
def failed(*, as_json: options.JsonFlag = False) -> None:
    """List notifications that nobody has taken."""
    from gateway.app.cli.client import Client

    with Client(options.settings()) as client:
        found = client.ask(incident_queries.FAILED)["failedNotifications"]
    if as_json:
        print_json(found)
        return
    if not found:
        note("Every notification has been taken, or is still being tried.")
        return
    rows = [
        [
            one["notification"]["id"],
            one["notification"]["receiver"],
            one["notification"]["event"],
            ago(one["notification"]["createdAt"]),
            one["notification"]["lastError"] or "-",
            one["incident"]["title"] if one["incident"] else "-",
        ]
        for one in found
    ]
    console().print(table(["ID", "RECEIVER", "WHAT", "MADE", "WHY NOT", "INCIDENT"], rows))


@app.command(epilog="Example: podium alerts resend ID")
def resend(identity: Annotated[str, typer.Argument(help="As `podium alerts failed` shows it.", metavar="ID")]) -> None:
    """Send a notification again that was given up."""
    from gateway.app.cli.client import Client

    with Client(options.settings()) as client:
        client.ask(incident_queries.RESEND, id=identity)
    note("It is sent again.")


def _act(document: str, identity: str, comment: str | None) -> None:
    from gateway.app.cli.client import Client

    with Client(options.settings()) as client:
        done = client.ask(document, id=_long(identity), comment=comment)["done"]
    note(f"{done['title']}: {done['state'].lower()}")


def _hurt(impact: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        "pipelines": [pipeline_name(one) for one in impact["pipelines"]],
        "datasets": [one["name"] for one in impact["datasets"]],
        "promises": [one["name"] for one in impact["slas"]],
        "owners": list(impact["owners"]),
    }


def _written(matchers: list[Mapping[str, str]]) -> str:
    signs = {"EQ": "=", "NEQ": "!=", "RE": "=~", "NRE": "!~"}
    return " ".join(f'{one["label"]}{signs[one["operator"]]}"{one["value"]}"' for one in matchers)


def _long(identity: str) -> str:
    """The id as the API has it; people may give the number alone."""
    if not identity.isdigit():
        return identity
    return urlsafe_b64encode(f"Incident:{identity}".encode()).decode().rstrip("=")


def _short(identity: str) -> str:
    return urlsafe_b64decode(identity + "=" * (-len(identity) % 4)).decode().partition(":")[2]
