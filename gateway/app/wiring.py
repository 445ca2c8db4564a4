"""Puts the parts together. Nothing else in Podium knows which parts there are."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI

from adapters.sdk.protocol import Clock, utc_now
from gateway.alerts.delivery import Delivery
from gateway.alerts.monitor import Monitor as AlertMonitor
from gateway.api.app import create_app as create_api
from gateway.api.services import Services
from gateway.app import telemetry
from gateway.app.listening import is_loopback
from gateway.app.replicas import release_leases_of_the_dead, replica_name
from gateway.app.settings import Settings
from gateway.connecting.connecting import Connecting
from gateway.coordination.dispatcher import Dispatcher
from gateway.coordination.executor import Executor
from gateway.coordination.matcher import Matcher
from gateway.kpis.exposition import Exposition
from gateway.retention import KEEP as KEEP_HISTORY
from gateway.retention import Retention
from gateway.sla.acting import Actions
from gateway.sla.monitor import Monitor
from gateway.store import migrations
from gateway.store.database import Database
from gateway.sync.connections import Connections
from gateway.sync.supervisor import Supervisor
from gateway.sync.vault import Vault
from gateway.sync.webhooks import Webhooks
from lineage.retention import KEEP
from lineage.service import Lineage

WEB_ROOT = Path(__file__).parent / "web"
OK = "ok"


@dataclass(slots=True)
class Gateway:
    """A whole Podium in one process. ``run`` it, or use its parts."""

    database: Database
    connections: Connections
    connecting: Connecting
    supervisor: Supervisor
    executor: Executor
    webhooks: Webhooks
    lineage: Lineage
    monitor: Monitor
    alerts: AlertMonitor
    exposition: Exposition
    retention: Retention
    clock: Clock
    _tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])
    _migrated: bool = False

    @contextlib.asynccontextmanager
    async def run(self) -> AsyncGenerator[None]:
        """Migrate, then follow orchestrators until the block ends; then stop without leaving a lease behind."""
        await migrations.upgrade(self.database)
        self._migrated = True
        await release_leases_of_the_dead(self.database, self.clock)
        await self.database.start_listening()
        self.supervisor.start()
        loops = {
            "executor-recovery": self.executor.recover(),
            "matcher": Matcher(self.database, self.clock).run(),
            "dispatcher": Dispatcher(self.database, self.executor, self.clock).run(),
            "sla-monitor": self.monitor.run(),
            "alerts": self.alerts.run(),
            "kpis": self.exposition.run(),
            "history-retention": self.retention.run(),
            "sla-actions": Actions(self.database, self.executor, self.clock).run(),
            "delivery": Delivery(self.database, self.clock).run(),
            **self.lineage.loops(),
        }
        self._tasks += [asyncio.create_task(loop, name=name) for name, loop in loops.items()]
        try:
            yield
        finally:
            await self._stop()

    async def check(self) -> Mapping[str, str]:
        """Readiness by component: "ok", or what is wrong."""
        reachable = await self.database.is_reachable()
        return {
            "database": OK if reachable else "The database does not answer.",
            "migrations": OK if self._migrated else "The database is being migrated.",
            "loops": OK if self.supervisor.is_running else "Orchestrators are not being followed.",
        }

    async def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.monitor.aclose()
        await self.alerts.aclose()
        await self.exposition.aclose()
        await self.webhooks.aclose()
        await self.supervisor.stop()
        await self.connections.aclose()
        await self.database.aclose()


def build(
    database_url: str,
    *,
    clock: Clock = utc_now,
    adapter_timeout: float = 30.0,
    keep_lineage: timedelta = KEEP,
    keep_history: timedelta = KEEP_HISTORY,
    public_url: str | None = None,
    secret_keys: Sequence[str] = (),
    secrets_dir: Path | None = None,
) -> Gateway:
    """The parts of a gateway on one database, not yet running."""
    database = Database(database_url)
    vault = Vault(secret_keys, _key_file(database), secrets_dir)
    connections = Connections(clock, adapter_timeout, vault=vault)
    replica = replica_name()
    supervisor = Supervisor(database, connections, replica=replica, clock=clock)
    lineage = Lineage(database, clock, replica, keep_lineage)
    return Gateway(
        database=database,
        connections=connections,
        connecting=Connecting(database, vault, clock),
        supervisor=supervisor,
        executor=Executor(database, connections, clock),
        webhooks=Webhooks(database, supervisor),
        lineage=lineage,
        monitor=Monitor(database, lineage, replica, clock),
        alerts=AlertMonitor(database, lineage, replica, clock, public_url),
        exposition=Exposition(database, replica, clock),
        retention=Retention(database, replica, clock, keep_history),
        clock=clock,
    )


def _key_file(database: Database) -> Path | None:
    """Beside the embedded database; elsewhere replicas share no folder."""
    path = database.url.database
    return Path(path).expanduser().with_suffix(".key") if database.is_sqlite and path else None


def create_app(settings: Settings) -> FastAPI:
    """The web application that ``podium serve`` runs."""
    gateway = build(
        settings.database_url,
        keep_lineage=timedelta(days=settings.lineage_keep_days),
        keep_history=timedelta(days=settings.history_keep_days),
        public_url=settings.public_url,
        secret_keys=settings.keys,
        secrets_dir=settings.secrets_dir,
    )

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        async with gateway.run():
            # What start-up made lives as long as the process: no collection need ever walk through it again.
            gc.collect()
            gc.freeze()
            yield

    services = Services(
        database=gateway.database,
        executor=gateway.executor,
        connecting=gateway.connecting,
        webhooks=gateway.webhooks,
        readiness=gateway,
        lineage=gateway.lineage,
        clock=gateway.clock,
        web_root=WEB_ROOT if (WEB_ROOT / "index.html").is_file() else None,
        is_open=is_loopback(settings.host),
    )
    app = create_api(services, lifespan=lifespan)
    if telemetry.tracing_is_wanted():
        telemetry.trace_parts(app, *(engine.sync_engine for engine in gateway.database.engines))
    return app
