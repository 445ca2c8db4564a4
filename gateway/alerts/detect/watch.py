"""All facts as they are now, kept up to date by what has changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from gateway.alerts.detect import asset_checks, elsewhere, quality, runs
from gateway.alerts.lifecycle import STALE
from gateway.alerts.relation import Relation
from gateway.domain.dependencies import Dependency, PipelineRef
from gateway.domain.incidents import Fact
from gateway.domain.slas import Sla
from gateway.store.changes import Change, Subject
from gateway.store.database import ReadSession
from gateway.store.repository import alert_facts, dependencies, firings, run_facts, sla_evaluations, slas
from lineage.loading import Landscape, read_joins
from lineage.service import Lineage


@dataclass(slots=True)
class Facts:
    """Made anew whenever something may have been missed."""

    relation: Relation
    slas: Mapping[int, Sla]
    _dependencies: Mapping[int, Dependency]
    _ids: Mapping[PipelineRef, tuple[int, int]]
    _listed: frozenset[int]
    #: By source and by what they are about.
    _found: dict[str, dict[int, list[Fact]]] = field(default_factory=dict[str, dict[int, list[Fact]]])
    #: Seconds that 99 of 100 runs take, by pipeline.
    _usual: dict[int, float | None] = field(default_factory=dict[int, "float | None"])

    @classmethod
    async def read(cls, session: ReadSession, lineage: Lineage, before: "Facts | None" = None) -> "Facts":
        """What hangs together, and what is promised; facts are those that were known before. Unavailable."""
        pipelines, joins = await read_joins(session)
        on = [one for one in await dependencies.active(session) if one.is_on]
        landscape = Landscape(await lineage.graph(), joins, pipelines)
        promised = {one.id: one for one in await slas.active(session) if one.spec.is_enabled}
        ids = {PipelineRef(one.orchestrator, one.key): (one.id, one.orchestrator_id) for one in pipelines}
        relation = Relation(landscape, [one.spec for one in on])
        depends = {one.id: one for one in on}
        listed = frozenset(one.id for one in pipelines)
        if before is None:
            return cls(relation, promised, depends, ids, listed)
        return replace(before, relation=relation, slas=promised, _dependencies=depends, _ids=ids, _listed=listed)

    def knows(self, pipelines: Iterable[int]) -> bool:
        """Whether some pipelines were there when it was read what hangs together."""
        return self._listed.issuperset(pipelines)

    def unknown(self) -> set[int]:
        """Pipelines that something is wrong with, and that were not there yet when it was read what hangs together."""
        return {one.about.pipeline_id for one in self.holding().values() if one.about.pipeline_id} - self._listed

    def holding(self) -> dict[str, Fact]:
        """By key."""
        return {one.key: one for source in self._found.values() for some in source.values() for one in some}

    async def look_at_all(self, session: ReadSession, now: datetime) -> None:
        """Read everything."""
        self._found = {}
        self._put("failed", None, await runs.failed(session, await alert_facts.not_well(session)))
        self._put("firings", None, await self._firings(session, self._dependencies, now))
        self._found["promises"] = await elsewhere.promises(session, self.slas, self._ids)
        _, self._found["checks"] = await quality.failed_checks(session, None)
        self._found["asset checks"] = await asset_checks.failed(session, None)
        await self.look_at_time(session, now)

    async def look_at_time(self, session: ReadSession, now: datetime) -> None:
        """Read what may become wrong though nothing happens."""
        self._put("unreachable", None, await elsewhere.unreachable(session, now))
        self._put("late", None, await runs.late(session, now))
        self._put("stuck", None, await runs.stuck(session, now, self._usual))

    async def look(self, session: ReadSession, changes: Sequence[Change], now: datetime) -> None:
        """Read what changes concern."""
        by_subject: dict[Subject, set[int]] = {}
        for change in changes:
            by_subject.setdefault(change.subject, set()).add(change.id)
        await self._look_at_runs(session, by_subject)
        promised = by_subject.get(Subject.SLA, set())
        if Subject.SLA_EVALUATION in by_subject:
            judged = await sla_evaluations.by_ids(session, by_subject[Subject.SLA_EVALUATION])
            promised |= {one.sla_id for one in judged.values()}
        if promised:
            known = {one: self.slas[one] for one in promised if one in self.slas}
            self._replace("promises", promised, await elsewhere.promises(session, known, self._ids))
        if Subject.LINEAGE_JOB in by_subject:
            self._replace("checks", *await quality.failed_checks(session, by_subject[Subject.LINEAGE_JOB]))
        checked = set(by_subject.get(Subject.ASSET, ()))
        if Subject.ORCHESTRATOR in by_subject:  # its assets may be followed no more
            checked |= self._found.get("asset checks", {}).keys()
        if checked:
            self._replace("asset checks", checked, await asset_checks.failed(session, checked))
        waiting = by_subject.get(Subject.DEPENDENCY, set())
        if Subject.FIRING in by_subject:
            fired = await firings.by_ids(session, by_subject[Subject.FIRING])
            waiting |= {one.dependency_id for one in fired.values()}
        if waiting:
            known_too = {one: self._dependencies[one] for one in waiting if one in self._dependencies}
            self._put("firings", waiting, await self._firings(session, known_too, now))

    async def _look_at_runs(self, session: ReadSession, by_subject: Mapping[Subject, set[int]]) -> None:
        pipelines = set(by_subject.get(Subject.PIPELINE, ()))
        if Subject.RUN in by_subject:
            pipelines |= await run_facts.pipelines_of(session, by_subject[Subject.RUN])
        if Subject.ORCHESTRATOR in by_subject:  # its pipelines may be followed no more
            pipelines |= self._found.get("failed", {}).keys()
        for pipeline in pipelines:
            self._usual.pop(pipeline, None)
        if pipelines:
            self._put("failed", pipelines, await runs.failed(session, pipelines))

    async def _firings(
        self, session: ReadSession, known: Mapping[int, Dependency], now: datetime
    ) -> Mapping[int, Fact]:
        return await elsewhere.firings(session, known, self._ids, now - STALE)

    def _put(self, source: str, looked_at: Collection[int] | None, found: Mapping[int, Fact]) -> None:
        self._replace(source, looked_at, {one: [fact] for one, fact in found.items()})

    def _replace(self, source: str, looked_at: Collection[int] | None, found: Mapping[int, list[Fact]]) -> None:
        """``looked_at`` None: all that there are."""
        known = {} if looked_at is None else self._found.get(source, {})
        self._found[source] = {one: some for one, some in known.items() if one not in (looked_at or ())} | dict(found)
