"""What the monitor holds in memory: SLAs, what each hangs on, histories of runs, and when each is looked at again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from gateway.domain.slas import Evaluation, Forecast, Sla
from gateway.sla.facts import Known
from gateway.sla.forecast.walk import Correction, Station, Walk
from gateway.sla.network import Network
from gateway.sla.stations import LAST_RUNS, measured, station
from gateway.store.columns import EPOCH
from gateway.store.database import ReadSession
from gateway.store.repository import corrections, dependencies, run_facts, sla_evaluations, slas
from lineage.loading import Landscape, read_joins
from lineage.openlineage.state import name_id
from lineage.service import Lineage


@dataclass(slots=True)
class WorkingSet:
    """Made anew whenever something may have been missed."""

    slas: dict[int, Sla] = field(default_factory=dict[int, Sla])
    #: How each stands: what is not final, and what was opened last.
    evaluations: dict[int, list[Evaluation]] = field(default_factory=dict[int, list[Evaluation]])
    #: When to look at an SLA again, whatever happens.
    looks: dict[int, datetime] = field(default_factory=dict[int, datetime])
    _network: Network | None = None
    #: SLA -> pipelines whose end brings its result.
    _makers: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    _closures: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    #: Pipeline -> SLAs whose forecast it is part of; dataset -> SLAs about it.
    _hanging: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    _datasets: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    _stations: dict[int, Station] = field(default_factory=dict[int, Station])

    async def load(self, session: ReadSession, lineage: Lineage) -> None:
        """All SLAs, and the network that they hang in."""
        before = self._closures
        pipelines, joins = await read_joins(session)
        landscape = Landscape(await lineage.graph(), joins, pipelines)
        specs = [one.spec for one in await dependencies.active(session) if one.is_on]
        self.slas = {one.id: one for one in await slas.active(session) if one.spec.is_enabled}
        network = self._network = Network(landscape, specs)
        self._makers = {identity: _makers(network, sla) for identity, sla in self.slas.items()}
        self._closures = {identity: network.closure(makers) for identity, makers in self._makers.items()}
        self._hanging, self._datasets = {}, {}
        for identity, sla in self.slas.items():
            for pipeline in self._closures[identity]:
                self._hanging.setdefault(pipeline, set()).add(identity)
            if sla.spec.dataset is not None:
                node = landscape.graph.dataset_of(name_id(sla.spec.dataset.namespace, sla.spec.dataset.name))
                self._datasets.setdefault(node, set()).add(identity)
        moved = {identity for identity, closure in self._closures.items() if before.get(identity) != closure}
        # What each of them waits for is another now.
        self.forget(pipeline for identity in moved for pipeline in self._closures[identity])
        self.looks = {identity: at for identity, at in self.looks.items() if identity in self.slas}
        self.looks |= dict.fromkeys(moved, EPOCH)

    def knows(self, pipelines: Iterable[int]) -> bool:
        """Whether some pipelines were there when everything was read."""
        return self._network is None or self._network.ids.issuperset(pipelines)

    def concerned(self, pipelines: Iterable[int], datasets: Iterable[int]) -> set[int]:
        """SLAs that hang on what has changed."""
        found = {identity for pipeline in pipelines for identity in self._hanging.get(pipeline, ())}
        return found | {identity for dataset in datasets for identity in self._datasets.get(dataset, ())}

    def due(self, now: datetime) -> set[int]:
        """SLAs whose time to be looked at has come."""
        return {identity for identity, at in self.looks.items() if at <= now}

    def forget(self, pipelines: Iterable[int]) -> None:
        """What was known of these pipelines is outdated."""
        for pipeline in pipelines:
            self._stations.pop(pipeline, None)

    def known(self, sla_ids: Iterable[int]) -> list[Known]:
        """Those SLAs, each with its pipeline and how it stands."""
        return [
            Known(self.slas[identity], self._pipeline_of(identity), self.evaluations.get(identity, ()))
            for identity in sorted(sla_ids)
        ]

    def stands(self, written: Iterable[Evaluation], dropped: Collection[int]) -> None:
        """Take note of what has been written, and of what is judged no more."""
        for one in written:
            others = [other for other in self.evaluations.get(one.sla_id, ()) if other.key != one.key]
            self.evaluations[one.sla_id] = _unsettled([*others, one])
        if dropped:
            gone = set(dropped)
            self.evaluations = {
                identity: [one for one in some if one.id not in gone] for identity, some in self.evaluations.items()
            }

    async def prepare(self, session: ReadSession, sla_ids: Collection[int], now: datetime) -> None:
        """Read what forecasts of these SLAs need and is not known."""
        unread = [identity for identity in sla_ids if identity not in self.evaluations]
        if unread:
            stored = await sla_evaluations.unsettled(session, unread)
            self.evaluations |= {identity: stored.get(identity, []) for identity in unread}
        if self._network is None:
            return
        network = self._network
        wanted = network.closure(pipeline for identity in sla_ids for pipeline in self._makers[identity])
        missing = wanted - self._stations.keys()
        if not missing:
            return
        listed = await run_facts.facts_of(session, missing)
        last = await run_facts.latest(session, missing, LAST_RUNS)
        tasks = await run_facts.task_ends(session, [one for runs in last.values() for one in measured(runs)])
        told = await corrections.holding(session, now, missing)
        for identity, fact in listed.items():
            better = [Correction(one.since, one.until, one.factor, one.not_before) for one in told.get(identity, ())]
            upstream = network.upstream(identity)
            self._stations[identity] = station(fact, last.get(identity, ()), upstream, better, tasks)

    def walk(self, now: datetime) -> Walk:
        """To forecast with."""
        return Walk(self._stations, now)

    def forecast(self, walk: Walk, sla_id: int, since: datetime, due: datetime) -> Forecast | None:
        """When an SLA's result is expected. None: nobody can say."""
        makers = self._makers[sla_id]
        return walk.forecast(makers, since, due) if makers else None

    def _pipeline_of(self, sla_id: int) -> int | None:
        ref = self.slas[sla_id].spec.pipeline
        return self._network.id_of(ref) if ref is not None and self._network is not None else None


def _unsettled(known: list[Evaluation]) -> list[Evaluation]:
    """What is not final, and what was opened last, oldest first."""
    ordered = sorted(known, key=lambda one: (one.opens_at, one.id))
    return [one for one in ordered if not one.is_final or one is ordered[-1]]


def _makers(network: Network, sla: Sla) -> list[int]:
    if sla.spec.dataset is not None:
        return network.writers(sla.spec.dataset)
    identity = network.id_of(sla.spec.pipeline) if sla.spec.pipeline is not None else None
    return [] if identity is None else [identity]
