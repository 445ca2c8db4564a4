"""What events add up to, whatever their order and however often they come.

Every part is a join: the later of two values wins (ties are broken by the values themselves), sets only grow, bounds
only widen. So folding the same events in any order, repeated or split into parts that are merged later, gives the same
state. Nothing here knows a database or the time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson

#: Facets by name, each with the stamp of the event it came in: ``{name: [stamp, body]}``.
Facets = dict[str, list[Any]]

#: What a later word in the same microsecond overrules.
RANKS = {"OTHER": 0, "START": 1, "RUNNING": 2, "COMPLETE": 3, "ABORT": 4, "FAIL": 5}
TERMINAL = frozenset({"COMPLETE", "ABORT", "FAIL"})
_RANK_BITS = 3

#: Whose edges count before whose: what an emitter said of a complete run, or declared; what Podium derived of the job,
#: and of one run; what is not complete (yet).
EMITTED, DERIVED, DERIVED_RUN, INCOMPLETE = 4, 3, 2, 1


def identity(*parts: str) -> int:
    """A positive 63-bit number made of names alone: the same on every replica, whatever came first."""
    return int.from_bytes(blake2b(orjson.dumps(parts), digest_size=8).digest()) >> 1


def name_id(namespace: str, name: str) -> int:
    """The id of a dataset's name."""
    return identity("dataset", namespace, name)


def job_id(namespace: str, name: str) -> int:
    """The id of a job."""
    return identity("job", namespace, name)


def run_key(job: int, run_id: str) -> int:
    """The id of a run: some emitters give one run id to several jobs."""
    return identity("run", str(job), run_id)


def stamp(at: int, event_type: str) -> int:
    """Orders what events say: by their time (microseconds), then by rank."""
    return (at << _RANK_BITS) | RANKS.get(event_type, 0)


def instant(stamped: int) -> int:
    """The time of a stamp, in microseconds."""
    return stamped >> _RANK_BITS


def put(facets: Facets, name: str, stamped: int, body: Any) -> None:
    """Let a facet take its place, unless a later one is there."""
    known = facets.get(name)
    if known is None or _is_later(stamped, body, known):
        facets[name] = [stamped, body]


def visible(facets: Facets) -> dict[str, Any]:
    """Facets without those that were deleted."""
    return {name: body for name, (_, body) in sorted(facets.items()) if not is_deleted(body)}


def is_deleted(body: Any) -> bool:
    """Whether a facet only says that there is none any more."""
    return isinstance(body, dict) and body.get("_deleted") is True  # pyright: ignore[reportUnknownMemberType]


def _is_later(stamped: int, body: Any, known: list[Any]) -> bool:
    return stamped > known[0] or (stamped == known[0] and body != known[1] and _text(body) > _text(known[1]))


def _text(body: Any) -> bytes:
    """The same for equal values."""
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def _join_facets(into: Facets, other: Facets) -> None:
    for name, (stamped, body) in other.items():
        put(into, name, stamped, body)


def join_earliest(into: dict[int, int], other: Mapping[int, int]) -> None:
    """Take over what was known earlier, or only there."""
    for key, at in other.items():
        into[key] = min(at, into.get(key, at))


def later(one: list[Any] | None, other: list[Any] | None) -> list[Any] | None:
    """The one of two ``[stamp, value]`` that counts."""
    if one is None or other is None:
        return one or other
    return other if _is_later(other[0], other[1], one) else one


@dataclass(slots=True)
class DatasetName:
    """One name of a dataset."""

    namespace: str
    name: str
    #: Whether an event read, wrote or described it; False where another one only mentions it.
    is_own: bool = False
    facets: Facets = field(default_factory=dict[str, list[Any]])
    #: Lineage that dataset events declare, apart from any job.
    declared: Facets = field(default_factory=dict[str, list[Any]])
    #: Source -> when it was first declared, microseconds since 1970; under its own id: when anything was.
    declared_since: dict[int, int] = field(default_factory=dict[int, int])
    #: ``[microseconds since 1970, [job id, run id]]`` of the last complete run that wrote it.
    written: list[Any] | None = None

    def join(self, other: "DatasetName") -> None:
        """Take over what another part of the events says."""
        self.is_own |= other.is_own
        self.written = later(self.written, other.written)
        _join_facets(self.facets, other.facets)
        _join_facets(self.declared, other.declared)
        join_earliest(self.declared_since, other.declared_since)


@dataclass(slots=True)
class Job:
    """A job."""

    namespace: str
    name: str
    facets: Facets = field(default_factory=dict[str, list[Any]])
    #: ``[stamp, job id]`` of the job that started its latest run.
    parent: list[Any] | None = None
    #: ``[rank, microseconds since 1970, run key]`` of the run whose edges count, and the id of those.
    version: list[int] | None = None
    edges: int | None = None
    #: ``[microseconds since 1970, run key]`` of the run that was last heard of.
    latest: list[int] | None = None

    def join(self, other: "Job") -> None:
        """Take over what another part of the events says."""
        self.parent = later(self.parent, other.parent)
        self.latest = max(self.latest or [], other.latest or []) or None
        if (other.version or []) > (self.version or []):
            self.version, self.edges = other.version, other.edges
        _join_facets(self.facets, other.facets)

    def consider(self, key: int, run: "Run", edges: int | None) -> None:
        """Take a run's edges for its own where no later complete run has any. A run may be considered again."""
        if not run.is_declared:
            self.latest = max(self.latest or [run.last, key], [run.last, key])
        if edges is None:
            return
        version = [run.rank, run.counts_at, key]
        if self.version is None or version >= self.version:
            self.version, self.edges = version, edges


@dataclass(slots=True)
class Use:
    """A dataset as one run saw it."""

    facets: Facets = field(default_factory=dict[str, list[Any]])
    #: Input or output facets.
    side: Facets = field(default_factory=dict[str, list[Any]])

    def join(self, other: "Use") -> None:
        """Take over what another part of the events says."""
        _join_facets(self.facets, other.facets)
        _join_facets(self.side, other.side)


Uses = dict[int, Use]


@dataclass(slots=True)
class Run:
    """A run, or what a job was declared to do at one time (``run_id`` is then empty)."""

    job: int
    run_id: str
    first: int
    last: int
    started: int | None = None
    #: ``[stamp, event type]`` of the latest event that ends a run, and of the latest other one.
    ending: list[Any] | None = None
    moving: list[Any] | None = None
    #: When it was last said to be complete, microseconds since 1970.
    completed: int | None = None
    is_streaming: bool = False
    #: Whether an emitter told of it, and not only Podium itself.
    is_emitted: bool = False
    facets: Facets = field(default_factory=dict[str, list[Any]])
    #: Entries of the job's explicit lineage, by their text: like datasets, they accumulate.
    explicit: dict[str, Any] = field(default_factory=dict[str, Any])
    inputs: Uses = field(default_factory=dict[int, Use])
    outputs: Uses = field(default_factory=dict[int, Use])

    @property
    def is_declared(self) -> bool:
        """Whether nothing ran: the job was only described."""
        return self.run_id == ""

    @property
    def rank(self) -> int:
        """Whose edges count before whose; see the constants."""
        if self.completed is None and not self.is_declared and not self.is_streaming:
            return INCOMPLETE
        if self.is_emitted:
            return EMITTED
        return DERIVED if self.is_declared else DERIVED_RUN

    @property
    def counts_at(self) -> int:
        """When its edges began to count, microseconds since 1970. Whatever else becomes known, it only moves on."""
        return self.last if self.completed is None or self.is_streaming else self.completed

    @property
    def state(self) -> str:
        """The event type that counts: what ends a run is never undone."""
        return (self.ending or self.moving or [0, "OTHER"])[1]

    @property
    def ended(self) -> int | None:
        """Microseconds since 1970."""
        return instant(self.ending[0]) if self.ending else None

    def join(self, other: "Run") -> None:
        """Take over what another part of the events says."""
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        self.started = _bound(min, self.started, other.started)
        self.completed = _bound(max, self.completed, other.completed)
        self.ending, self.moving = later(self.ending, other.ending), later(self.moving, other.moving)
        self.explicit |= other.explicit
        self.is_streaming |= other.is_streaming
        self.is_emitted |= other.is_emitted
        _join_facets(self.facets, other.facets)
        for mine, theirs in ((self.inputs, other.inputs), (self.outputs, other.outputs)):
            for name, use in theirs.items():
                mine.setdefault(name, Use()).join(use)


def _bound(choose: Any, one: int | None, other: int | None) -> int | None:
    given = [value for value in (one, other) if value is not None]
    return choose(given) if given else None


@dataclass(slots=True)
class State:
    """Everything that some events say."""

    names: dict[int, DatasetName] = field(default_factory=dict[int, DatasetName])
    jobs: dict[int, Job] = field(default_factory=dict[int, Job])
    runs: dict[int, Run] = field(default_factory=dict[int, Run])

    def join(self, other: "State") -> None:
        """Take over what another part of the events says; ``other`` must not be used any more."""
        for mine, theirs in ((self.names, other.names), (self.jobs, other.jobs), (self.runs, other.runs)):
            for key, value in theirs.items():
                known: Any = mine.get(key)
                if known is None:
                    mine[key] = value  # pyright: ignore[reportArgumentType]
                else:
                    known.join(value)

    def name(self, namespace: str, name: str) -> tuple[int, DatasetName]:
        """The dataset's name with its id, made known where it is not."""
        key = name_id(namespace, name)
        return key, self.names.setdefault(key, DatasetName(namespace, name))

    def job(self, namespace: str, name: str) -> tuple[int, Job]:
        """The job with its id, made known where it is not."""
        key = job_id(namespace, name)
        return key, self.jobs.setdefault(key, Job(namespace, name))


def dump_uses(uses: Uses) -> dict[str, Any]:
    """As JSON."""
    return {str(name): [use.facets, use.side] for name, use in sorted(uses.items())}


def entry_key(entry: Any) -> str:
    """The same for equal values."""
    return _text(entry).decode()


def load_uses(stored: dict[str, Any]) -> Uses:
    """From JSON."""
    return {int(name): Use(facets, side) for name, (facets, side) in stored.items()}


def names_of(run: Run) -> Iterator[int]:
    """Every dataset's name a run read or wrote."""
    yield from run.inputs
    yield from run.outputs
