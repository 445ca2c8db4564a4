"""What a launch is told: run configuration, tags and partition, made from a trigger request.

Parameters named ops, resources, execution, loggers and inputs are the run configuration, as in Dagster's launchpad.
Every other parameter becomes a tag of the run, which the job reads from ``context.run_tags``; what is not a text is
written as JSON. The tag ``dagster/partition`` names the partition where the request does not.

A partitioned job always runs for a partition, because its ops ask for it: the one that is named, or, where partitions
are dates, the one that ``logical_at`` falls into. It brings its own tags, and its own configuration
where none is given.
"""

from collections.abc import Sequence
from typing import Any

import orjson

from adapters.dagster import queries
from adapters.dagster.client import DagsterClient
from adapters.dagster.keys import JobAddress
from adapters.dagster.mapping.partitions import partition_at
from adapters.dagster.mapping.runs import KEY_TAG, LOGICAL_AT_TAG, PARAMETERS_TAG, PARTITION_TAG
from adapters.dagster.shapes import known_shape
from adapters.sdk.errors import Rejected
from gateway.domain.observation import TriggerRequest

CONFIG_KEYS = frozenset({"ops", "resources", "execution", "loggers", "inputs"})
OWN_TAGS = "podium/"


async def execution_params(client: DagsterClient, request: TriggerRequest, address: JobAddress) -> dict[str, Any]:
    """GraphQL's ``ExecutionParams``. NotFound; Rejected where there is no such partition."""
    config = {name: value for name, value in request.parameters.items() if name in CONFIG_KEYS}
    tags = _tags(request)
    answer = await client.query(queries.PARTITION_KEYS, job=address.pipeline_selector())
    job = client.expect(answer, "pipelineOrError", "Pipeline")
    with known_shape("A job's list of partitions"):
        keys: Sequence[str] = job["partitionKeysOrError"]["partitionKeys"]
    partition = _partition(request, keys)
    if partition is not None:
        partition_tags, partition_config = await _partition_defaults(client, address, partition)
        tags = partition_tags | tags
        config = config or partition_config
    return {
        "selector": address.job_selector(),
        "runConfigData": config,
        "executionMetadata": {"tags": [{"key": key, "value": value} for key, value in tags.items()]},
    }


def _tags(request: TriggerRequest) -> dict[str, str]:
    named = {name: value for name, value in request.parameters.items() if name not in {*CONFIG_KEYS, PARTITION_TAG}}
    if reserved := [name for name in named if name.startswith(OWN_TAGS)]:
        raise Rejected(f"Parameters may not begin with {OWN_TAGS!r}: {', '.join(reserved)}.")
    tags = {name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in named.items()}
    if tags:
        tags[PARAMETERS_TAG] = ",".join(tags)
    if request.logical_at is not None:
        tags[LOGICAL_AT_TAG] = request.logical_at.isoformat()
    return tags | {KEY_TAG: request.idempotency_key}


def _partition(request: TriggerRequest, keys: Sequence[str]) -> str | None:
    """The partition to run; None for a job without partitions."""
    named: str | None = request.partition or request.parameters.get(PARTITION_TAG)
    known = f"it has {keys[0]} to {keys[-1]}" if keys else "it is not partitioned"
    if named is not None:
        if named not in keys:
            raise Rejected(f"{request.pipeline_key} has no partition {named!r}: {known}.")
        return named
    if not keys:
        return None
    if request.logical_at is None:
        raise Rejected(
            f"{request.pipeline_key} is partitioned: {known}.",
            remedy=f"Say which partition to run, or give the parameter {PARTITION_TAG}.",
        )
    partition = partition_at(keys, request.logical_at)
    if partition is None:
        raise Rejected(f"{request.pipeline_key} has no partition for {request.logical_at.isoformat()}: {known}.")
    return partition


async def _partition_defaults(client: DagsterClient, address: JobAddress, partition: str) -> tuple[dict[str, str], Any]:
    """The tags that make a run one of the partition, and its run configuration as YAML, which a launch takes too."""
    answer = await client.query(queries.PARTITION, job=address.pipeline_selector(), partition=partition)
    with known_shape("A partition"):
        raw = client.expect(answer, "pipelineOrError", "Pipeline")["partition"]
        tags = client.expect(raw, "tagsOrError", "PartitionTags")["results"]
        config = client.expect(raw, "runConfigOrError", "PartitionRunConfig")["yaml"]
        return {tag["key"]: tag["value"] for tag in tags}, config
