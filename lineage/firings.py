"""Firings of dependencies across systems, as runs of their own: Podium alone knows of them. For forwarding."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.dependencies import Condition, DependencySpec, Firing, FiringState, Mode, PipelineRef
from gateway.domain.records import Run
from gateway.domain.states import RunState
from gateway.store.database import ReadSession
from gateway.store.repository import dependencies, firings, runs
from gateway.store.repository.firings import FiringStep
from lineage.assets import Name, Source, names_of
from lineage.sources import emitted_of

#: What a step of a firing is, in OpenLineage's words; the others are nobody else's business.
WORDS = {
    FiringState.TRIGGERED: "START",
    FiringState.SUCCEEDED: "COMPLETE",
    FiringState.FAILED: "FAIL",
    FiringState.EXPIRED: "ABORT",
    FiringState.CANCELLED: "ABORT",
}


@dataclass(frozen=True, slots=True)
class Linked:
    """A pipeline that a firing joins to another, with the run of it."""

    source: Source
    pipeline: str
    #: The run as its orchestrator names it; None where none is known, or an emitter calls it by a name of its own.
    run: str | None
    #: ``EXECUTE_ON_SUCCESS`` and the like, of an upstream.
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class FiringWord:
    """One thing to be told of a firing."""

    spec: DependencySpec
    firing: Firing
    event_type: str
    at: datetime
    upstream: Sequence[Linked]
    target: Linked | None

    @property
    def trigger_rule(self) -> str | None:
        """``ALL_SUCCESS`` or ``ONE_SUCCESS``, where it is as simple as that."""
        items = self.spec.upstream.items
        if not all(isinstance(item, Condition) and item.states == (RunState.SUCCESS,) for item in items):
            return None
        return "ALL_SUCCESS" if self.spec.upstream.mode is Mode.ALL else "ONE_SUCCESS"


async def words_of(
    session: ReadSession, sources: Mapping[int, Source], steps: Sequence[FiringStep]
) -> list[FiringWord]:
    """What is to be told of some steps."""
    told = [one for one in steps if one.state in WORDS]
    known = await firings.by_ids(session, {one.firing_id for one in told})
    specs = await dependencies.by_ids(session, {one.dependency_id for one in known.values()})
    made = await runs.by_ids(session, {run for firing in known.values() for run in _runs_of(firing)})
    by_name = {source.name: source for source in sources.values()}
    named = {
        job: some
        for one in specs.values()
        for ref in one.spec.pipelines()
        if ref.orchestrator in by_name
        for job, some in names_of(by_name[ref.orchestrator], [(ref.key, None)]).items()
    }
    links = _Links(by_name, made, await emitted_of(session, named))
    found: list[FiringWord] = []
    for one in told:
        firing = known[one.firing_id]
        spec = specs[firing.dependency_id].spec
        target = links.of(spec.target, firing.run_id)
        upstream = [*_upstream(spec, firing, links)]
        found.append(FiringWord(spec, firing, WORDS[one.state], one.at, upstream, target))
    return found


@dataclass(frozen=True, slots=True)
class _Links:
    sources: Mapping[str, Source]
    runs: Mapping[int, Run]
    emitted: set[Name]

    def of(self, ref: PipelineRef, run_id: int | None, rule: str | None = None) -> Linked | None:
        source = self.sources.get(ref.orchestrator)
        if source is None:
            return None  # its orchestrator was removed
        is_emitted = source.job(ref.key, None) in self.emitted
        run = self.runs.get(run_id) if run_id is not None and not is_emitted else None
        return Linked(source, ref.key, run.external_id if run else None, rule)


def _upstream(spec: DependencySpec, firing: Firing, links: _Links) -> Iterator[Linked]:
    for place, condition in enumerate(spec.upstream.conditions()):
        satisfied = firing.satisfied.get(place)
        if condition.pipeline is None:
            continue
        linked = links.of(condition.pipeline, satisfied.run_id if satisfied else None, _rule(condition))
        if linked is not None:
            yield linked


def _rule(condition: Condition) -> str:
    if condition.states == (RunState.SUCCESS,):
        return "EXECUTE_ON_SUCCESS"
    return "EXECUTE_ON_FAILURE" if condition.states == (RunState.FAILED,) else "EXECUTE_EVERY_TIME"


def _runs_of(firing: Firing) -> Iterator[int]:
    for run_id in (firing.run_id, *(one.run_id for one in firing.satisfied.values())):
        if run_id is not None:
            yield run_id
