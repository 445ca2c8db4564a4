"""Reads all runs of a pretend vendor once, in a process of its own: ``python -m tests.benchmarks.sync HOW KIND URL``.

HOW is ``raw`` (download and decode), ``adapter`` (parsing and mapping) or ``store`` (the whole sync, into SQLite).
Prints JSON: how many runs, CPU seconds, wall seconds, and how many MB of memory were needed at most.
"""

import asyncio
import json
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson

from adapters.sdk.protocol import utc_now
from adapters.sdk.registry import ConnectionSpec, open_adapter
from gateway.domain.filters import RunFilter
from gateway.domain.records import OrchestratorDefinition
from gateway.store import migrations
from gateway.store.database import Database
from gateway.store.repository import orchestrators, runs
from gateway.sync.streams import Reader

SINCE = datetime(2020, 1, 1, tzinfo=UTC)


async def raw(_kind: str, url: str) -> int:
    found = 0
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        number, rows = 0, [None]
        while rows:
            page = orjson.loads((await client.get(f"/pages/{number}")).content)
            rows = page if isinstance(page, list) else rows_in(page)
            found += len(rows)
            number += 1
    return found


def rows_in(page: dict[str, Any]) -> list[Any]:
    return page["dag_runs"] if "dag_runs" in page else page["data"]["runsOrError"]["results"]


async def adapter(kind: str, url: str) -> int:
    opened = open_adapter(ConnectionSpec("vendor", kind, url))
    seen = {run.external_id async for page in opened.runs(None, SINCE) for run in page.runs}
    await opened.aclose()
    return len(seen)


async def store(kind: str, url: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/podium.sqlite")
        await migrations.upgrade(database)
        definition = OrchestratorDefinition(
            "vendor", kind, url, {}, {}, backfill_seconds=timedelta(3650).total_seconds()
        )
        async with database.write() as session:
            await orchestrators.define(session, definition, "CONFIG", utc_now())
        async with database.read() as session:
            orchestrator = (await orchestrators.active(session))[0]
        opened = open_adapter(ConnectionSpec("vendor", kind, url))
        await Reader(database, orchestrator, opened, utc_now).read_runs()
        await opened.aclose()
        async with database.read() as session:
            found = await runs.count(session, RunFilter())
        await database.aclose()
    return found


def main(how: str, kind: str, url: str) -> None:
    began, used = time.perf_counter(), time.process_time()
    found = asyncio.run({"raw": raw, "adapter": adapter, "store": store}[how](kind, url))
    seconds = {"cpu": time.process_time() - used, "wall": time.perf_counter() - began}
    print(json.dumps({"runs": found, **seconds, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main(*sys.argv[1:])
