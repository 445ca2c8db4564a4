"""The orchestrators whose assets tell of lineage, and which of their jobs need no such help."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from adapters.sdk.manifest import LineageNames
from adapters.sdk.registry import adapter_class, kinds
from gateway.domain.observation import ObservedAsset
from gateway.domain.records import Orchestrator
from gateway.store.database import ReadSession
from gateway.store.repository import assets, lineage_state, orchestrators, pipelines
from lineage.assets import Name, Source, ambiguous_keys, made_from
from lineage.openlineage.derived import JOB_FACET
from lineage.openlineage.state import EMITTED, job_id
from lineage.rows import StoredRow


async def sources_of(session: ReadSession, *, without_assets: bool = False) -> dict[int, Source]:
    """Orchestrators with assets, by id; those without any where they are asked for."""
    found: dict[int, Source] = {}
    for orchestrator in await orchestrators.active(session):
        listed = {asset.key: asset for asset in await assets.list_of(session, orchestrator.id)}
        if listed or without_assets:
            found[orchestrator.id] = await _source(session, orchestrator, listed)
    return found


async def _source(session: ReadSession, orchestrator: Orchestrator, listed: Mapping[str, ObservedAsset]) -> Source:
    rules = _rules(orchestrator)
    namespaces = orchestrator.definition.lineage_namespaces or [orchestrator.name]
    ambiguous = ambiguous_keys(await pipelines.keys_of(session, orchestrator.id), rules)
    source = Source(orchestrator.name, orchestrator.kind, namespaces[0], rules, listed, ambiguous)
    told = await assets.latest_metadata(session, orchestrator.id)
    columns = {source.dataset(key): made_from(asset, told.get(key, {})) for key, asset in listed.items()}
    return replace(source, columns={name: one for name, one in columns.items() if one})


def _rules(orchestrator: Orchestrator) -> LineageNames:
    is_known = orchestrator.kind in kinds()
    return adapter_class(orchestrator.kind).manifest.lineage if is_known else LineageNames()


async def emitted_of(session: ReadSession, names: Mapping[Name, Collection[Name]]) -> set[Name]:
    """Those jobs that an emitter tells of under any of the names it may have for them."""
    ids = {job: {job_id(*name) for name in some} for job, some in names.items()}
    known = await lineage_state.jobs(session, set[int]().union(*ids.values()))
    emitted = {row.id for row in known.values() if _is_emitted(row)}
    return {job for job, some in ids.items() if some & emitted}


def _is_emitted(job: StoredRow) -> bool:
    if job.version is None:  # it has never read or written anything
        return job.latest_run_id is not None and JOB_FACET not in job.facets
    return job.version[0] == EMITTED
