"""What a pipeline waits for: dependencies across systems, its orchestrator's own means, or the data it reads."""

from collections.abc import Iterable, Sequence

from gateway.domain.dependencies import Condition, DatasetRef, DependencySpec, Group, Mode, PipelineRef
from gateway.sla.forecast.walk import Upstream
from lineage.joining import Waits
from lineage.loading import Landscape
from lineage.openlineage.state import name_id
from lineage.walk import RolledUp


class Network:
    """All pipelines with what comes before them, as it is known now."""

    def __init__(self, landscape: Landscape, specs: Iterable[DependencySpec]) -> None:
        enabled = [one for one in specs if one.is_enabled]
        self._landscape = landscape
        self._rolled = RolledUp(landscape.graph, landscape.joins, Waits.of((), landscape.pipelines))
        self._ids = {PipelineRef(one.orchestrator, one.key): one.id for one in landscape.pipelines}
        #: Of all pipelines.
        self.ids = frozenset(self._ids.values())
        self._targeted: dict[int, list[DependencySpec]] = {}
        for spec in enabled:
            if spec.target in self._ids:
                self._targeted.setdefault(self._ids[spec.target], []).append(spec)

    def id_of(self, ref: PipelineRef) -> int | None:
        """The pipeline of a name, where it is known."""
        return self._ids.get(ref)

    def writers(self, dataset: DatasetRef) -> list[int]:
        """The pipelines that write a dataset."""
        node = self._landscape.graph.dataset_of(name_id(dataset.namespace, dataset.name))
        view = self._rolled.view
        return sorted(-near.id for near in view.up(view.node(node)) if near.id < 0)

    def is_targeted(self, pipeline_id: int) -> bool:
        """Whether a dependency starts it."""
        return pipeline_id in self._targeted

    def upstream(self, pipeline_id: int) -> Upstream | None:
        """What starts it: dependencies across systems where there are some, else what it waits for or reads."""
        ways = [self._of_group(spec.upstream) for spec in self._targeted.get(pipeline_id, ())]
        known = [way for way in ways if way is not None]
        if known:
            return known[0] if len(known) == 1 else Upstream(Mode.ANY, tuple(known))
        before = self._before(pipeline_id)
        return Upstream(Mode.ALL, tuple(before)) if before else None

    def closure(self, pipeline_ids: Iterable[int]) -> set[int]:
        """Some pipelines and all that comes before them."""
        found = set(pipeline_ids)
        border = list(found)
        while border:
            fresh = {one for pipeline in border for one in members(self.upstream(pipeline))} - found
            found |= fresh
            border = list(fresh)
        return found

    def _before(self, pipeline_id: int) -> list[int]:
        view = self._rolled.view
        found: set[int] = set()
        for near in view.up(view.node(-pipeline_id)):
            found.update([-near.id] if near.id < 0 else (-one.id for one in view.up(near) if one.id < 0))
        return sorted(found - {pipeline_id})

    def _of_group(self, group: Group) -> Upstream | None:
        items: list[int | Upstream] = []
        for item in group.items:
            one = self._of_group(item) if isinstance(item, Group) else self._of_condition(item)
            if one is not None:
                items.append(one)
        return Upstream(group.mode, tuple(items)) if items else None

    def _of_condition(self, condition: Condition) -> int | Upstream | None:
        if condition.pipeline is not None:
            return self._ids.get(condition.pipeline)
        if condition.dataset is not None:
            writers = self.writers(condition.dataset)
            return Upstream(Mode.ANY, tuple(writers)) if writers else None
        return None  # a window: when it opens is a matter of minutes, and of its own


def members(upstream: Upstream | None) -> Sequence[int]:
    """All pipelines in it."""
    if upstream is None:
        return ()
    return [one for item in upstream.items for one in (members(item) if isinstance(item, Upstream) else (item,))]
