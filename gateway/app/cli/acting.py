"""``podium trigger``, ``cancel``, ``retry``, ``pause`` and ``unpause``: making something happen."""

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.app.cli import options, queries
from gateway.app.cli.failures import CliError, usage
from gateway.app.cli.output import coarse, length, note, pipeline_name, print_json

if TYPE_CHECKING:
    from gateway.app.cli.client import Client

#: States in which a run stays, and those of them that are no success.
ENDED = {"SUCCESS", "FAILED", "CANCELLED", "SKIPPED"}
BAD = {"FAILED", "CANCELLED", "UNKNOWN"}
#: ``--wait`` looks this often (seconds) and bears this long a silence.
LOOK_EVERY = 1.0
LONGEST_SILENCE = 60.0

PipelineArgument = Annotated[
    str, typer.Argument(metavar="ORCHESTRATOR/KEY", help="The pipeline, as `podium pipelines` lists it.")
]
RunArgument = Annotated[str, typer.Argument(metavar="RUN_ID", help="The run's id, as `podium runs` shows it.")]
WaitOption = Annotated[bool, typer.Option("--wait", help="Follow the run to its end; exit code 1 unless it succeeds.")]
TimeoutOption = Annotated[
    str | None, typer.Option("--timeout", metavar="DURATION", help="With --wait: give up after this, e.g. 30m.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog="Example: podium trigger airflow-prod/ingest_sales -p day=2026-05-01 --wait")(trigger)
    app.command(epilog="Example: podium cancel RUN_ID")(cancel)
    app.command(epilog="Example: podium retry RUN_ID --wait")(retry)
    app.command(epilog="Example: podium pause prefect-crm/crm-sync/nightly")(pause)
    app.command(epilog="Example: podium unpause prefect-crm/crm-sync/nightly")(unpause)


def trigger(
    pipeline: PipelineArgument,
    *,
    parameter: Annotated[
        list[str] | None,
        typer.Option("-p", "--parameter", metavar="NAME=VALUE", help="A parameter; VALUE is JSON, or else text."),
    ] = None,
    idempotency_key: Annotated[
        str | None, typer.Option("--idempotency-key", metavar="KEY", help="Two calls with one key make one run.")
    ] = None,
    logical_at: Annotated[
        str | None, typer.Option("--logical-at", metavar="TIME", help="The instant whose data the run makes.")
    ] = None,
    partition: Annotated[str | None, typer.Option("--partition", help="The partition to run.")] = None,
    wait: WaitOption = False,
    timeout: TimeoutOption = None,
    as_json: options.JsonFlag = False,
) -> None:
    """Start a run; print its id and link."""
    patience = _patience(timeout, wait=wait)
    parameters = _parameters(parameter or ())
    at = options.instant(logical_at, "--logical-at").isoformat() if logical_at else None
    target = options.split_key(pipeline)
    key = idempotency_key or f"cli-{uuid.uuid4()}"
    optional = {"parameters": parameters or None, "logicalAt": at, "partition": partition}
    wanted = {name: value for name, value in optional.items() if value is not None}
    with _client() as client:
        found = client.pipeline(*target)
        _act(
            client,
            queries.TRIGGER,
            {"input": {"pipeline": found["id"], "idempotencyKey": key, **wanted}},
            repeat=f"The run may have been started. Make sure, without starting another: add --idempotency-key {key}",
            follow=patience if wait else None,
            as_json=as_json,
        )


def cancel(run: RunArgument, *, as_json: options.JsonFlag = False) -> None:
    """Ask for a run's end."""
    with _client() as client:
        _act(client, queries.CANCEL, {"id": run}, repeat="Look with `podium runs`, or try again.", as_json=as_json)


def retry(
    run: RunArgument, *, wait: WaitOption = False, timeout: TimeoutOption = None, as_json: options.JsonFlag = False
) -> None:
    """Run again what failed in a run."""
    patience = _patience(timeout, wait=wait)
    with _client() as client:
        _act(
            client,
            queries.RETRY,
            {"id": run},
            repeat="Look with `podium runs` whether it runs again.",
            follow=patience if wait else None,
            as_json=as_json,
        )


def pause(pipeline: PipelineArgument) -> None:
    """Stop a pipeline's own schedules."""
    _set_paused(pipeline, paused=True)


def unpause(pipeline: PipelineArgument) -> None:
    """Let a pipeline's own schedules run again."""
    _set_paused(pipeline, paused=False)


def _set_paused(pipeline: str, *, paused: bool) -> None:
    target = options.split_key(pipeline)
    with _client() as client:
        answer = client.ask(queries.SET_PAUSED, id=client.pipeline(*target)["id"], paused=paused)["pipeline"]
    typer.echo(f"{pipeline_name(answer)} is {'paused' if answer['isPaused'] else 'not paused'}.")


def _act(
    client: "Client",
    document: str,
    variables: Mapping[str, Any],
    *,
    repeat: str,
    follow: float | None = None,
    as_json: bool = False,
) -> None:
    """Send a mutation that answers with a run, show the run, and follow it for up to ``follow`` seconds."""
    from gateway.app.cli.client import OutcomeUnknown

    try:
        run = client.ask(document, **variables)["run"]
    except OutcomeUnknown as error:
        raise CliError(error.message, repeat) from None
    if not as_json:
        typer.echo(f"{run['id']}  {pipeline_name(run['pipeline'])}  {run['externalId']}  {run['state']}")
        if run["url"]:
            typer.echo(run["url"])
    if follow is not None:
        run = _follow(client, run, follow)
    if as_json:
        print_json(run)
    if follow is not None and run["state"] in BAD:
        raise typer.Exit(1)


def _follow(client: "Client", run: Mapping[str, Any], patience: float) -> dict[str, Any]:
    """Wait for a run's end and tell of each state on the way. CliError where it takes too long."""
    give_up = time.monotonic() + patience
    heard = time.monotonic()
    state = run["state"]
    while time.monotonic() < give_up:
        try:
            now = client.run(str(run["id"]))
        except CliError:
            # Podium may be starting anew; a run does not end because nobody watches.
            if time.monotonic() - heard > LONGEST_SILENCE:
                raise
        else:
            heard = time.monotonic()
            if now["state"] != state:
                note(_told(now))
            state = now["state"]
            if state in ENDED:
                return now
        time.sleep(LOOK_EVERY)
    raise CliError(
        f"the run is still {state} after {coarse(timedelta(seconds=patience))}.", "It goes on: `podium runs`."
    )


def _told(run: Mapping[str, Any]) -> str:
    return f"{run['state']} after {length(run['duration'])}" if run["state"] in ENDED else str(run["state"])


def _patience(timeout: str | None, *, wait: bool) -> float:
    """Seconds that --wait may take."""
    if timeout is None:
        return float("inf")
    if not wait:
        usage("--timeout goes with --wait.")
    return options.duration(timeout, "--timeout").total_seconds()


def _parameters(given: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not (name and equals):
            usage(f"-p {text!r} has no value; write -p NAME=VALUE.")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


def _client() -> "Client":
    from gateway.app.cli.client import Client

    return Client(options.settings())
