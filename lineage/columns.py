"""Column lineage: which columns a column was made from, or went into, job by job."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.store.database import ReadSession
from gateway.store.repository import lineage_state
from lineage.graph import Graph
from lineage.openlineage.edges import Column, Edges
from lineage.walk import Direction

#: (dataset, field)
ColumnKey = tuple[int, str]
How = tuple[tuple[object, ...], ...]


@dataclass(slots=True)
class FoundColumns:
    """A part of the graph of columns, nearest first."""

    nodes: dict[ColumnKey, None] = field(default_factory=dict[ColumnKey, None])
    #: (source, target) -> how, without repetition
    edges: dict[tuple[ColumnKey, ColumnKey], set[tuple[object, ...]]] = field(
        default_factory=dict[tuple[ColumnKey, ColumnKey], set[tuple[object, ...]]]
    )
    is_truncated: bool = False


async def walk_columns(
    session: ReadSession, graph: Graph, starts: Iterable[ColumnKey], direction: Direction, depth: int | None, most: int
) -> FoundColumns:
    """What can be reached from some columns; each step crosses one job.

    Both ways is once up and once down: what only shares a source with a column is not of its lineage.
    """
    given = list(dict.fromkeys(starts))
    begin = given[:most]
    found = FoundColumns(dict.fromkeys(begin), is_truncated=len(given) > most)
    reader = _Reader(session, graph)
    for way in (Direction.UPSTREAM, Direction.DOWNSTREAM):
        if direction in {way, Direction.BOTH}:
            await _spread(reader, found, begin, way, depth, most)
    return found


async def fields_with_lineage(session: ReadSession, graph: Graph, dataset: int) -> list[str]:
    """Columns of a dataset that some job makes or uses."""
    reader = _Reader(session, graph)
    columns = await reader.columns_at({dataset}, Direction.UPSTREAM)
    columns += await reader.columns_at({dataset}, Direction.DOWNSTREAM)
    ends = [end for column in columns for end in reader.ends(column)]
    return sorted({name for owner, name in ends if owner == dataset})


class _Reader:
    """Reads the columns of jobs at datasets; sets of edges are read once."""

    def __init__(self, session: ReadSession, graph: Graph) -> None:
        self._session = session
        self._graph = graph
        self._read: dict[int, list[Column]] = {}

    def ends(self, column: Column) -> tuple[ColumnKey, ColumnKey]:
        """(source, target) of a column edge, by datasets."""
        output, name, source, source_name, _ = column
        return (self._graph.dataset_of(source), source_name), (self._graph.dataset_of(output), name)

    async def columns_at(self, datasets: set[int], way: Direction) -> list[Column]:
        """The column edges of every job that makes or uses some datasets."""
        near = self._graph.upstream if way is Direction.UPSTREAM else self._graph.downstream
        work = {self._graph.node(node).edges for dataset in datasets for node in near(dataset)}
        declared = {one.edges_id: one.sources for dataset in datasets for one in self._graph.declared_at(dataset)}
        known = {edges.edges_id for edges in work if edges is not None and edges.edges_id is not None}
        stored = await lineage_state.edges(self._session, (known | declared.keys()) - self._read.keys())
        self._read.update((key, list(Edges.load(body).columns)) for key, body in stored.items())
        made = [column for key in known for column in self._read.get(key, ())]
        for key, sources in declared.items():
            made += [one for one in self._read.get(key, ()) if one[2] in sources or one[2] == one[0]]
        return made


async def _spread(
    reader: _Reader, found: FoundColumns, begin: list[ColumnKey], way: Direction, depth: int | None, most: int
) -> None:
    border, reached, steps = set(begin), set(begin), 0
    while border and (depth is None or steps < depth):
        steps += 1
        following: dict[ColumnKey, None] = {}
        for column in await reader.columns_at({dataset for dataset, _ in border}, way):
            source, target = reader.ends(column)
            here, there = (target, source) if way is Direction.UPSTREAM else (source, target)
            if here not in border:
                continue
            if there not in found.nodes and len(found.nodes) >= most:
                found.is_truncated = True
                continue
            found.nodes[there] = None
            found.edges.setdefault((source, target), set()).update(column[4])
            following[there] = None
        border = set(following) - reached
        reached |= border
