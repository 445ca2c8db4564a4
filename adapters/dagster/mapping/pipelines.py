"""Jobs as pipelines, with what starts them by itself: schedules and sensors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson

from adapters.dagster.keys import JobAddress, pipeline_key
from adapters.dagster.mapping.links import Links
from adapters.dagster.payloads import Job, LoadedRepository, Owner, RepositoryConnection, Schedule, Sensor, Tag
from adapters.dagster.shapes import known_shape
from gateway.domain.observation import ObservedPipeline

#: The job that Dagster keeps for runs started by "Materialize", by automation conditions and by backfills of assets.
ASSET_JOB = "__ASSET_JOB"
SYSTEM_TAGS = "dagster/"
RUNNING = "RUNNING"


@dataclass(frozen=True, slots=True)
class Instigators:
    """What may start one job: its schedules and the sensors that target it."""

    schedules: Sequence[Schedule] = field(default_factory=list[Schedule])
    sensors: Sequence[Sensor] = field(default_factory=list[Sensor])

    def __bool__(self) -> bool:
        return bool(self.schedules or self.sensors)

    @property
    def is_paused(self) -> bool:
        """Whether there are some and all are stopped. A job without any starts by hand only: it is not paused."""
        states = [*(s["scheduleState"] for s in self.schedules), *(s["sensorState"] for s in self.sensors)]
        return bool(states) and all(state["status"] != RUNNING for state in states)

    @property
    def text(self) -> str | None:
        """As a person reads it: cron expressions, then sensors; None where there are none."""
        parts = [_cron(schedule["cronSchedule"]) for schedule in self._running_first()]
        parts += [f"sensor: {sensor['name']}" for sensor in self.sensors]
        return ", ".join(dict.fromkeys(parts)) or None

    @property
    def timezone(self) -> str | None:
        """The first schedule's; UTC where Dagster was not told."""
        schedules = self._running_first()
        return (schedules[0]["executionTimezone"] or "UTC") if schedules else None

    @property
    def next_tick(self) -> datetime | None:
        """When the next running schedule fires."""
        ticks = [
            tick["timestamp"]
            for schedule in self.schedules
            if schedule["scheduleState"]["status"] == RUNNING
            for tick in schedule["futureTicks"]["results"]
            if tick["timestamp"]
        ]
        return datetime.fromtimestamp(min(ticks), UTC) if ticks else None

    def _running_first(self) -> list[Schedule]:
        return sorted(self.schedules, key=lambda schedule: schedule["scheduleState"]["status"] != RUNNING)


@known_shape("A repository")
def instigators(repository: LoadedRepository, job: str) -> Instigators:
    """The schedules and sensors of a job. Drift."""
    return Instigators(
        schedules=[schedule for schedule in repository["schedules"] if schedule["pipelineName"] == job],
        sensors=[
            sensor
            for sensor in repository["sensors"]
            if any(target["pipelineName"] == job for target in sensor["targets"] or ())
        ],
    )


@known_shape("The list of repositories")
def repository_selectors(raw: RepositoryConnection, only_location: str | None) -> list[dict[str, str]]:
    """GraphQL's ``RepositorySelector`` of every repository that is wanted. Drift."""
    return [
        JobAddress(repository["location"]["name"], repository["name"], "").repository_selector()
        for repository in raw["nodes"]
        if only_location in {None, repository["location"]["name"]}
    ]


@known_shape("A repository")
def pipelines(raw: LoadedRepository, links: Links, only_location: str | None) -> list[ObservedPipeline]:
    """Every job of a repository. Drift."""
    return [_pipeline(job, raw, links, only_location) for job in raw["jobs"]]


def _pipeline(job: Job, repository: LoadedRepository, links: Links, only_location: str | None) -> ObservedPipeline:
    address = JobAddress(repository["location"]["name"], repository["name"], job["name"])
    starts = instigators(repository, job["name"])
    return ObservedPipeline(
        key=pipeline_key(address, only_location),
        name=_name(address),
        description=job["description"] or _description(job),
        owners=_owners(job["owners"], job["tags"]),
        tags=[_tag(tag) for tag in job["tags"] if not tag["key"].startswith(SYSTEM_TAGS)],
        schedule=starts.text,
        timezone=starts.timezone,
        next_run_at=starts.next_tick,
        is_paused=starts.is_paused,
        url=links.job(address),
        revision=job["pipelineSnapshotId"],
    )


def _name(address: JobAddress) -> str:
    return f"Asset materializations ({address.location})" if address.job == ASSET_JOB else address.job


def _description(job: Job) -> str | None:
    if job["name"] != ASSET_JOB:
        return None
    return "Runs that materialize assets without a job of their own: by hand, by automation condition or by backfill."


def _owners(owners: Iterable[Owner], tags: Iterable[Tag]) -> list[str]:
    """As Dagster spells them (an address, or ``team:name``); without any, those of an ``owner`` tag."""
    found = [owner.get("email") or f"team:{owner.get('team', '')}" for owner in owners]
    if found:
        return found
    named = [tag["value"] for tag in tags if tag["key"] in {"owner", "owners"}]
    return [owner.strip() for value in named for owner in value.split(",") if owner.strip()]


def _tag(tag: Tag) -> str:
    return f"{tag['key']}={tag['value']}" if tag["value"] else tag["key"]


def _cron(text: str) -> str:
    """A cron expression; several, which Dagster writes as a JSON list, joined with " | "."""
    if not text.startswith("["):
        return text
    try:
        return " | ".join(str(cron) for cron in orjson.loads(text))
    except orjson.JSONDecodeError:
        return text
