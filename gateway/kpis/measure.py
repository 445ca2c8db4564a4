"""Puts figures of runs, incidents and promises together, by whom or what they are about."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.domain.kpis import Average, KpiGrouping, Kpis
from gateway.domain.slas import Sla
from gateway.domain.tallies import Tally
from gateway.store.database import ReadSession
from gateway.store.repository import kpis, sla_evaluations, slas
from gateway.store.repository.kpis import Measured, Trouble, time_since


@dataclass(frozen=True, slots=True)
class Measure:
    """Key figures of a pipeline, an owner, an orchestrator, or of everything."""

    #: None: of the total, or of what has no owner.
    name: str | None
    pipeline_id: int | None
    kpis: Kpis


@dataclass(frozen=True, slots=True)
class Reading:
    """All that figures of one window are made of; it can be put together in several ways."""

    pipelines: Sequence[Measured]
    troubles: Sequence[Trouble]
    promises: Sequence[tuple[Sla, Tally]]
    #: By id.
    orchestrators: Mapping[int, str]
    since: datetime
    until: datetime
    #: Whether only some pipelines are looked at: what is about none of them counts nowhere.
    is_narrowed: bool

    def by(self, grouping: KpiGrouping) -> list[Measure]:
        """By name; what has no owner comes last."""
        found: dict[str | None, Kpis] = {}
        ids = {str(one): one.id for one in self.pipelines} if grouping is KpiGrouping.PIPELINE else {}
        for names, counted in self._parts(grouping):
            for name in names:
                found[name] = found.get(name, _NOTHING) + counted
        if grouping is KpiGrouping.TOTAL:
            found.setdefault(None, _NOTHING)
        ordered = sorted(found.items(), key=lambda item: (item[0] is None, item[0] or ""))
        return [Measure(name, ids.get(name or ""), counted) for name, counted in ordered]

    def _parts(self, grouping: KpiGrouping) -> Iterator[tuple[Collection[str | None], Kpis]]:
        known = {one.id: one for one in self.pipelines}
        for one in self.pipelines:
            yield _names(grouping, one), self._of_runs(one)
        for trouble in self.troubles:
            names = self._whose(grouping, trouble, known)
            if names:
                yield names, self._of_trouble(trouble)
        by_name = {str(one): one for one in self.pipelines}
        for sla, tally in self.promises:
            at = by_name.get(str(sla.spec.pipeline)) if sla.spec.pipeline is not None else None
            names = self._promised(grouping, sla, at)
            if names:
                yield names, Kpis(met=tally.met, missed=tally.missed)

    def _of_runs(self, one: Measured) -> Kpis:
        if not one.is_expected:
            return one.kpis
        age, age_now = one.successes.age(self.since, self.until), one.successes.age_at(self.until)
        return replace(one.kpis, age=age, age_now=age_now)

    def _of_trouble(self, one: Trouble) -> Kpis:
        counted = Kpis()
        if self.since <= one.opened_at < self.until:
            detect = [time_since(one.began_at, one.noted_at)] if one.noted_at is not None else []
            is_told = one.noted_at is not None and one.told_at is not None
            notify = [time_since(one.began_at, one.told_at)] if is_told and one.told_at is not None else []
            counted = Kpis(incidents=1, detect=Average.of(detect), notify=Average.of(notify))
        if one.over_at is not None and self.since <= one.over_at < self.until:
            counted = replace(counted, resolve=Average.of([time_since(one.began_at, one.over_at)]))
        return counted

    def _whose(self, grouping: KpiGrouping, one: Trouble, known: Mapping[int, Measured]) -> Collection[str | None]:
        pipeline = known.get(one.pipeline_id) if one.pipeline_id is not None else None
        if pipeline is not None:
            return _names(grouping, pipeline)
        if self.is_narrowed or grouping is KpiGrouping.PIPELINE:
            return ()
        if grouping is KpiGrouping.ORCHESTRATOR:
            name = self.orchestrators.get(one.orchestrator_id) if one.orchestrator_id is not None else None
            return (name,) if name is not None else ()
        return (None,)

    def _promised(self, grouping: KpiGrouping, sla: Sla, at: Measured | None) -> Collection[str | None]:
        if at is None and (self.is_narrowed or grouping in (KpiGrouping.PIPELINE, KpiGrouping.ORCHESTRATOR)):
            return ()
        if grouping is KpiGrouping.OWNER:  # who promises, not who owns what it is about
            return (sla.spec.owner,)
        return _names(grouping, at) if at is not None else (None,)


_NOTHING = Kpis()


async def read(
    session: ReadSession, since: datetime, until: datetime, pipeline_ids: Collection[int] | None = None
) -> Reading:
    """What happened in [since, until), to some pipelines or to all."""
    tallies = await sla_evaluations.tallies(session, None, since, until)
    promises = [(one, tallies.get(one.id, Tally())) for one in await slas.switched_on(session)]
    return Reading(
        await kpis.of_pipelines(session, pipeline_ids, since, until),
        await kpis.troubles(session, since, until),
        promises,
        await kpis.orchestrator_names(session),
        since,
        until,
        pipeline_ids is not None,
    )


async def series(
    session: ReadSession,
    since: datetime,
    until: datetime,
    step: timedelta,
    pipeline_ids: Collection[int] | None = None,
) -> list[Reading]:
    """What happened in each step of [since, until), oldest first; the last may be shorter."""
    promised = await slas.switched_on(session)
    tallies = await sla_evaluations.tallies_by_step(session, since, until, step)
    troubles = await kpis.troubles(session, since, until)
    orchestrators = await kpis.orchestrator_names(session)
    return [
        Reading(
            measured,
            troubles,
            [(one, tallies.get(place, {}).get(one.id, Tally())) for one in promised],
            orchestrators,
            since + place * step,
            min(since + (place + 1) * step, until),
            pipeline_ids is not None,
        )
        for place, measured in enumerate(await kpis.of_pipelines_by_step(session, pipeline_ids, since, until, step))
    ]


def _names(grouping: KpiGrouping, one: Measured) -> Collection[str | None]:
    match grouping:
        case KpiGrouping.PIPELINE:
            return (str(one),)
        case KpiGrouping.OWNER:
            return tuple(dict.fromkeys(one.owners)) or (None,)
        case KpiGrouping.ORCHESTRATOR:
            return (one.orchestrator,)
        case KpiGrouping.TOTAL:
            return (None,)
