"""Which columns a column was made from, and how."""

from datetime import datetime
from typing import cast

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Info
from gateway.api.graphql.datasets import Dataset
from gateway.api.graphql.enums import Direction
from gateway.api.graphql.errors import ApiError, BadInput, Code
from gateway.api.graphql.inputs import optional_text
from gateway.api.graphql.lineage import check_most
from gateway.api.graphql.starts import DatasetNameInput, named_dataset
from lineage.columns import ColumnKey, FoundColumns, fields_with_lineage, walk_columns


@strawberry.type(description="How a column was made from another, in OpenLineage's words")
class Transformation:
    """One step of making a column."""

    type: str
    subtype: str | None
    description: str | None
    masking: bool


@strawberry.type(description="From a source column to one made from it (ids of column nodes)")
class ColumnEdge:
    """Two columns and how one became the other."""

    source: strawberry.ID
    target: strawberry.ID
    transformations: list[Transformation]


@strawberry.type(description="One column of a dataset")
class ColumnNode:
    """One column of a dataset."""

    id: strawberry.ID
    field: str
    dataset_id: strawberry.Private[int]

    @strawberry.field
    async def dataset(self, info: Info) -> Dataset:
        """Where it is."""
        found = await info.context.loaders.lineage.datasets.load(self.dataset_id)
        if found is None:
            raise ApiError(Code.NOT_FOUND, "The dataset of this column is not known any more.")
        return Dataset.of(found)


@strawberry.type(description="A part of the graph of columns")
class ColumnLineage:
    """A part of the graph of columns, nearest first."""

    nodes: list[ColumnNode]
    edges: list[ColumnEdge]
    truncated: bool = strawberry.field(description="True where maxNodes cut the answer; never cut silently")

    @classmethod
    def of(cls, found: FoundColumns) -> "ColumnLineage":
        """As it was found."""
        return cls(
            nodes=[ColumnNode(id=_id(key), field=key[1], dataset_id=key[0]) for key in found.nodes],
            edges=[
                ColumnEdge(source=_id(source), target=_id(target), transformations=_steps(steps))
                for (source, target), steps in found.edges.items()
            ],
            truncated=found.is_truncated,
        )


async def column_lineage(
    info: Info,
    dataset: DatasetNameInput,
    field: str | None,
    direction: Direction,
    depth: int | None,
    as_of: datetime | None,
    most: int,
) -> ColumnLineage:
    """From one column, or from every column of a dataset."""
    if depth is not None and depth < 0:
        raise BadInput("depth", f"{depth} is negative.", "Leave it out to go on to the end, or send 0 or more.")
    check_most(most)
    graph = await info.context.services.lineage.graph(as_of)
    identity = named_dataset(info, graph, dataset, "dataset")
    name = optional_text("field", field, info.context.limits)
    async with info.context.services.database.read() as session:
        fields = await fields_with_lineage(session, graph, identity)
        if name is not None and name not in fields:
            known = await info.context.loaders.lineage.datasets.load(identity)
            if known is None or name not in {one.name for one in known.fields}:
                remedy = f"Its columns with lineage are {', '.join(fields[:20]) or 'none'}."
                raise ApiError(Code.NOT_FOUND, f"field: {dataset.name} has no column {name}.", remedy=remedy)
        starts = [(identity, one) for one in ([name] if name is not None else fields)]
        return ColumnLineage.of(await walk_columns(session, graph, starts, direction, depth, most))


def _id(key: ColumnKey) -> strawberry.ID:
    return strawberry.ID(ids.column_id(*key))


def _steps(given: set[tuple[object, ...]]) -> list[Transformation]:
    return [
        Transformation(type=kind, subtype=subtype or None, description=description or None, masking=is_masking)
        for kind, subtype, description, is_masking in cast("list[tuple[str, str, str, bool]]", sorted(given, key=str))
    ]
