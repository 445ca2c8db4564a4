"""Loaders for lineage: one batch per kind of thing and request."""

from functools import cached_property

from strawberry.dataloader import DataLoader

from gateway.domain.records import Run
from gateway.store.database import Database
from gateway.store.repository import lineage_state, runs
from lineage import catalog, rows
from lineage.joining import external_ids
from lineage.openlineage.state import run_key
from lineage.service import Lineage

LARGEST_BATCH = 5_000


class LineageLoaders:
    """The loaders of one operation; they must not outlive it."""

    def __init__(self, database: Database, lineage: Lineage) -> None:
        self._database = database
        self._lineage = lineage

    @cached_property
    def datasets(self) -> DataLoader[int, catalog.Dataset | None]:
        """By the id of any name."""
        return DataLoader(self._datasets, max_batch_size=LARGEST_BATCH)

    @cached_property
    def merges(self) -> DataLoader[int, list[catalog.Merge]]:
        """By dataset."""
        return DataLoader(self._merges, max_batch_size=LARGEST_BATCH)

    @cached_property
    def jobs(self) -> DataLoader[int, catalog.Job | None]:
        """By id."""
        return DataLoader(self._jobs, max_batch_size=LARGEST_BATCH)

    @cached_property
    def runs(self) -> DataLoader[int, catalog.LineageRun | None]:
        """By id."""
        return DataLoader(self._runs, max_batch_size=LARGEST_BATCH)

    @cached_property
    def joined_runs(self) -> DataLoader[tuple[int, str], Run | None]:
        """Podium's own runs by (lineage job id, lineage run id)."""
        return DataLoader(self._joined_runs, max_batch_size=LARGEST_BATCH)

    async def _datasets(self, ids: list[int]) -> list[catalog.Dataset | None]:
        async with self._database.read() as session:
            found = await catalog.datasets(session, ids)
        return [found.get(identity) for identity in ids]

    async def _merges(self, ids: list[int]) -> list[list[catalog.Merge]]:
        async with self._database.read() as session:
            found = await catalog.merges(session, ids)
        return [found[identity] for identity in ids]

    async def _jobs(self, ids: list[int]) -> list[catalog.Job | None]:
        async with self._database.read() as session:
            found = await catalog.jobs(session, ids)
        return [found.get(identity) for identity in ids]

    async def _runs(self, ids: list[int]) -> list[catalog.LineageRun | None]:
        async with self._database.read() as session:
            found = await catalog.runs(session, ids)
        return [found.get(identity) for identity in ids]

    async def _joined_runs(self, keys: list[tuple[int, str]]) -> list[Run | None]:
        graph = await self._lineage.graph()
        joined = {job: self._lineage.joins.of_job(graph, job) for job, _ in keys}
        async with self._database.read() as session:
            stored = await lineage_state.runs(session, {run_key(job, run_id) for job, run_id in keys})
            wanted: dict[tuple[int, str], list[tuple[int, str]]] = {}
            for job, run_id in keys:
                row, pipeline = stored.get(run_key(job, run_id)), joined[job]
                if row is not None and pipeline is not None:
                    candidates = external_ids(rows.run_of(row))
                    wanted[job, run_id] = [(pipeline.orchestrator_id, name) for name in candidates]
            found = await runs.by_external_ids(session, [one for some in wanted.values() for one in some])
        return [next((found[one] for one in wanted.get(key, ()) if one in found), None) for key in keys]
