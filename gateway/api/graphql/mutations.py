"""What can be done."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, cast

import strawberry

from adapters.sdk.errors import Rejected
from gateway.api.graphql import ids
from gateway.api.graphql.context import Context, Info
from gateway.api.graphql.dependency_mutations import DependencyMutations
from gateway.api.graphql.enums import Role
from gateway.api.graphql.errors import ApiError, BadInput, Code
from gateway.api.graphql.incident_mutations import IncidentMutations
from gateway.api.graphql.inputs import TriggerPipelineInput, optional_text
from gateway.api.graphql.orchestrator_mutations import OrchestratorMutations
from gateway.api.graphql.pipelines import Pipeline
from gateway.api.graphql.runs import Run
from gateway.api.graphql.sla_mutations import SlaMutations

IdArgument = Annotated[strawberry.ID, strawberry.argument(name="id")]
InputArgument = Annotated[TriggerPipelineInput, strawberry.argument(name="input")]


@strawberry.type
class Mutation(DependencyMutations, SlaMutations, IncidentMutations, OrchestratorMutations):
    """What can be done."""

    @strawberry.mutation(description="Start a run; repeated with the same idempotencyKey it starts no second one")
    async def trigger_pipeline(self, info: Info, wanted: InputArgument) -> Run:
        """Needs the role operator."""
        context = info.context
        principal = context.require(Role.OPERATOR)
        pipeline_id = ids.parse_as(ids.Kind.PIPELINE, wanted.pipeline, "input.pipeline")
        with _acting(context):
            run = await context.services.executor.trigger(
                pipeline_id,
                idempotency_key=optional_text("input.idempotencyKey", wanted.idempotency_key, context.limits),
                parameters=_parameters(wanted.parameters),
                logical_at=wanted.logical_at,
                partition=optional_text("input.partition", wanted.partition, context.limits),
                requested_by=principal.name,
            )
        return Run.of(run)

    @strawberry.mutation(description="Ask the orchestrator to end a run")
    async def cancel_run(self, info: Info, identity: IdArgument) -> Run:
        """Needs the role operator."""
        info.context.require(Role.OPERATOR)
        run_id = ids.parse_as(ids.Kind.RUN, identity)
        with _on_what_is(info.context):
            return Run.of(await info.context.services.executor.cancel(run_id))

    @strawberry.mutation(
        description="Run the failed part again: the same run reopened, or a new one whose parent is this one"
    )
    async def retry_run(self, info: Info, identity: IdArgument) -> Run:
        """Needs the role operator."""
        info.context.require(Role.OPERATOR)
        run_id = ids.parse_as(ids.Kind.RUN, identity)
        with _on_what_is(info.context):
            return Run.of(await info.context.services.executor.retry(run_id))

    @strawberry.mutation(description="Stop or resume the pipeline's own schedule")
    async def set_pipeline_paused(self, info: Info, identity: IdArgument, paused: bool) -> Pipeline:
        """Needs the role operator."""
        info.context.require(Role.OPERATOR)
        pipeline_id = ids.parse_as(ids.Kind.PIPELINE, identity)
        with _on_what_is(info.context):
            return Pipeline.of(await info.context.services.executor.set_paused(pipeline_id, paused=paused))


@contextmanager
def _acting(context: Context) -> Generator[None]:
    """Afterwards nothing that was loaded before counts any more."""
    try:
        yield
    finally:
        context.forget()


@contextmanager
def _on_what_is(context: Context) -> Generator[None]:
    """An action on something that exists: a refusal means that its state does not allow it."""
    with _acting(context):
        try:
            yield
        except Rejected as error:
            raise ApiError(Code.CONFLICT, error.message, remedy=error.remedy) from None


def _parameters(value: object) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadInput("input.parameters", "is not an object.", 'Send an object, e.g. {"day": "2026-05-01"}.')
    return cast("dict[str, Any]", value)
