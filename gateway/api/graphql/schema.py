"""The schema, put together."""

import sys

from graphql import GraphQLError, GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, Undefined, print_schema
from strawberry import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext
from strawberry.types.base import StrawberryObjectDefinition

from gateway.api.graphql import errors as api_errors
from gateway.api.graphql.documents import Documents
from gateway.api.graphql.execution import PLAIN_FIELDS, Execution, plain_fields
from gateway.api.graphql.mutations import Mutation
from gateway.api.graphql.orchestrators import Orchestrator
from gateway.api.graphql.queries import Query
from gateway.api.graphql.scalars import SCALARS
from gateway.api.graphql.subscriptions import Subscription


class PodiumSchema(Schema):
    """Strawberry's schema, whose errors all have a code."""

    @property
    def core(self) -> GraphQLSchema:
        """The schema as the GraphQL library knows it."""
        return self._schema

    @property
    def object_definitions(self) -> dict[str, StrawberryObjectDefinition]:
        """What strawberry knows of each type with fields."""
        return {
            name: known.definition
            for name, known in self.schema_converter.type_map.items()
            if isinstance(known.definition, StrawberryObjectDefinition)
        }

    def process_errors(
        self,
        errors: list[GraphQLError],
        execution_context: ExecutionContext | None = None,  # noqa: ARG002  # strawberry passes it
    ) -> None:
        """Gives every error its code; unexpected ones are logged and masked."""
        api_errors.present(errors)


def build_schema() -> PodiumSchema:
    """The one schema of this version."""
    schema = PodiumSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Orchestrator],
        extensions=[Documents],
        config=StrawberryConfig(scalar_map=SCALARS),
        execution_context_class=Execution,
    )
    _drop_null_defaults(schema.core)
    schema.core.extensions[PLAIN_FIELDS] = plain_fields(
        schema.core, schema.object_definitions, schema.config.name_converter.get_graphql_name
    )
    return schema


def print_sdl() -> str:
    """The schema as a document, as ``podium schema`` prints it and as it is committed."""
    return print_schema(build_schema().core) + "\n"


def _drop_null_defaults(schema: GraphQLSchema) -> None:
    """An optional argument needs no ``= null``: not given and null mean the same everywhere here."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType):
            holders = [argument for field in kind.fields.values() for argument in field.args.values()]
        elif isinstance(kind, GraphQLInputObjectType):
            holders = list(kind.fields.values())
        else:
            continue
        for holder in holders:
            if holder.default_value is None:
                holder.default_value = Undefined


if __name__ == "__main__":
    sys.stdout.write(print_sdl())
