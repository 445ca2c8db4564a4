"""What is known of datasets and jobs, read from the store and put together from all their names."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.domain.states import RunState
from gateway.store.database import ReadSession
from gateway.store.repository import lineage_state
from lineage import rows
from lineage.openlineage.members import items, part
from lineage.openlineage.state import DERIVED, DERIVED_RUN, DatasetName, Facets, Run, put, visible
from lineage.openlineage.state import instant as of_stamp

LIFECYCLE = "lifecycleStateChange"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STATES = {
    "START": RunState.RUNNING,
    "RUNNING": RunState.RUNNING,
    "COMPLETE": RunState.SUCCESS,
    "FAIL": RunState.FAILED,
    "ABORT": RunState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column; fields of records are named with dots."""

    name: str
    type: str | None
    description: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Two names of one dataset, and why they are that: a rule's words, "symlink" or "renamed"."""

    name: tuple[str, str]
    other: tuple[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset under the name that stands for all its names."""

    id: int
    namespace: str
    name: str
    aliases: tuple[tuple[str, str], ...]
    facets: Mapping[str, Any]
    written_at: datetime | None
    #: (job id, run id) of the last complete run that wrote it.
    written_by: tuple[int, str] | None
    #: When an event told last that it was created, altered, emptied, dropped...
    changed_at: datetime | None

    @property
    def lifecycle(self) -> str | None:
        """What happened to it then: ALTER, CREATE, DROP, OVERWRITE, RENAME or TRUNCATE."""
        return part(self.facets, LIFECYCLE).get(LIFECYCLE)

    @property
    def is_dropped(self) -> bool:
        """Whether it was dropped, and nothing has written it since."""
        if self.lifecycle != "DROP" or self.changed_at is None:
            return False
        return self.written_at is None or self.written_at <= self.changed_at

    @property
    def fields(self) -> list[Field]:
        """Its columns, in order."""
        return fields_of(self.facets)

    @property
    def description(self) -> str | None:
        """In its owner's words."""
        return part(self.facets, "documentation").get("description")

    @property
    def owners(self) -> list[str]:
        """Who answers for it."""
        return [owner["name"] for owner in items(part(self.facets, "ownership"), "owners")]

    @property
    def tags(self) -> list[str]:
        """Of the whole dataset."""
        return [_tag(tag) for tag in items(part(self.facets, "tags"), "tags") if not tag.get("field")]


@dataclass(frozen=True, slots=True)
class Job:
    """A job."""

    id: int
    namespace: str
    name: str
    facets: Mapping[str, Any]
    parent: int | None
    latest_run_id: int | None
    #: Whether its edges are what Podium has derived, because no emitter tells of them.
    is_derived: bool

    @property
    def integration(self) -> str | None:
        """Which tool runs it, e.g. AIRFLOW."""
        return part(self.facets, "jobType").get("integration")

    @property
    def type(self) -> str | None:
        """What it is to that tool, e.g. TASK."""
        return part(self.facets, "jobType").get("jobType")


@dataclass(frozen=True, slots=True)
class LineageRun:
    """A run as events tell of it."""

    id: int
    job: int
    run_id: str
    state: RunState
    at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """A dataset as one run left it."""

    id: int
    created_at: datetime
    run: Run
    #: The producer's own version.
    version: str | None
    facets: Mapping[str, Any]

    @property
    def fields(self) -> list[Field]:
        """Its columns then, in order."""
        return fields_of(self.facets)


async def datasets(session: ReadSession, ids: Collection[int]) -> dict[int, Dataset]:
    """Datasets by the id of any of their names."""
    asked = await lineage_state.names(session, ids)
    wanted = {row.dataset_id for row in asked.values()}
    groups: dict[int, list[Any]] = {dataset: [] for dataset in wanted}
    for row in await lineage_state.names_of_datasets(session, wanted):
        groups[row.dataset_id].append(row)
    made = {dataset: _dataset(dataset, group) for dataset, group in groups.items()}
    return {name: made[row.dataset_id] for name, row in asked.items()}


async def merges(session: ReadSession, ids: Collection[int]) -> dict[int, list[Merge]]:
    """Why datasets have the names they have, by dataset and in the order of the names."""
    names = {row.id: row for row in await lineage_state.names_of_datasets(session, ids)}
    found: dict[int, list[Merge]] = {identity: [] for identity in ids}
    for one, other, reason in await lineage_state.links_at(session, names):
        if one in names and other in names:
            given, wanted = names[one], names[other]
            merge = Merge((given.namespace, given.name), (wanted.namespace, wanted.name), reason)
            found[given.dataset_id].append(merge)
    return {identity: sorted(some, key=lambda one: (one.name, one.other)) for identity, some in found.items()}


async def jobs(session: ReadSession, ids: Collection[int]) -> dict[int, Job]:
    """Jobs by id."""
    return {
        row.id: Job(
            id=row.id,
            namespace=row.namespace,
            name=row.name,
            facets=visible(row.facets),
            parent=row.parent[1] if row.parent else None,
            latest_run_id=row.latest_run_id,
            is_derived=bool(row.version) and row.version[0] in {DERIVED, DERIVED_RUN},
        )
        for row in (await lineage_state.jobs(session, ids)).values()
    }


async def runs(session: ReadSession, ids: Collection[int]) -> dict[int, LineageRun]:
    """Runs by id."""
    return {
        row.id: LineageRun(row.id, row.job_id, row.run_id, run_state(row.state), instant(row.last_at))
        for row in (await lineage_state.runs(session, ids)).values()
    }


async def versions(session: ReadSession, dataset: int, before: tuple[int, int] | None, most: int) -> Sequence[Version]:
    """Versions of a dataset, newest first; ``before``: the time and id to go on from."""
    found = await lineage_state.versions(session, dataset, before, most)
    stored = await lineage_state.runs(session, {row.run_id for row in found})
    made: list[Version] = []
    for row in found:
        if row.run_id in stored:
            run = rows.run_of(stored[row.run_id])
            facets = visible(run.outputs[row.name_id].facets)
            made.append(Version(row.id, instant(row.created_at), run, row.version, facets))
    return made


def run_state(event_type: str) -> RunState:
    """What the type of the event that counts says about a run."""
    return _STATES.get(event_type, RunState.UNKNOWN)


def instant(microseconds: int) -> datetime:
    """An aware instant."""
    return _EPOCH + timedelta(microseconds=microseconds)


def fields_of(facets: Mapping[str, Any]) -> list[Field]:
    """The columns that a schema facet names, with the tags of the tags facet."""
    tags: dict[str, list[str]] = {}
    for tag in items(part(facets, "tags"), "tags"):
        if tag.get("field"):
            tags.setdefault(tag["field"], []).append(_tag(tag))
    return _fields(items(part(facets, "schema"), "fields"), "", tags)


def _fields(given: Sequence[Mapping[str, Any]], prefix: str, tags: Mapping[str, list[str]]) -> list[Field]:
    found: list[Field] = []
    for one in given:
        name = prefix + one["name"]
        found.append(Field(name, one.get("type"), one.get("description"), tuple(tags.get(name, ()))))
        found += _fields(items(one, "fields"), f"{name}.", tags)
    return found


def _tag(tag: Mapping[str, Any]) -> str:
    value = str(tag.get("value", ""))
    return str(tag["key"]) if value.lower() in {"", "true"} else f"{tag['key']}={value}"


def _dataset(identity: int, group: Sequence[Any]) -> Dataset:
    names: dict[int, DatasetName] = {row.id: rows.name_of(row) for row in group}
    facets: Facets = {}
    for name in names.values():
        for kind, (stamped, body) in name.facets.items():
            put(facets, kind, stamped, body)
    written = max((name.written for name in names.values() if name.written), default=None)
    standing = names.get(identity) or next(iter(names.values()))
    aliases = sorted((name.namespace, name.name) for name in names.values() if name is not standing)
    return Dataset(
        id=identity,
        namespace=standing.namespace,
        name=standing.name,
        aliases=tuple(aliases),
        facets=visible(facets),
        written_at=instant(written[0]) if written else None,
        written_by=tuple(written[1]) if written else None,
        changed_at=instant(of_stamp(facets[LIFECYCLE][0])) if LIFECYCLE in facets else None,
    )
