"""``podium serve``, ``demo`` and ``schema``."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.app.cli import options
from gateway.app.cli.failures import usage
from gateway.domain.suggestions import did_you_mean


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog="Example: podium serve --port 8080 --config podium.yaml")(serve)
    app.command(epilog="Example: podium demo --only prefect,dagster")(demo)
    app.command(epilog="Example: podium schema > schema.graphql")(schema)
    app.command(epilog="Example: export PODIUM_SECRET_KEYS=$(podium secret-key)")(secret_key)


def serve(
    *,
    host: Annotated[
        str | None,
        typer.Option("--host", help="Address to listen on; else PODIUM_HOST, else 127.0.0.1.", show_default=False),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", help="Port to listen on, 0 for any; else PODIUM_PORT, else 8080.", show_default=False),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", help="A podium.yaml to apply first; else PODIUM_CONFIG.", show_default=False),
    ] = None,
    database_url: options.DatabaseOption = None,
) -> None:
    """Migrate the database, then serve UI, GraphQL and REST until Ctrl-C or SIGTERM.

    On a host other than loopback it refuses to start until an API token exists.
    """
    settings = options.settings(host=host, port=port, config=config, database_url=database_url)
    from gateway.app.cli.serving import serve as serve_until_told

    serve_until_told(settings)


def demo(
    *,
    only: Annotated[
        str | None,
        typer.Option("--only", metavar="KINDS", help="Start only these, e.g. prefect,dagster.", show_default=False),
    ] = None,
) -> None:
    """Start real orchestrators with sample pipelines, and Podium above them, on this machine. Ctrl-C ends all."""
    from gateway.app.demo.stack import KINDS, run_demo

    kinds = [kind.strip() for kind in only.split(",") if kind.strip()] if only else list(KINDS)
    for kind in kinds:
        if kind not in KINDS:
            usage(f"--only: {kind!r} is not in the demo; there are {', '.join(KINDS)}{did_you_mean(kind, KINDS)}.")
    raise typer.Exit(run_demo(only=kinds))


def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    from importlib.resources import files

    typer.echo(files("gateway.api.graphql").joinpath("schema.graphql").read_text(encoding="utf-8"), nl=False)


def secret_key() -> None:
    """Print a new key for PODIUM_SECRET_KEYS, which encrypts secrets that people type in; it is stored nowhere."""
    from gateway.sync.vault import new_key

    typer.echo(new_key())
