"""A gateway of its own process on the large installation of ``tests.benchmarks.fleet``."""

import contextlib
import shutil
import time
from collections.abc import AsyncGenerator
from pathlib import Path

from gateway.store import migrations
from gateway.store.database import Database
from tests.benchmarks import fleet
from tests.browser.gateway import REPOSITORY, GatewayProcess

ADAPTERS = {kind: f"tests.benchmarks.fleet_adapter:As{kind.title()}" for kind in fleet.KINDS}
CACHE = REPOSITORY / ".cache" / "fleet.sqlite"
#: The cached database tells of "now"; after so many seconds it is made anew.
FRESH = 3 * 3600


def config() -> str:
    """A podium.yaml of all systems."""
    entries = (
        f"  - {{name: {fleet.system(number)}, kind: {fleet.kind(number)}, url: 'https://{fleet.system(number)}.test', "
        f"poll: 60s, auth: {{password: 'env:STAGE_PASSWORD'}}, lineage_namespaces: [{fleet.job_namespace(number)}]}}"
        for number in range(fleet.SYSTEMS)
    )
    return "orchestrators:\n" + "\n".join(entries) + "\n"


async def filled() -> Path:
    """A database file with all of it; made where there is no recent one."""
    if CACHE.is_file() and time.time() - CACHE.stat().st_mtime < FRESH:
        return CACHE
    CACHE.parent.mkdir(exist_ok=True)
    making = CACHE.with_suffix(".making")
    for old in CACHE.parent.glob("fleet.making*"):
        old.unlink()
    database = Database(f"sqlite:///{making}")
    await migrations.upgrade(database)
    await fleet.fill(database)
    await database.aclose()
    making.replace(CACHE)
    return CACHE


@contextlib.asynccontextmanager
async def serving(folder: Path) -> AsyncGenerator[GatewayProcess]:
    """``podium serve`` on a copy of it."""
    process = GatewayProcess(folder, dict(ADAPTERS))
    (folder / "data").mkdir(parents=True)
    shutil.copyfile(await filled(), folder / "data" / "podium.sqlite")
    await process.start(config())
    try:
        yield process
    finally:
        await process.stop()
