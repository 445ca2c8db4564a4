"""A job's graph, flattened: graphs within graphs dissolve into the ops they are made of."""

from collections.abc import Iterable, Mapping, Sequence

from adapters.dagster.keys import JobAddress
from adapters.dagster.mapping.links import Links
from adapters.dagster.payloads import AssetGroup, Pipeline, Solid, SolidHandle
from adapters.dagster.shapes import known_shape
from gateway.domain.observation import ObservedTask, PipelineStructure


class _Graph:
    """Finds the ops behind the inputs and outputs of graphs."""

    def __init__(self, handles: Iterable[SolidHandle]) -> None:
        self.solids: dict[str, Solid] = {handle["handleID"]: handle["solid"] for handle in handles}
        self.parents: dict[str, str | None] = {
            handle["handleID"]: parent["handleID"] if (parent := handle["parent"]) else None for handle in handles
        }

    def is_op(self, handle: str) -> bool:
        """Whether the handle is an op and not a graph of its own."""
        return "inputMappings" not in self.solids[handle]["definition"]

    def sources(self, handle: str, name: str) -> Iterable[str]:
        """The ops that feed an input: siblings, or what feeds the surrounding graph's input that is mapped to it."""
        solid, parent = self.solids[handle], self.parents[handle]
        for given in solid["inputs"]:
            if given["definition"]["name"] == name:
                for slot in given["dependsOn"]:
                    yield from self._producers(_within(parent, slot["solid"]["name"]), slot["definition"]["name"])
        if parent is None:
            return
        for mapping in self.solids[parent]["definition"].get("inputMappings", ()):
            slot = mapping["mappedInput"]
            if slot["solid"]["name"] == solid["name"] and slot["definition"]["name"] == name:
                yield from self.sources(parent, mapping["definition"]["name"])

    def _producers(self, handle: str, output: str) -> Iterable[str]:
        """The ops behind an output: the solid itself, or the one that a graph takes this output from."""
        if handle not in self.solids:
            return
        if self.is_op(handle):
            yield handle
            return
        for mapping in self.solids[handle]["definition"].get("outputMappings", ()):
            if mapping["definition"]["name"] == output:
                slot = mapping["mappedOutput"]
                yield from self._producers(_within(handle, slot["solid"]["name"]), slot["definition"]["name"])


@known_shape("A job")
def structure(raw: Pipeline, groups: Sequence[AssetGroup], address: JobAddress, links: Links) -> PipelineStructure:
    """The ops and who waits for whom; an op in a graph has the graph as its group, an asset its asset group. Drift."""
    graph = _Graph(raw["solidHandles"])
    asset_groups = _groups_by_op(groups)
    ops = [handle for handle in graph.solids if graph.is_op(handle)]
    tasks = [
        ObservedTask(
            key=handle,
            name=graph.solids[handle]["name"],
            type="asset" if handle in asset_groups else "op",
            group=asset_groups.get(handle) or graph.parents[handle],
            url=links.op(address, handle),
        )
        for handle in ops
    ]
    edges = frozenset(
        (source, handle)
        for handle in ops
        for given in graph.solids[handle]["inputs"]
        for source in graph.sources(handle, given["definition"]["name"])
    )
    return PipelineStructure(tasks=tasks, edges=edges)


def _groups_by_op(groups: Sequence[AssetGroup]) -> Mapping[str, str | None]:
    return {op: asset["groupName"] for asset in groups for op in asset["opNames"]}


def _within(parent: str | None, name: str) -> str:
    return f"{parent}.{name}" if parent else name
