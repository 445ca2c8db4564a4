"""One search over pipelines, datasets and lineage jobs."""

from gateway.api.graphql.context import Info
from gateway.api.graphql.datasets import Dataset, LineageJob
from gateway.api.graphql.inputs import page_size, text
from gateway.api.graphql.lineage import LineageNode
from gateway.api.graphql.pipelines import Pipeline
from gateway.store.repository import lineage_state, pipelines

#: No match by this name, no equal name, where the match begins, length, name, kind.
Rank = tuple[bool, bool, int, int, str, int]


async def search(info: Info, words: str, first: int) -> list[LineageNode]:
    """Best match first: equal names, then those that begin with it, then the rest; nothing for an empty text."""
    limits = info.context.limits
    wanted = text("text", words, limits).strip()
    limit = page_size(first, limits)
    if not wanted or limit == 0:
        return []
    async with info.context.services.database.read() as session:
        listed = await pipelines.search(session, wanted, limit)
        of_lineage = await lineage_state.search(session, wanted, limit)
    loaders = info.context.loaders.lineage
    low = wanted.lower()
    ranked: list[tuple[Rank, LineageNode]] = [
        (min(_rank(low, name, 0) for name in (pipeline.key, pipeline.name)), Pipeline.of(pipeline))
        for pipeline in listed
    ]
    for job_id, name in of_lineage.jobs:
        job = await loaders.jobs.load(job_id)
        if job is not None:
            ranked.append((_rank(low, name, 2), LineageJob.of(job)))
    for dataset_id, name in of_lineage.datasets.items():
        dataset = await loaders.datasets.load(dataset_id)
        if dataset is not None:
            ranked.append((_rank(low, name, 1), Dataset.of(dataset)))
    ranked.sort(key=lambda one: one[0])
    return [node for _, node in ranked[:limit]]


def _rank(wanted: str, name: str, kind: int) -> Rank:
    place = name.lower().find(wanted)
    return place < 0, name.lower() != wanted, place, len(name), name, kind
