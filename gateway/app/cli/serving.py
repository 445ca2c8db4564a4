"""Runs the server in this process, from a free port and a ready database to the last answered request."""

import logging
import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING

import structlog
import uvicorn

from gateway.app import listening, telemetry
from gateway.app.cli import database, definitions
from gateway.app.cli.failures import CliError
from gateway.app.settings import LogLevel, Settings, hide_password

if TYPE_CHECKING:
    from gateway.app.config.load import PodiumFile
    from gateway.store.database import Database

#: Seconds that running requests get at the end.
GRACE = 10
log = structlog.get_logger(__name__)


class _Server(uvicorn.Server):
    """uvicorn, telling when it is ready."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._when_ready()


def serve(settings: Settings) -> None:
    """Serve until a signal comes. CliError where it cannot start."""
    # Asked for as soon as can be: the first process of a container gets no signal that it has not asked for.
    signal.signal(signal.SIGTERM, _end)
    telemetry.configure_logging(settings.log_level, settings.log_format)
    with ExitStack() as cleanup:
        bound = cleanup.enter_context(_bound(settings))
        try:
            if telemetry.tracing_is_wanted():
                cleanup.callback(telemetry.start_tracing())
        except telemetry.TelemetryError as error:
            raise CliError(str(error)) from None
        _prepare(settings)
        _run(settings, bound)


def _bound(settings: Settings) -> socket.socket:
    """Take the port before anything slow happens."""
    try:
        return listening.bind(settings.host, settings.port)
    except listening.ListeningError as error:
        raise CliError(str(error), error.remedy) from None


def _prepare(settings: Settings) -> None:
    """Migrate, refuse to be open to the world, and apply podium.yaml."""
    file = definitions.load(settings.config) if settings.config else None

    async def work() -> None:
        from gateway.store import migrations
        from gateway.store.repository import tokens

        async with database.connect(settings) as opened:
            await migrations.upgrade(opened)
            async with opened.read() as session:
                is_open = not await tokens.exist(session)
            if is_open and not listening.is_loopback(settings.host):
                raise CliError(
                    f"{settings.host} can be reached from other machines, and anybody could use Podium there.",
                    "Make a token first, `podium token create --name NAME --role admin`, or serve on 127.0.0.1.",
                )
            if file is not None:
                await _apply(opened, file)

    definitions.run_on_database(work(), settings)


async def _apply(opened: "Database", file: "PodiumFile") -> None:
    from gateway.app.config.apply import apply_file
    from gateway.app.config.plan import summary

    changes = await apply_file(opened, file, datetime.now(UTC))
    log.info("applied podium.yaml", file=file.source, changes=summary(changes) or "none")


def _run(settings: Settings, bound: socket.socket) -> None:
    from gateway.app.wiring import create_app

    app = create_app(settings)

    def tell() -> None:
        log.info("Podium is ready", url=listening.web_address(bound), database=hide_password(settings.database_url))

    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=settings.log_level is LogLevel.DEBUG,
        lifespan="on",
        timeout_graceful_shutdown=GRACE,
        server_header=False,
    )
    server = _Server(config, tell)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    # Before uvicorn takes the signals; it hands them on when it is done, and ending because of one is no fault.
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    logging.getLogger("uvicorn.error").setLevel(max(logging.getLogger().level, logging.WARNING))
    server.run(sockets=[bound])
    if not server.started:
        raise CliError("Podium could not start.", "The log above says why.")


def _end(_signal: int, _frame: FrameType | None) -> None:
    """Nothing is served yet, and what a migration has begun is undone."""
    raise SystemExit(0)
