"""Runs: states, times, triggers and where they belong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from adapters.dagster.keys import DEFAULT_REPOSITORY, JobAddress, pipeline_key
from adapters.dagster.mapping.links import Links
from adapters.dagster.mapping.partitions import partition_start
from adapters.dagster.payloads import Run
from adapters.dagster.shapes import known_shape
from adapters.sdk.timestamps import parse_instant
from gateway.domain.observation import ObservedRun
from gateway.domain.states import RunState, RunTrigger

#: Dagster's ``RunStatus``. STARTING is the launcher at work, MANAGED a run that something else will start.
STATES: Mapping[str, RunState] = {
    "QUEUED": RunState.QUEUED,
    "NOT_STARTED": RunState.QUEUED,
    "MANAGED": RunState.QUEUED,
    "STARTING": RunState.QUEUED,
    "STARTED": RunState.RUNNING,
    "SUSPENDED": RunState.RUNNING,
    "CANCELING": RunState.RUNNING,
    "SUCCESS": RunState.SUCCESS,
    "FAILURE": RunState.FAILED,
    "CANCELED": RunState.CANCELLED,
}

KEY_TAG = "podium/idempotency_key"
LOGICAL_AT_TAG = "podium/logical_at"
#: Names of the tags that were given as parameters, joined with commas.
PARAMETERS_TAG = "podium/parameters"
PARTITION_TAG = "dagster/partition"
RANGE_START_TAG = "dagster/asset_partition_range_start"
RANGE_END_TAG = "dagster/asset_partition_range_end"
PARENT_TAG = "dagster/parent_run_id"
LOCATION_TAG = "dagster/code_location"

#: In this order: a backfill's runs carry other tags too. Podium has no word for a sensor: it reacts to something
#: outside, most often to data, which ASSET says best.
_TRIGGERS = (
    ("dagster/backfill", RunTrigger.BACKFILL),
    ("dagster/schedule_name", RunTrigger.SCHEDULE),
    ("dagster/from_automation_condition", RunTrigger.ASSET),
    ("dagster/auto_materialize", RunTrigger.ASSET),
    ("dagster/sensor_name", RunTrigger.ASSET),
    (KEY_TAG, RunTrigger.API),
)

_from_epoch = datetime.fromtimestamp


@dataclass(frozen=True, slots=True)
class RunMapper:
    """Maps runs of one connection; ``only_location`` is its option of that name."""

    links: Links
    only_location: str | None = None

    def runs(self, raw: Sequence[Run]) -> list[ObservedRun]:
        """A page of runs, without those of other locations than the wanted one. Drift."""
        with known_shape("A page of runs"):
            return [self._run(run) for run in raw if self._is_wanted(run)]

    def run(self, raw: Run) -> ObservedRun:
        """One run, wherever it belongs. Drift."""
        with known_shape("A run"):
            return self._run(raw)

    def _is_wanted(self, raw: Run) -> bool:
        return self.only_location is None or run_address(raw).location == self.only_location

    def _run(self, raw: Run) -> ObservedRun:
        tags = {tag["key"]: tag["value"] for tag in raw["tags"]}
        run_id, status = raw["runId"], raw["status"]
        created, started, ended = raw["creationTime"], raw["startTime"], raw["endTime"]
        partition = tags.get(PARTITION_TAG) or _partition_range(tags)
        return ObservedRun(
            pipeline_key=pipeline_key(run_address(raw, tags), self.only_location),
            external_id=run_id,
            state=STATES.get(status, RunState.UNKNOWN),
            native_state=status,
            trigger=_trigger(tags),
            logical_at=_logical_at(tags, partition),
            partition=partition,
            queued_at=_from_epoch(created, UTC) if created else None,
            started_at=_from_epoch(started, UTC) if started else None,
            ended_at=_from_epoch(ended, UTC) if ended else None,
            parameters=_parameters(raw, tags),
            attempt=1,
            url=self.links.run(run_id),
            parent_external_id=raw["parentRunId"],
        )


def run_address(raw: Run, tags: Mapping[str, str] | None = None) -> JobAddress:
    """The job of a run. A run from a command line beside the server has no origin: its location is then "-"."""
    origin = raw["repositoryOrigin"]
    if origin is not None:
        return JobAddress(origin["repositoryLocationName"], origin["repositoryName"], raw["jobName"])
    known = tags if tags is not None else {tag["key"]: tag["value"] for tag in raw["tags"]}
    return JobAddress(known.get(LOCATION_TAG) or "-", DEFAULT_REPOSITORY, raw["jobName"])


def _trigger(tags: Mapping[str, str]) -> RunTrigger:
    for tag, trigger in _TRIGGERS:
        if tag in tags:
            return trigger
    return RunTrigger.MANUAL


def _partition_range(tags: Mapping[str, str]) -> str | None:
    start, end = tags.get(RANGE_START_TAG), tags.get(RANGE_END_TAG)
    return f"{start}...{end}" if start and end else None


def _logical_at(tags: Mapping[str, str], partition: str | None) -> datetime | None:
    if LOGICAL_AT_TAG in tags:
        return parse_instant(tags[LOGICAL_AT_TAG])
    if partition is None:
        return None
    return partition_start(tags.get(RANGE_START_TAG) or partition)


def _parameters(raw: Run, tags: Mapping[str, str]) -> Mapping[str, Any]:
    config = raw["runConfig"] or {}
    names = tags.get(PARAMETERS_TAG)
    if not names:
        return config
    return config | {name: _value(tags[name]) for name in names.split(",") if name in tags}


def _value(text: str) -> Any:
    """A tag's text as the parameter it was given as: what is not a text travels as JSON."""
    if not text.startswith(("{", "[")):
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
