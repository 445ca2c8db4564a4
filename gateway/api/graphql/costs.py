"""What a query costs: about one point for each object it may return, more for what is expensive to make.

A list counts as often as ``first`` says, others as often as is usual. Plain values are free.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

from gateway.api.limits import Limits

#: Lists without ``first``: how long they usually are.
USUAL_LENGTHS = {
    "orchestrators": 5,
    "tasks": 10,
    "taskEdges": 10,
    "taskRuns": 10,
    "history": 5,
    "merges": 3,
    "dependents": 2,
    "upstream": 3,
    "satisfied": 3,
    "steps": 6,
    "signals": 10,
    "actions": 2,
    "notifications": 5,
    "timeline": 20,
    "silences": 10,
    "bars": 20,
    "groups": 5,
    "links": 100,
    "kpiSeries": 30,
    "slas": 2,
}
#: Lists whose length ``first`` says, by their default; None: the default page.
PAGED: dict[str, int | None] = {
    **dict.fromkeys(
        ("pipelines", "runs", "mergedDatasets", "dependencies", "firings", "incidents", "kpis", "timeline")
    ),
    "search": 20,
    "find": 5,
}
#: Lists themselves, without edges; what is below them counts so often.
PLAIN = {"search", "find"}
#: As those, where ``edges`` are asked for: on other types a plain list has the same name.
PAGED_WITH_EDGES = frozenset({"slas", "evaluations"})
#: Graphs, whose nodes and edges are about as many as ``maxNodes`` says, by its default.
BOUNDED = {"lineage": 1000, "columnLineage": 1000}
#: More than reading a row: counting and aggregating over a history, asking an orchestrator.
EXTRA = {"totalCount": 10, "stats": 10, "kpis": 10, "timeline": 50, "log": 200, "pipelines": 5, "runs": 5}
#: Whatever a query says, figures end here.
MOST = 10**12


@dataclass(frozen=True, slots=True)
class Weight:
    """Levels of nested fields, and points."""

    depth: int
    complexity: int

    def beside(self, other: "Weight") -> "Weight":
        """Both on one level."""
        return Weight(max(self.depth, other.depth), min(self.complexity + other.complexity, MOST))


NOTHING = Weight(0, 0)


def weigh(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, object], limits: Limits
) -> Weight:
    """The weight of a valid operation."""
    return _Scales(document, operation, variables, limits).selection(operation.selection_set, 1)


class _Scales:
    def __init__(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, object],
        limits: Limits,
    ) -> None:
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._defaults = {
            definition.variable.name.value: definition.default_value
            for definition in operation.variable_definitions or ()
        }
        self._variables = variables
        self._limits = limits
        self._weighed: dict[tuple[str, int], Weight] = {}

    def selection(self, selected: SelectionSetNode | None, length: int) -> Weight:
        """What stands in braces; ``length`` is that of the list whose ``edges`` may be inside."""
        weight = NOTHING
        for node in selected.selections if selected else ():
            if isinstance(node, FieldNode):
                weight = weight.beside(self._field(node, length))
            elif isinstance(node, InlineFragmentNode):
                weight = weight.beside(self.selection(node.selection_set, length))
            elif isinstance(node, FragmentSpreadNode):
                weight = weight.beside(self._fragment(node.name.value, length))
        return weight

    def _fragment(self, name: str, length: int) -> Weight:
        # Weighed once: fragments that spread fragments would else be walked exponentially often.
        if (name, length) not in self._weighed:
            self._weighed[name, length] = self.selection(self._fragments[name].selection_set, length)
        return self._weighed[name, length]

    def _field(self, node: FieldNode, length: int) -> Weight:
        name = node.name.value
        if name.startswith("__"):  # about the schema, which is always the same; its depth has a limit of its own
            return NOTHING
        extra = EXTRA.get(name, 0)
        if node.selection_set is None:
            return Weight(1, extra)
        own_length = self._length(node)
        inside = self.selection(node.selection_set, own_length)
        is_connection = (self._is_paged(node) and name not in PLAIN) or name in BOUNDED
        times = length if _is_filling(node) else 1 if is_connection else own_length
        return Weight(inside.depth + 1, min(extra + times * (1 + inside.complexity), MOST))

    def _length(self, node: FieldNode) -> int:
        name = node.name.value
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        if name in BOUNDED:
            value = self._value(given.get("maxNodes"))
            return max(value, 0) if isinstance(value, int) else BOUNDED[name]
        if self._is_paged(node):
            value = self._value(given.get("first"))
            default = PAGED.get(name) or self._limits.default_page_size
            return max(value, 0) if isinstance(value, int) else default
        if name == "nodes":
            value = self._value(given.get("ids"))
            return max(len(cast("list[object]", value)), 1) if isinstance(value, list) else 1
        return USUAL_LENGTHS.get(name, 1)

    def _is_paged(self, node: FieldNode) -> bool:
        name = node.name.value
        return name in PAGED or (name in PAGED_WITH_EDGES and self._has_edges(node.selection_set))

    def _has_edges(self, selected: SelectionSetNode | None) -> bool:
        """Whether braces hold ``edges``, also by fragments; no element of a plain list has such a field."""
        border, seen = [selected], set[str]()
        while border:
            inside = border.pop()
            for one in inside.selections if inside else ():
                if isinstance(one, FieldNode) and one.name.value == "edges":
                    return True
                if isinstance(one, InlineFragmentNode):
                    border.append(one.selection_set)
                if isinstance(one, FragmentSpreadNode) and one.name.value not in seen:
                    seen.add(one.name.value)  # looked into once: they may spread each other exponentially often
                    border.append(self._fragments[one.name.value].selection_set)
        return False

    def _value(self, node: ValueNode | None) -> object:
        if isinstance(node, VariableNode):
            name = node.name.value
            if name in self._variables:
                return self._variables[name]
            node = self._defaults.get(name)
        if isinstance(node, IntValueNode):
            return int(node.value)
        if isinstance(node, ListValueNode):
            return list(node.values)
        return None


def _is_filling(node: FieldNode) -> bool:
    """Whether a field holds what its parent says the number of."""
    is_asked_by_id = any(argument.name.value == "ids" for argument in node.arguments or ())
    return node.name.value == "edges" or (node.name.value == "nodes" and not is_asked_by_id)
