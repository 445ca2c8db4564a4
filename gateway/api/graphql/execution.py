"""Runs queries: graphql-core's executor with a short cut for plain values.

A page of a hundred runs has thousands of fields that are mere attributes. For each of them the executor would build a
path, an info object and arguments, and look for awaitables; here an attribute is read and turned into its output form
at once. Whatever is not that simple, an error included, takes the executor's own way.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLType,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types.base import StrawberryObjectDefinition

#: Where in a schema's extensions the plain fields are.
PLAIN_FIELDS = "podium.plain_fields"


@dataclass(frozen=True, slots=True)
class PlainField:
    """A field that is an attribute holding a scalar or enum."""

    attribute: str
    is_nullable: bool
    #: Turns the attribute's value into its output form.
    write: Callable[[Any], Any]


class Written(list[Any]):
    """A list whose items already have their output form, so that thousands of them are not looked at one by one."""


class Execution(StrawberryGraphQLCoreExecutionContext):
    """One operation being run."""

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """All fields of one object, in the order they were asked for."""
        plain: Mapping[str, PlainField] = self.schema.extensions[PLAIN_FIELDS].get(parent_type.name, {})
        results: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for response_name, details in grouped_field_set.items():
            field = plain.get(details[0].node.name.value)
            results[response_name] = None  # holds the place
            if field is None or not _write(field, source_value, results, response_name):
                others[response_name] = details
        if not others:
            return results
        rest: Any = super().execute_fields(parent_type, source_value, path, others, position_context)
        if isinstance(rest, Awaitable):
            return _joined(results, cast("Awaitable[dict[str, Any]]", rest))
        results.update(rest)
        return results


def plain_fields(
    schema: GraphQLSchema, definitions: Mapping[str, StrawberryObjectDefinition], name_of: Callable[[Any], str]
) -> dict[str, dict[str, PlainField]]:
    """The plain fields of each object type, by name."""
    found: dict[str, dict[str, PlainField]] = {}
    for type_name, definition in definitions.items():
        kind = schema.type_map.get(type_name)
        if not isinstance(kind, GraphQLObjectType):
            continue
        fields = {name_of(field): field for field in definition.fields if field.is_basic_field}
        found[type_name] = {
            name: PlainField(fields[name].python_name, not isinstance(field.type, GraphQLNonNull), write)
            for name, field in kind.fields.items()
            if name in fields and (write := _writer(field.type)) is not None
        }
    return found


def _writer(kind: GraphQLType) -> Callable[[Any], Any] | None:
    """How values of a type are written; None for types that are not plain."""
    if isinstance(kind, GraphQLNonNull):
        return _writer(cast("GraphQLType", kind.of_type))
    if isinstance(kind, GraphQLList):
        item = cast("GraphQLType", kind.of_type)
        write = _writer(item)
        return None if write is None else _list_writer(write, may_be_null=not isinstance(item, GraphQLNonNull))
    if isinstance(kind, GraphQLEnumType):
        names = {definition.value: name for name, definition in kind.values.items()}
        return lambda member: names[member.value]
    if isinstance(kind, GraphQLScalarType):
        return kind.coerce_output_value
    return None


def _list_writer(write: Callable[[Any], Any], *, may_be_null: bool) -> Callable[[Any], Any]:
    def write_all(values: Any) -> list[Any]:
        if type(values) is Written:
            return values
        return [None if value is None and may_be_null else write(value) for value in values]

    return write_all


def _write(field: PlainField, source: Any, results: dict[str, Any], name: str) -> bool:
    """Whether it was as simple as that."""
    value = getattr(source, field.attribute, None)
    if value is None:
        return field.is_nullable
    try:
        results[name] = field.write(value)
    except (GraphQLError, LookupError, TypeError, ValueError, AttributeError):
        return False
    return True


async def _joined(results: dict[str, Any], rest: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    results.update(await rest)
    return results
