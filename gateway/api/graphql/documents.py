"""Reads, validates and weighs queries before they run; what has been read once is remembered."""

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)
from graphql.language import Node, Visitor, visit
from strawberry.extensions import SchemaExtension

from gateway.api.graphql.context import Context
from gateway.api.graphql.costs import weigh
from gateway.api.graphql.errors import ApiError, BadInput, Code, translated
from gateway.api.limits import Limits

#: Queries remembered; programs and the UI send the same few again and again. A long one takes megabytes once it is
#: read, and is nobody's daily bread.
REMEMBERED = 100
LONGEST_REMEMBERED = 8_000


@dataclass(frozen=True, slots=True)
class _Prepared:
    document: DocumentNode
    errors: tuple[GraphQLError, ...]


class Documents(SchemaExtension):
    """Gives every operation its own context, and refuses queries that would cost too much."""

    def on_operation(self) -> Generator[None]:
        """Loaders must not outlive an operation."""
        context: Context = self.execution_context.context
        self.execution_context.context = context.for_operation()
        yield

    def on_parse(self) -> Generator[None]:
        """Take what is remembered; a query that cannot be read is left to strawberry, which reports it."""
        execution = self.execution_context
        limits: Limits = execution.context.limits
        execution.parse_options["max_tokens"] = limits.tokens
        try:
            prepared = _prepared(execution.context.schema, execution.query or "", limits)
        except (GraphQLError, RecursionError):
            prepared = None
        if prepared is not None:
            execution.graphql_document = prepared.document
            execution.pre_execution_errors = list(prepared.errors)
        yield

    def on_validate(self) -> Generator[None]:
        """Weigh what is valid."""
        execution = self.execution_context
        document = execution.graphql_document
        if not execution.pre_execution_errors and document is not None:
            operation = get_operation_ast(document, execution.operation_name)
            variables = execution.variables or {}
            # Its public twin has the first operation's name where none was given.
            chosen = execution._provided_operation_name  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            refused = _unclear(document, chosen) or _too_much(document, operation, variables, execution.context.limits)
            execution.pre_execution_errors = [refused] if refused else []
        yield


def _prepared(schema: GraphQLSchema, query: str, limits: Limits) -> _Prepared:
    return (_remembered if len(query) <= LONGEST_REMEMBERED else _prepare)(schema, query, limits)


def _prepare(schema: GraphQLSchema, query: str, limits: Limits) -> _Prepared:
    document = parse(query, max_tokens=limits.tokens)
    crowded = _crowded(document, limits)
    if crowded is not None:
        # Validation compares fields of one name in pairs, so it must not even begin.
        return _Prepared(document, (crowded,))
    try:
        return _Prepared(document, tuple(validate(schema, document, specified_rules)))
    except RecursionError as error:
        return _Prepared(document, (translated(error) or GraphQLError("too deep"),))


_remembered = lru_cache(maxsize=REMEMBERED)(_prepare)


class _Names(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: Counter[str] = Counter()
        self.aliases = 0

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.names[(node.alias or node.name).value] += 1
        self.aliases += node.alias is not None


def _crowded(document: Node, limits: Limits) -> ApiError | None:
    found = _Names()
    visit(document, found)
    if found.aliases > limits.aliases:
        return _too_complex("aliases", found.aliases, limits.aliases, "Send several requests.")
    name, times = max(found.names.items(), key=lambda item: item[1], default=("", 0))
    if times > limits.aliases:
        return _too_complex(f"fields named {name}", times, limits.aliases, "Ask for each field once.")
    return None


def _unclear(document: DocumentNode, chosen: str | None) -> ApiError | None:
    """Strawberry would run the first operation; the specification has the client choose."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if chosen is not None or len(operations) < 2:
        return None
    names = ", ".join(node.name.value for node in operations if node.name)
    return BadInput("operationName", f"is missing, and the query has several operations: {names}.", "Name one of them.")


def _too_much(
    document: DocumentNode, operation: OperationDefinitionNode | None, variables: dict[str, object], limits: Limits
) -> ApiError | None:
    if operation is None:
        return None
    weight = weigh(document, operation, variables, limits)
    if weight.depth > limits.depth:
        return _too_complex("levels of nesting", weight.depth, limits.depth, "Ask for what is nested by its id.")
    if weight.complexity > limits.complexity:
        remedy = "Ask for shorter pages (first:) or fewer nested lists."
        return _too_complex("points of complexity", weight.complexity, limits.complexity, remedy)
    return None


def _too_complex(what: str, figure: int, limit: int, remedy: str) -> ApiError:
    return ApiError(Code.QUERY_TOO_COMPLEX, f"The query has {figure} {what}; the limit is {limit}.", remedy=remedy)
